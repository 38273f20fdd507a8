package io.tidegate.core.exchange;

import io.tidegate.core.spi.ExchangeListener.Times;
import org.jspecify.annotations.Nullable;

/** How long an exchange has taken, in nanoseconds; what its attempts have taken, they know. */
final class StageTimes {
  private final long began;
  private long selecting;
  private long select = Times.NONE;

  StageTimes(long began) {
    this.began = began;
  }

  /** A destination is looked for. */
  void selecting(long now) {
    selecting = now;
    select = Times.NONE;
  }

  /** There is one; if it is tried again, it has not been looked for again. */
  void selected(long now) {
    if (select == Times.NONE) {
      select = now - selecting;
    }
  }

  /** With the time that the head took to arrive, and the attempt that counts, if there is one. */
  Times times(long head, @Nullable Attempt attempt, long now) {
    return attempt == null
        ? new Times(head, Times.NONE, Times.NONE, Times.NONE, Times.NONE, now - began)
        : new Times(
            head,
            select,
            between(attempt.beganAt(), attempt.sentAt()),
            between(attempt.sentAt(), attempt.receivedAt()),
            between(attempt.receivedAt(), now),
            now - began);
  }

  /** Neither is 0 if it has come. */
  private static long between(long from, long to) {
    return from == 0 || to == 0 ? Times.NONE : to - from;
  }
}
