package io.tidegate.core.coding;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Which responses are compressed, and how.
 *
 * @param types media types: {@code application/json}, {@code text/*} or {@code +json}; {@code
 *     text/event-stream} only if it is named
 * @param minBytes responses known to be shorter are left alone
 * @param codings the codings on offer; of those that a client likes equally, the first one
 * @param gzipLevel how hard gzip tries, from 1 to 9
 * @param zstdLevel how hard zstd tries, from 1 to 9
 */
public record CompressionSettings(
    List<String> types, long minBytes, List<ContentCoding> codings, int gzipLevel, int zstdLevel) {
  /** What an uncalled builder method means. */
  public static final CompressionSettings DEFAULT =
      new CompressionSettings(
          List.of(
              "text/*",
              "+json",
              "+xml",
              "+yaml",
              "application/javascript",
              "application/json",
              "application/json-seq",
              "application/wasm",
              "application/x-javascript",
              "application/x-ndjson",
              "application/xml",
              "application/yaml",
              "font/otf",
              "font/ttf",
              "image/bmp",
              "image/vnd.microsoft.icon",
              "image/x-icon"),
          1024,
          List.of(ContentCoding.GZIP),
          4,
          3);

  /**
   * Rejects what cannot work.
   *
   * @throws IllegalArgumentException with a line for each problem, like {@code minBytes: -1
   *     (expected: >= 0)}
   */
  public CompressionSettings {
    types = List.copyOf(types);
    codings = List.copyOf(codings);
    List<String> problems = new ArrayList<>();
    if (types.isEmpty()) {
      problems.add("types: none (expected: at least one)");
    }
    for (String type : types) {
      if (!MediaTypes.isMember(type)) {
        problems.add("types: " + type + " (expected: " + MediaTypes.EXPECTED + ")");
      }
    }
    if (minBytes < 0) {
      problems.add("minBytes: " + minBytes + " (expected: >= 0)");
    }
    if (codings.isEmpty() || EnumSet.copyOf(codings).size() < codings.size()) {
      problems.add("codings: " + codings + " (expected: at least one, each of them once)");
    }
    for (ContentCoding coding : codings) {
      if (!coding.isAvailable()) {
        problems.add("codings: " + coding + " (expected: one whose library is there)");
      }
    }
    level("gzipLevel", gzipLevel, ContentCoding.GZIP, problems);
    level("zstdLevel", zstdLevel, ContentCoding.ZSTD, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
    }
  }

  private static void level(String name, int level, ContentCoding coding, List<String> problems) {
    if (level < coding.leastLevel() || level > coding.mostLevel()) {
      String expected = coding.leastLevel() + " to " + coding.mostLevel();
      problems.add(name + ": " + level + " (expected: " + expected + ")");
    }
  }

  /** How hard a coding tries. */
  int level(ContentCoding coding) {
    return switch (coding) {
      case GZIP -> gzipLevel;
      case ZSTD -> zstdLevel;
    };
  }
}
