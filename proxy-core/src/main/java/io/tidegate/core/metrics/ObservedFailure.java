package io.tidegate.core.metrics;

import io.tidegate.core.spi.Failure;

/**
 * A failure as handlers of observations are told of it. It has no stack trace: nothing threw it.
 */
final class ObservedFailure extends Exception {
  private static final long serialVersionUID = 1;

  ObservedFailure(Failure failure) {
    super(failure.error().token() + ": " + failure.detail(), failure.cause(), false, false);
  }
}
