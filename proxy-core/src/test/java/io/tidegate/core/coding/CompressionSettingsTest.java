package io.tidegate.core.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What compression can be told. */
class CompressionSettingsTest {
  private static final List<ContentCoding> GZIP = List.of(ContentCoding.GZIP);

  @Test
  void everyWrongValueIsReported() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new CompressionSettings(List.of("text", "text/*"), -1, List.of(), 10, 0));
    assertEquals(
        List.of(
            "types: text (expected: a media type like text/html, text/* or +json)",
            "minBytes: -1 (expected: >= 0)",
            "codings: [] (expected: at least one, each of them once)",
            "gzipLevel: 10 (expected: 1 to 9)",
            "zstdLevel: 0 (expected: 1 to 9)"),
        String.valueOf(e.getMessage()).lines().toList());
  }

  @Test
  void noTypesAtAllIsAMistake() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new CompressionSettings(List.of(), 0, GZIP, 1, 1));
    assertEquals("types: none (expected: at least one)", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "text/", "/html", "+", "text/html; charset=utf-8", "a b/c", "*"})
  void whatIsNoMediaTypeIsRejected(String type) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new CompressionSettings(List.of(type), 0, GZIP, 1, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9})
  void theLimitsOfTheLevelAreIncluded(int level) {
    assertEquals(level, new CompressionSettings(List.of("a/b"), 0, GZIP, level, level).gzipLevel());
  }
}
