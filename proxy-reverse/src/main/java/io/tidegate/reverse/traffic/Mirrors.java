package io.tidegate.reverse.traffic;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Mirroring;
import io.tidegate.core.spi.Route;
import java.util.random.RandomGenerator;

/** Copies a share of the requests, chosen by chance. */
public final class Mirrors implements Mirroring {
  private final MirrorSettings settings;
  private final Route route;
  private final RandomGenerator random;

  /** Sends copies over {@code route}; {@code random} is used by several threads at once. */
  public Mirrors(MirrorSettings settings, Route route, RandomGenerator random) {
    this.settings = settings;
    this.route = route;
    this.random = random;
  }

  @Override
  public Route route() {
    return route;
  }

  @Override
  public boolean takes(ClientRequest request) {
    return settings.percent() == 100 || random.nextDouble() * 100 < settings.percent();
  }

  @Override
  public int maxContent() {
    return settings.maxContentBytes();
  }
}
