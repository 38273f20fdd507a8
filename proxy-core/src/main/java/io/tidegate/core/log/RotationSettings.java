package io.tidegate.core.log;

import io.tidegate.core.spi.Checks;

/**
 * When a log file gets a number behind its name, and a new one is begun: {@code access.log.1} is
 * the youngest that is complete.
 *
 * @param maxBytes how long a file may be, in octets; 0 for as long as it gets. It is longer if more
 *     than that is written at once.
 * @param daily whether each day has its own, days being those of the time zone of the log
 * @param keep how many complete files are kept, 1 to 10,000
 */
public record RotationSettings(long maxBytes, boolean daily, int keep) {
  /** None: somebody else moves files away, or nobody does. */
  public static final RotationSettings DEFAULT = new RotationSettings(0, false, 7);

  /** Rejects what cannot work. */
  public RotationSettings {
    Checks checks = new Checks().between("rotation keep", keep, 1, 10_000);
    if (maxBytes != 0) {
      checks.atLeast("rotation maxBytes", maxBytes, 1024);
    }
    checks.done();
  }

  /** Whether files are complete at some time. */
  boolean isOn() {
    return daily || maxBytes > 0;
  }
}
