package io.tidegate.core.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A time in the forms that logs have, each a value that is always there; what is the same all
 * second, or millisecond, is made once.
 */
final class LogTime {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);
  private static final DateTimeFormatter CLF =
      DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.ENGLISH);

  private final ZoneId zone;
  private long now = Long.MIN_VALUE;
  private long second = Long.MIN_VALUE;
  private byte[] iso = {};

  /** Where the thousandths are in {@link #iso}. */
  private int thousandths;

  private byte[] clf = {};

  LogTime(ZoneId zone) {
    this.zone = zone;
  }

  /** Is now this one, in milliseconds since 1970. */
  void set(long millis) {
    if (millis == now) {
      return;
    }
    now = millis;
    if (Math.floorDiv(millis, 1000L) != second) {
      second = Math.floorDiv(millis, 1000L);
      setSecond(Instant.ofEpochSecond(second).atZone(zone));
    }
    int rest = (int) Math.floorMod(millis, 1000L);
    iso[thousandths] = (byte) ('0' + rest / 100);
    iso[thousandths + 1] = (byte) ('0' + rest / 10 % 10);
    iso[thousandths + 2] = (byte) ('0' + rest % 10);
  }

  private void setSecond(ZonedDateTime then) {
    String text = ISO.format(then);
    thousandths = text.indexOf('.') + 1;
    iso = text.getBytes(StandardCharsets.US_ASCII);
    clf = CLF.format(then).getBytes(StandardCharsets.US_ASCII);
  }

  /** {@code 2026-11-22T01:38:40.125Z} (RFC 3339). */
  boolean iso(Line line) {
    line.raw(iso);
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
