package io.tidegate.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadWriterTest {
  private final HeadWriter writer = new HeadWriter();

  private String written() {
    ByteBuffer copy = ByteBuffer.allocate(writer.length());
    writer.copyTo(copy);
    String text = new String(copy.array(), StandardCharsets.ISO_8859_1);
    assertEquals(copy.flip(), writer.view());
    return text;
  }

  @Test
  void aRequestHead() {
    writer.requestLine("GET", "/a?b").field("Host", "x").field("Content-Length", 1_234_567L).end();
    assertEquals("GET /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 1234567\r\n\r\n", written());
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"200, OK", "200, Fine", "100, Continue", "999, ''", "404, Not Found"})
  void aStatusLine(int status, String reason) {
    writer.statusLine(status, reason);
    assertEquals("HTTP/1.1 " + status + " " + reason + "\r\n", written());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "99, 99",
    "100, 100",
    "999, 999",
    "1000, 1000",
    "9223372036854775807, 9223372036854775807"
  })
  void numbers(long number, String text) {
    writer.field("N", number);
    assertEquals("N: " + text + "\r\n", written());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "15, f", "16, 10", "2147483647, 7fffffff"})
  void chunkSizesAreHexadecimal(int size, String text) {
    writer.chunkSize(size);
    assertEquals(text + "\r\n", written());
  }

  @Test
  void whatRemainsOfReceivedFieldsComesFirst() {
    FieldEdits edits = new FieldEdits(Fields.of("a", "1", "B", "\u00e9", "C", ""));
    edits.remove(FieldName.of("A")).add(FieldName.of("D"), "4");
    writer.fields(edits);
    assertEquals("B: \u00e9\r\nC: \r\nD: 4\r\n", written());
  }

  @Test
  void itGrowsAsNeededAndStartsAnew() {
    String value = "v".repeat(10_000);
    writer.field("A", value).field("B", value);
    assertEquals("A: " + value + "\r\nB: " + value + "\r\n", written());
    writer.clear().text("x");
    assertEquals("x", written());
  }
}
