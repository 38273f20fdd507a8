package io.tidegate.core.log;

import io.tidegate.core.spi.ExchangeListener.Outcome;

/**
 * Something that can be said of an exchange. Of few kinds, most of them one class for many values:
 * there may be tens in each line, and to call a method of ever another class costs more than most
 * values do.
 */
sealed interface Value permits TextValue, NumberValue, TimeValue, Value.Written {
  /** Writes it; false, and nothing has been written, if there is no such thing. */
  boolean write(Outcome outcome, Line line);

  /** Whether it is a number. */
  default boolean isNumber() {
    return false;
  }

  /** Whatever {@code writer} makes of it. */
  record Written(Writer writer, boolean isNumber) implements Value {
    /** Is like {@link Value#write}. */
    interface Writer {
      boolean write(Outcome outcome, Line line);
    }

    @Override
    public boolean write(Outcome outcome, Line line) {
      return writer.write(outcome, line);
    }
  }
}
