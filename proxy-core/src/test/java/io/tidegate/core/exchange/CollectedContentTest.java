package io.tidegate.core.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spool.ContentReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CollectedContentTest {
  @Test
  void whatComesInPiecesIsReadFromAnywhereAsOftenAsItTakes() {
    CollectedContent content = new CollectedContent();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      ByteBuffer piece = octets(" piece " + i);
      content.add(piece);
      assertFalse(piece.hasRemaining());
      all.append(" piece ").append(i);
    }
    assertEquals(all.length(), content.length());
    assertEquals(all.toString(), text(content.octets()));
    for (int i = 0; i < 2; i++) {
      assertEquals(all.toString(), text(content.read()));
    }
  }

  @Test
  void whatComesLaterIsReadAsWell() {
    CollectedContent content = new CollectedContent();
    ContentReader reader = content.read();
    assertTrue(reader.isAtEnd());
    content.add(octets("later"));
    assertFalse(reader.isAtEnd());
    assertEquals(5, reader.left());
    assertEquals("later", text(reader));
    assertEquals(0, reader.left());
  }

  @Test
  void itIsCompleteWithItsTrailers() {
    CollectedContent content = new CollectedContent();
    assertFalse(content.isComplete());
    assertNull(content.trailers());
    content.end(Fields.of("ETag", "\"1\"", "Host", "a"));
    assertTrue(content.isComplete());
    Fields trailers = content.trailers();
    assertNotNull(trailers);
    assertEquals("\"1\"", trailers.first(FieldName.ETAG));
    assertEquals("a", trailers.first(FieldName.HOST));
  }

  @Test
  void noContentIsCompleteAndWithoutTrailers() {
    assertEquals(0, CollectedContent.empty().length());
    assertTrue(CollectedContent.empty().isComplete());
    assertEquals(Fields.empty(), CollectedContent.empty().trailers());
  }

  private static ByteBuffer octets(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(ContentReader reader) {
    StringBuilder all = new StringBuilder();
    while (!reader.isAtEnd()) {
      ByteBuffer part = reader.next(() -> {});
      assertNotNull(part);
      all.append(text(part));
    }
    return all.toString();
  }

  private static String text(ByteBuffer octets) {
    return StandardCharsets.ISO_8859_1.decode(octets).toString();
  }
}
