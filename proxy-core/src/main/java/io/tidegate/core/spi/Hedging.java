package io.tidegate.core.spi;

/**
 * Decides when a second destination is asked besides a slow one; whichever responds first serves
 * the client. For safe requests without content. May be asked by several IO threads at once.
 */
public interface Hedging {
  /** How many milliseconds without a response are too many; negative if that is unknown. */
  long delayMillis();

  /** A destination has responded after so long, or has not for so long when another one had. */
  void responded(long nanos);

  /** Whether one more destination may be asked now; asked when it will be. */
  boolean permits();
}
