package io.tidegate.forward.egress;

import io.tidegate.core.spi.Checks;
import java.time.Duration;

/**
 * How long a parent proxy that has failed is left out: twice as long each time.
 *
 * @param first how long at first
 * @param most how long at most
 */
public record PauseSettings(Duration first, Duration most) {
  /** 5 seconds, up to 5 minutes. */
  public static final PauseSettings DEFAULT =
      new PauseSettings(Duration.ofSeconds(5), Duration.ofMinutes(5));

  /**
   * Rejects what cannot work.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public PauseSettings {
    Checks checks = new Checks();
    checks.duration("pause", first).duration("longest pause", most);
    if (most.compareTo(first) < 0) {
      checks.reject("longest pause", most, ">= the first");
    }
    checks.done();
  }
}
