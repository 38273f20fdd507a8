package io.tidegate.forward.quota;

import io.tidegate.core.spi.Checks;

/**
 * Octets per second each way, 0 for as many as there are.
 *
 * @param up from clients
 * @param down to clients
 */
public record Rates(long up, long down) {
  /** As many as there are, both ways. */
  public static final Rates UNLIMITED = new Rates(0, 0);

  private static final long LEAST = 1_000;
  private static final long MOST = 1_000_000_000_000L;

  /** The same both ways. */
  static Rates both(long rate) {
    return new Rates(rate, rate);
  }

  void check(Checks checks, String setting) {
    check(checks, setting + " up", up);
    check(checks, setting + " down", down);
  }

  private static void check(Checks checks, String setting, long rate) {
    if (rate != 0) {
      checks.between(setting, rate, LEAST, MOST);
    }
  }
}
