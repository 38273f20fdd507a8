package io.tidegate.core.json;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers of octets as text, with a unit: {@code 256MiB}, {@code 10GB}. */
final class Sizes {
  /** Sizes for a schema. */
  static final String PATTERN = "^[0-9]{1,18} ?([KMGT]i?B|kB|B)$";

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18}) ?([KMGT]i?B|kB|B)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "KB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "TB", 1_000_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30,
          "TiB", 1L << 40);

  private Sizes() {}

  /** The number that {@code text} spells out, or null if it is none, or one beyond a long. */
  static @Nullable Long parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long number = Long.parseLong(matcher.group(1));
    long unit = UNITS.getOrDefault(matcher.group(2), 1L);
    return number > Long.MAX_VALUE / unit ? null : number * unit;
  }
}
