package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.health.EjectionSettings;
import io.tidegate.reverse.health.HealthCheckSettings;
import io.tidegate.reverse.health.HealthSettings;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Describes how a cluster finds out which of its endpoints work: by probes, which it sends none
 * unless told to, and by how ordinary requests end.
 */
public final class HealthBuilder {
  private Optional<HealthCheckBuilder> check = Optional.empty();
  private Optional<EjectionBuilder> ejection = Optional.of(new EjectionBuilder());
  private int panicBelow = HealthSettings.DEFAULT_PANIC_BELOW;

  HealthBuilder() {}

  /** Probes every endpoint with a request for this path (and query), every 5 s. */
  public HealthBuilder check(String path) {
    return check(path, check -> {});
  }

  /** Probes every endpoint with a request for this path (and query), as {@code details} say. */
  public HealthBuilder check(String path, Consumer<HealthCheckBuilder> details) {
    HealthCheckBuilder described = new HealthCheckBuilder(path);
    details.accept(described);
    this.check = Optional.of(described);
    return this;
  }

  /**
   * When an endpoint gets no requests for a while because of how those before have ended; after
   * five failures in a row unless called. Repeated calls accumulate.
   */
  public HealthBuilder ejection(Consumer<EjectionBuilder> details) {
    EjectionBuilder described = ejection.orElseGet(EjectionBuilder::new);
    details.accept(described);
    this.ejection = Optional.of(described);
    return this;
  }

  /** Endpoints get their requests however those before have ended. */
  public HealthBuilder noEjection() {
    this.ejection = Optional.empty();
    return this;
  }

  /**
   * Percentage of available endpoints, of those that do not drain, below which all of them are
   * used: the few would break down under what all are meant for. 10 unless called, which in a
   * cluster of up to ten means that none is available; 0 for never.
   */
  public HealthBuilder panicBelow(int percent) {
    this.panicBelow = percent;
    return this;
  }

  HealthBuilder settings(HealthSettings settings) {
    this.check = settings.check().map(HealthCheckBuilder::new);
    this.ejection = settings.ejection().map(EjectionBuilder::new);
    this.panicBelow = settings.panicBelow();
    return this;
  }

  /** Defaults stand in for what is noted in {@code checks} as wrong. */
  HealthSettings settings(Checks checks) {
    Optional<HealthCheckSettings> probes =
        check.flatMap(one -> Optional.ofNullable(checks.collect(one::settings)));
    Optional<EjectionSettings> ejections =
        ejection.flatMap(one -> Optional.ofNullable(checks.collect(one::settings)));
    HealthSettings settings =
        checks.collect(() -> new HealthSettings(probes, ejections, panicBelow));
    return settings == null ? HealthSettings.DEFAULT : settings;
  }
}
