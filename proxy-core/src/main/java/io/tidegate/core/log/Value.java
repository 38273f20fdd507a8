package io.tidegate.core.log;

import io.tidegate.core.spi.ExchangeListener.Outcome;

/** Something that can be said of an exchange. */
interface Value {
  /** Writes it; false, and nothing has been written, if there is no such thing. */
  boolean write(Outcome outcome, Line line);

  /** Whether it is a number. */
  default boolean isNumber() {
    return false;
  }
}
