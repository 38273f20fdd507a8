package io.tidegate.forward.access;

import io.tidegate.core.spi.Checks;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.List;

/**
 * A time of day.
 *
 * @param days the days on which it begins; empty for every day
 * @param from the first minute, {@code 08:00}
 * @param to the first minute that is too late, {@code 24:00} for midnight; on the next day if it is
 *     before {@code from}
 * @param zone the time zone, {@code Europe/Berlin}, {@code UTC} or {@code +02:00}
 */
public record TimeWindow(List<DayOfWeek> days, String from, String to, String zone) {
  private static final int END_OF_DAY = 24 * 60;

  /** Copies the days. */
  public TimeWindow {
    days = List.copyOf(days);
  }

  /** The minute of the day at which it begins. */
  int first() {
    return minute(from);
  }

  /** The minute of the day at which it is over. */
  int end() {
    return minute(to);
  }

  boolean includes(DayOfWeek day) {
    return days.isEmpty() || days.contains(day);
  }

  /** The minute of the day that {@code text} tells, -1 if it tells none. */
  private static int minute(String text) {
    if (!text.matches("[0-2][0-9]:[0-5][0-9]")) {
      return -1;
    }
    int minute = Integer.parseInt(text.substring(0, 2)) * 60 + Integer.parseInt(text.substring(3));
    return minute <= END_OF_DAY ? minute : -1;
  }

  /** Notes what cannot work. */
  void check(Checks checks, String setting) {
    boolean begins = first() >= 0 && first() < END_OF_DAY;
    if (!begins) {
      checks.reject(setting + " from", from, "00:00 to 23:59");
    }
    if (end() < 0) {
      checks.reject(setting + " to", to, "00:00 to 24:00");
    } else if (begins && end() == first()) {
      checks.reject(setting + " to", to, "another time than from; 00:00 to 24:00 is all day");
    }
    if (!isZone(zone)) {
      checks.reject(setting + " zone", zone, "a time zone like Europe/Berlin, UTC or +02:00");
    }
  }

  private static boolean isZone(String text) {
    try {
      ZoneId.of(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
