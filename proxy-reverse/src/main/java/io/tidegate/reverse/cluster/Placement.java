package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Checks;

/**
 * When an endpoint's turn is.
 *
 * @param zone where it is, in a name of the user's; empty if that is not said
 * @param backup whether it is used only when no other endpoint is available
 */
public record Placement(String zone, boolean backup) {
  /** No zone, and no backup. */
  public static final Placement DEFAULT = new Placement("", false);

  /** Rejects what cannot work. */
  public Placement {
    if (zone.length() > 255) {
      new Checks().reject("zone", zone.length() + " characters", "at most 255").done();
    }
  }
}
