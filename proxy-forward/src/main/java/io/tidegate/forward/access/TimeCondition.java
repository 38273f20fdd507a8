package io.tidegate.forward.access;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Whether it is the time of a {@link TimeWindow}. */
final class TimeCondition {
  private static final long MINUTE = 60_000;

  private final TimeWindow window;
  private final ZoneId zone;
  private final int first;
  private final int end;
  private final InstantSource clock;

  /*
   * The minute that was asked about last, and in the lowest bit what the answer was. All windows
   * and the offsets of all zones change with the minute only, so it is good for all of that minute.
   */
  private volatile long known = -1;

  TimeCondition(TimeWindow window, InstantSource clock) {
    this.window = window;
    this.zone = ZoneId.of(window.zone());
    this.first = window.first();
    this.end = window.end();
    this.clock = clock;
  }

  boolean holds() {
    long minute = Math.floorDiv(clock.millis(), MINUTE);
    long answer = known;
    if (answer >> 1 != minute) {
      answer = minute << 1 | (isInside(minute) ? 1 : 0);
      known = answer;
    }
    return (answer & 1) == 1;
  }

  private boolean isInside(long minute) {
    ZonedDateTime now = Instant.ofEpochSecond(minute * 60).atZone(zone);
    int ofDay = now.getHour() * 60 + now.getMinute();
    if (first < end) {
      return first <= ofDay && ofDay < end && window.includes(now.getDayOfWeek());
    }
    return ofDay >= first
        ? window.includes(now.getDayOfWeek())
        : ofDay < end && window.includes(now.getDayOfWeek().minus(1));
  }
}
