package io.tidegate.core.log;

import io.tidegate.core.spi.AccessLogEvent;
import io.tidegate.core.spi.AccessLogEvent.Kind;
import io.tidegate.core.spi.EventListener;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells that lines are dropped, once when it begins and once when none has been for a while: a log
 * that is too slow has room for some again and again. Thread-safe.
 */
final class DropWatch {
  /** How long none must be dropped for it to be over. */
  static final long QUIET_MILLIS = 10_000;

  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);

  private final String log;
  private final LongSupplier dropped;
  private final EventListener events;
  private final LongSupplier nanos;

  private volatile boolean on;

  /** How many have been dropped when somebody has looked last. */
  private volatile long seen;

  private long before;
  private long seenAt;

  /** Of {@code log}, which has {@code dropped} so many lines so far. */
  DropWatch(String log, LongSupplier dropped, EventListener events, LongSupplier nanos) {
    this.log = log;
    this.dropped = dropped;
    this.events = events;
    this.nanos = nanos;
  }

  /** Whether lines are being dropped: somebody has to look when it may be over. */
  boolean isOn() {
    return on;
  }

  /** A line was put or dropped; of those that are dropped, the first counts. */
  void put() {
    if (!on && dropped.getAsLong() != seen) {
      look();
    }
  }

  /** Looks whether it has begun, or is over. */
  void look() {
    tell(change(false));
  }

  /** Nobody writes any more, for the time being: it is over if it was on. */
  void end() {
    tell(change(false));
    tell(change(true));
  }

  private void tell(@Nullable AccessLogEvent event) {
    if (event != null) {
      events.happened(event);
    }
  }

  private synchronized @Nullable AccessLogEvent change(boolean ends) {
    long all = dropped.getAsLong();
    long now = nanos.getAsLong();
    boolean begins = !on && all != seen;
    if (all != seen) {
      before = begins ? seen : before;
      seen = all;
      seenAt = now;
    }
    if (begins) {
      on = true;
      return new AccessLogEvent(Kind.DROPS_BEGAN, log, 0);
    }
    if (on && (ends || now - seenAt >= QUIET_NANOS)) {
      on = false;
      return new AccessLogEvent(Kind.DROPS_ENDED, log, all - before);
    }
    return null;
  }
}
