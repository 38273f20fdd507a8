package io.tidegate.reverse.health;

import io.tidegate.core.spi.Checks;
import java.util.Optional;

/**
 * How a cluster finds out which of its endpoints work.
 *
 * @param check probes, if there are any
 * @param ejection what ordinary requests tell, unless nobody listens
 * @param panicBelow percentage of available endpoints below which all are used; 0 for never
 */
public record HealthSettings(
    Optional<HealthCheckSettings> check, Optional<EjectionSettings> ejection, int panicBelow) {
  /** The {@link #panicBelow} of a cluster that is given none. */
  public static final int DEFAULT_PANIC_BELOW = 10;

  /** The settings of a cluster that is given none: no probes, and the usual ejection. */
  public static final HealthSettings DEFAULT =
      new HealthSettings(
          Optional.empty(), Optional.of(EjectionSettings.DEFAULT), DEFAULT_PANIC_BELOW);

  /** Rejects what cannot work. */
  public HealthSettings {
    new Checks().between("panicBelow", panicBelow, 0, 100).done();
  }

  /**
   * Whether all endpoints are used because too few of them are available: those that are would
   * break down as well.
   */
  public boolean panics(int available, int all) {
    return (long) available * 100 < (long) panicBelow * all;
  }
}
