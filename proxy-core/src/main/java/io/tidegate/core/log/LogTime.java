package io.tidegate.core.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A time in the forms that logs have, each a value that is always there; what is the same all
 * second is made once.
 */
final class LogTime {
  private static final DateTimeFormatter DATE_AND_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("XXX", Locale.ROOT);
  private static final DateTimeFormatter CLF =
      DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.ENGLISH);

  private final ZoneId zone;
  private long now;
  private long second = Long.MIN_VALUE;
  private byte[] dateAndTime = {};
  private byte[] offset = {};
  private byte[] clf = {};

  LogTime(ZoneId zone) {
    this.zone = zone;
  }

  /** Is now this one, in milliseconds since 1970. */
  void set(long millis) {
    now = millis;
    long of = Math.floorDiv(millis, 1000L);
    if (of != second) {
      second = of;
      ZonedDateTime then = Instant.ofEpochSecond(of).atZone(zone);
      dateAndTime = octets(DATE_AND_TIME, then);
      offset = octets(OFFSET, then);
      clf = octets(CLF, then);
    }
  }

  private static byte[] octets(DateTimeFormatter form, ZonedDateTime time) {
    return form.format(time).getBytes(StandardCharsets.US_ASCII);
  }

  /** {@code 2026-11-22T01:38:40.125Z} (RFC 3339). */
  boolean iso(Line line) {
    line.raw(dateAndTime).octet('.').padded(Math.floorMod(now, 1000L), 3).raw(offset);
    return true;
  }

  /** {@code 22/Nov/2026:01:38:40 +0000}. */
  boolean clf(Line line) {
    line.raw(clf);
    return true;
  }

  /** Seconds since 1970, to the millisecond. */
  boolean epoch(Line line) {
    line.number(second).octet('.').padded(Math.floorMod(now, 1000L), 3);
    return true;
  }
}
