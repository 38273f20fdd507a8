package io.tidegate.core.log;

import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.ExchangeListener.Times;

/** How long an exchange has taken, or a part of it, in milliseconds. */
enum TimeValue implements Value {
  HEAD("ms.head"),
  SELECT("ms.select"),
  CONNECT("ms.connect"),
  RESPONSE("ms.response"),
  TRANSFER("ms.transfer"),
  TOTAL("ms.total");

  /** What it is called in settings. */
  final String id;

  TimeValue(String id) {
    this.id = id;
  }

  /** The time in nanoseconds; negative if there was no such part. */
  long nanos(Times times) {
    return switch (this) {
      case HEAD -> times.head();
      case SELECT -> times.select();
      case CONNECT -> times.connect();
      case RESPONSE -> times.response();
      case TRANSFER -> times.transfer();
      case TOTAL -> times.total();
    };
  }

  @Override
  public boolean write(Outcome outcome, Line line) {
    long nanos = nanos(outcome.times());
    if (nanos < 0) {
      return false;
    }
    line.millis(nanos);
    return true;
  }

  @Override
  public boolean isNumber() {
    return true;
  }
}
