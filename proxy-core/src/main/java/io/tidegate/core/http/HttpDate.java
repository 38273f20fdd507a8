package io.tidegate.core.http;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates as HTTP writes and reads them (RFC 9110 §5.6.7). */
public final class HttpDate {
  /** What {@link #parse(String, long)} gives for a value that is no date. */
  public static final long INVALID = Long.MIN_VALUE;

  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /*
   * A 0 stands for a digit, an underscore for a digit or a space, an x for a letter, a letter for
   * itself in either case, and anything else for itself.
   */
  private static final String IMF_SHAPE = "xxx, 00 xxx 0000 00:00:00 gmt";
  private static final String ASCTIME_SHAPE = "xxx xxx _0 00:00:00 0000";
  private static final String RFC_850_SHAPE = ", 00-xxx-00 00:00:00 gmt"; // behind the day's name

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  private static final List<String> LONG_DAYS =
      List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

  private HttpDate() {}

  /** {@code instant} as an IMF-fixdate. */
  public static String format(Instant instant) {
    return IMF_FIXDATE.format(instant);
  }

  /** As {@link #parse(String, long)}, but null if the value is no date. */
  public static @Nullable Instant parse(String value, Instant now) {
    long millis = parse(value, now.toEpochMilli());
    return millis == INVALID ? null : Instant.ofEpochMilli(millis);
  }

  /**
   * Parses an IMF-fixdate or one of the two obsolete forms. Names are read in any case, and nothing
   * else but what the grammar allows; that the day of the week fits the date is not checked.
   *
   * @param value the value of a field, without white space around it
   * @param now milliseconds since the epoch: a year of two digits is the one of that ending which
   *     comes no more than 50 years after it
   * @return milliseconds since the epoch, or {@link #INVALID}
   */
  public static long parse(String value, long now) {
    if (fits(IMF_SHAPE, value, 0)) {
      return DAYS.contains(word(value, 0, 3))
          ? millis(number(value, 12, 4), value, 8, 5, 17)
          : INVALID;
    }
    if (fits(ASCTIME_SHAPE, value, 0)) {
      return DAYS.contains(word(value, 0, 3))
          ? millis(number(value, 20, 4), value, 4, 8, 11)
          : INVALID;
    }
    int comma = value.indexOf(',');
    return fits(RFC_850_SHAPE, value, comma) && LONG_DAYS.contains(word(value, 0, comma))
        ? rfc850(value, comma, now)
        : INVALID;
  }

  private static long rfc850(String value, int comma, long now) {
    LocalDateTime latest =
        LocalDateTime.ofEpochSecond(Math.floorDiv(now, 1000L), 0, ZoneOffset.UTC).plusYears(50);
    int year =
        latest.getYear() - Math.floorMod(latest.getYear() - number(value, comma + 9, 2), 100);
    long millis = millis(year, value, comma + 5, comma + 2, comma + 12);
    return millis > millis(latest)
        ? millis(year - 100, value, comma + 5, comma + 2, comma + 12)
        : millis;
  }

  /** The date whose month, day and time of day start at these positions. */
  private static long millis(int year, String value, int monthAt, int dayAt, int timeAt) {
    int month = MONTHS.indexOf(word(value, monthAt, monthAt + 3)) + 1;
    int day = number(value, dayAt, 2);
    int hour = number(value, timeAt, 2);
    int minute = number(value, timeAt + 3, 2);
    int second = number(value, timeAt + 6, 2);
    boolean valid =
        month > 0
            && YearMonth.of(year, month).isValidDay(day)
            && hour < 24
            && minute < 60
            && second <= 60; // a leap second is the first of the next minute
    return valid
        ? millis(LocalDateTime.of(year, month, day, hour, minute).plusSeconds(second))
        : INVALID;
  }

  private static long millis(LocalDateTime time) {
    return time.toEpochSecond(ZoneOffset.UTC) * 1000;
  }

  /** Whether {@code value}, from {@code start} to its end, is of this shape. */
  private static boolean fits(String shape, String value, int start) {
    if (start < 0 || value.length() - start != shape.length()) {
      return false;
    }
    for (int i = 0; i < shape.length(); i++) {
      if (!fits(shape.charAt(i), value.charAt(start + i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(char shape, char c) {
    return switch (shape) {
      case '0' -> Ascii.isDigit(c);
      case '_' -> Ascii.isDigit(c) || c == ' ';
      case 'x' -> Ascii.isLetter(c);
      default -> Ascii.lower(c) == shape;
    };
  }

  private static String word(String value, int from, int to) {
    return value.substring(from, to).toLowerCase(Locale.ROOT);
  }

  /** The number of so many digits at {@code from}; a space counts as 0. */
  private static int number(String value, int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      number = number * 10 + (value.charAt(i) & 0xf);
    }
    return number;
  }
}
