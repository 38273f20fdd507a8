package io.tidegate.core.json;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as text: a whole number with its unit, {@code 500ms}, or as in ISO 8601. */
final class Durations {
  static final String EXPECTED = "a duration like 500ms, 3s, 10m, 24h, 7d or PT1.5S";

  /** Durations for a schema: those in units, and those of {@link Duration#parse}. */
  static final String PATTERN =
      "^([0-9]{1,12}(ms|s|m|h|d)|P(?=.)([-+]?[0-9]+[Dd])?"
          + "([Tt](?=.)([-+]?[0-9]+[Hh])?([-+]?[0-9]+[Mm])?([-+]?[0-9]+([.,][0-9]{0,9})?[Ss])?)?)$";

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private Durations() {}

  /** The duration that {@code text} spells out, or null if it is none. */
  static @Nullable Duration parse(String text) {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      return iso(text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private static @Nullable Duration iso(String text) {
    try {
      return text.startsWith("P") ? Duration.parse(text) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The shortest spelling that {@link #parse} takes for {@code duration}. */
  static String text(Duration duration) {
    long seconds = duration.getSeconds();
    int nanos = duration.getNano();
    if (duration.isNegative() || nanos % 1_000_000 != 0 || seconds >= 100_000_000) {
      return duration.toString();
    }
    if (nanos != 0) {
      return duration.toMillis() + "ms";
    }
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds / 3600 + "h";
  }
}
