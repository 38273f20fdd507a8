package io.tidegate.forward.quota;

import io.tidegate.core.spi.Checks;
import io.tidegate.forward.access.RequestPattern;
import java.time.Duration;

/**
 * How fast octets may pass, as data.
 *
 * @param only the requests it is about; they are told by everything but the address that is dialled
 * @param perConnection of one connection of a client
 * @param perUser of all connections of a user; of one address if nobody knows the user
 * @param whole of all together
 * @param burst for how long unused rate is not lost
 */
public record BandwidthSettings(
    RequestPattern only, Rates perConnection, Rates perUser, Rates whole, Duration burst) {
  /**
   * The burst unless said otherwise: enough for timers that are late, and too little to be noticed.
   */
  public static final Duration DEFAULT_BURST = Duration.ofMillis(100);

  /** Rejects what cannot work. */
  public BandwidthSettings {
    Checks checks = new Checks();
    Pattern.check(checks, "bandwidth", only);
    perConnection.check(checks, "bandwidth perConnection");
    perUser.check(checks, "bandwidth perUser");
    whole.check(checks, "bandwidth whole");
    checks.duration("bandwidth burst", burst);
    if (perConnection.equals(Rates.UNLIMITED)
        && perUser.equals(Rates.UNLIMITED)
        && whole.equals(Rates.UNLIMITED)) {
      checks.problem("bandwidth: nothing (expected: perConnection, perUser or whole)");
    }
    checks.done();
  }
}
