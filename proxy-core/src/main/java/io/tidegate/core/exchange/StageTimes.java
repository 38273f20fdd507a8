package io.tidegate.core.exchange;

import io.tidegate.core.spi.ExchangeListener.Times;
import io.tidegate.core.spi.Stage;

/** When an exchange has entered those of its stages that wait for somebody, in nanoseconds. */
final class StageTimes {
  private static final long NEVER = Long.MIN_VALUE;

  private final long began;
  private long select = NEVER;
  private long connect = NEVER;
  private long send = NEVER;
  private long receive = NEVER;

  StageTimes(long began) {
    this.began = began;
  }

  /** Whether it is of interest when {@code stage} is entered. */
  static boolean matters(Stage stage) {
    return stage == Stage.SELECT
        || stage == Stage.CONNECT
        || stage == Stage.SEND
        || stage == Stage.RECEIVE;
  }

  void entered(Stage stage, long now) {
    switch (stage) {
      case SELECT -> select = now;
      case CONNECT -> connect = now;
      case SEND -> send = now;
      case RECEIVE -> receive = now;
      default -> throw new IllegalArgumentException("nobody asks when " + stage + " is entered");
    }
  }

  /** With the time that the head took to arrive. */
  Times times(long head, long now) {
    return new Times(
        head,
        between(select, connect),
        between(connect, send),
        between(send, receive),
        between(receive, now),
        now - began);
  }

  private static long between(long from, long to) {
    return from == NEVER || to < from ? Times.NONE : to - from;
  }
}
