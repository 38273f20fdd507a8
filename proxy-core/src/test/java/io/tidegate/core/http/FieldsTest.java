package io.tidegate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldsTest {
  private static final FieldName A = FieldName.of("a");
  private static final FieldName B = FieldName.of("B");

  private final Fields fields = Fields.of("A", "1", "b", "2", "a", "", "C", "caf\u00e9");

  @Test
  void linesKeepOrderAndSpelling() {
    assertEquals(4, fields.size());
    assertEquals("A: 1, b: 2, a: , C: caf\u00e9", text(fields));
  }

  @Test
  void namesAreFoundInAnyCase() {
    assertTrue(fields.contains(A));
    assertTrue(fields.contains(B));
    assertFalse(fields.contains(FieldName.of("ab")));
    assertEquals(0, fields.indexOf(A, 0));
    assertEquals(2, fields.indexOf(A, 1));
    assertEquals(-1, fields.indexOf(A, 3));
    assertEquals(1, fields.indexOf(B, 0));
    assertTrue(fields.is(2, A));
    assertFalse(fields.is(1, A));
  }

  @Test
  void allLinesWithANameCount() {
    assertEquals("1", fields.first(A));
    assertEquals(List.of("1", ""), fields.all(A));
    assertEquals(2, fields.count(A));
    assertNull(fields.first(FieldName.HOST));
    assertEquals(List.of(), fields.all(FieldName.HOST));
    assertEquals(0, fields.count(FieldName.HOST));
  }

  @Test
  void namesWithTheSameHashAreTold() {
    Fields collide = Fields.of("^", "caret", "~", "tilde");
    assertEquals("tilde", collide.first(FieldName.of("~")));
    assertEquals(1, collide.count(FieldName.of("^")));
  }

  @Test
  void valuesCompareInAnyCaseOfAsciiLettersOnly() {
    Fields some = Fields.of("A", "ChunKed", "A", "\u00c9[");
    assertTrue(some.valueIs(0, "chunked"));
    assertTrue(some.valueIs(0, "CHUNKED"));
    assertFalse(some.valueIs(0, "chunke"));
    assertFalse(some.valueIs(0, "chunkedd"));
    assertFalse(some.valueIs(1, "\u00e9["));
    assertFalse(some.valueIs(1, "\u00c9{"));
    assertTrue(some.valueIs(1, "\u00c9["));
  }

  static Stream<Arguments> lists() {
    return Stream.of(
        row(List.of("a"), "a"),
        row(List.of("a", "b"), "a, b"),
        row(List.of("a", "b"), "a,b"),
        row(List.of("a", "b"), " \ta\t ,\t b "),
        row(List.of("a", "b", "c"), "a, b", "c"),
        row(List.of("a", "b"), ",a,, ,b,"),
        row(List.of(), ""),
        row(List.of(), " , ,"),
        row(List.of("a b"), "a b"),
        row(List.of("x=\"a, b\"", "c"), "x=\"a, b\", c"),
        row(List.of("\"a\\\", b\"", "c"), "\"a\\\", b\", c"),
        row(List.of("\"\"", "c"), "\"\",c"),
        row(List.of("\"a\\\\\"", "b"), "\"a\\\\\",b"),
        row(List.of("a\\", "b"), "a\\,b"),
        row(List.of("\"a, b"), "\"a, b"),
        row(List.of("\"a, b\\"), "\"a, b\\"),
        row(List.of("\"a", "b\""), "\"a", "b\""));
  }

  private static Arguments row(List<String> members, String... values) {
    return Arguments.of(List.of(values), members);
  }

  @ParameterizedTest(name = "{0} has the members {1}")
  @MethodSource("lists")
  void membersOfListsStandBetweenCommasOutsideQuotes(List<String> values, List<String> members) {
    Fields lines =
        Fields.of(
            values.stream().flatMap(value -> Stream.of("List", value)).toArray(String[]::new));
    assertEquals(members, lines.members(FieldName.of("list")));
  }

  @Test
  void aTokenIsAMemberInAnyCaseOnAnyLine() {
    Fields lines = Fields.of("Connection", "keep-alive, X-A", "connection", "Upgrade");
    assertTrue(lines.hasMember(FieldName.CONNECTION, "x-a"));
    assertTrue(lines.hasMember(FieldName.CONNECTION, "upgrade"));
    assertTrue(lines.hasMember(FieldName.CONNECTION, "Keep-Alive"));
    assertFalse(lines.hasMember(FieldName.CONNECTION, "keep"));
    assertFalse(lines.hasMember(FieldName.TE, "keep-alive"));
    assertTrue(Fields.of("Connection", "CLOSE").hasMember(FieldName.CONNECTION, "close"));
  }

  @Test
  void aLineIsCopiedWithOneSpaceAndCrlf() {
    byte[] target = new byte[20];
    int end = fields.copyLine(3, target, 5);
    assertEquals("C: caf\u00e9\r\n", new String(target, 5, end - 5, ISO_8859_1));
    assertEquals(end - 5, fields.lineLength(3));
    assertEquals(5, fields.lineLength(2));
  }

  @Test
  void rowsLieOverTheOctetsReceivedAndStartAnewAfterwards() {
    byte[] head = "A:1\r\nBc: \t2 \r\n".getBytes(ISO_8859_1);
    Fields.Rows rows = new Fields.Rows();
    rows.add(0, 1, 2, 3, FieldName.hash(head, 0, 1));
    rows.add(5, 7, 10, 11, FieldName.hash(head, 5, 7));
    assertEquals(2, rows.size());
    Fields received = rows.over(head);
    assertEquals("A: 1, Bc: 2", text(received));
    assertEquals("2", received.first(FieldName.of("BC")));
    assertEquals(0, rows.size());
    rows.add(0, 1, 2, 3, FieldName.hash(head, 0, 1));
    rows.clear();
    assertEquals(0, rows.over(head).size());
    assertEquals(2, received.size());
  }

  @Test
  void aHundredLinesAreNoProblem() {
    String[] lines = new String[200];
    Arrays.fill(lines, "x");
    assertEquals(100, Fields.of(lines).count(FieldName.of("X")));
  }

  @Test
  void onlyTokensAreNamesAndNoValueHoldsAControlCharacter() {
    assertThrows(IllegalArgumentException.class, () -> Fields.of("a b", "1"));
    assertThrows(IllegalArgumentException.class, () -> Fields.of("a", "1\r\nb: 2"));
    assertThrows(IllegalArgumentException.class, () -> Fields.of("a", "\u0130"));
  }

  @Test
  void theTextOfFieldsShowsNoValues() {
    assertEquals("[A, b, a, C]", fields.toString());
    assertEquals("[]", Fields.empty().toString());
  }

  static String text(Fields fields) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(fields.name(i)).append(": ").append(fields.value(i));
    }
    return text.toString();
  }
}
