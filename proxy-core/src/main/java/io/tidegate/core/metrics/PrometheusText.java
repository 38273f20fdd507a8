package io.tidegate.core.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.function.Supplier;

/** What Prometheus reads, of a registry that can say it. */
public final class PrometheusText {
  /** The media type of the text: version 0.0.4 of the format. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private PrometheusText() {}

  /**
   * All meters of {@code registry} in the text format of Prometheus, anew whenever asked; of a
   * composite, of the first registry in it that can. Empty if none can, or micrometer's registry
   * for Prometheus is not on the class path.
   */
  public static Optional<Supplier<String>> of(MeterRegistry registry) {
    try {
      return Scraped.of(registry);
    } catch (NoClassDefFoundError e) {
      return Optional.empty();
    }
  }

  /** Loaded with the registry's class, which need not be there. */
  private static final class Scraped {
    static Optional<Supplier<String>> of(MeterRegistry registry) {
      if (registry instanceof PrometheusMeterRegistry prometheus) {
        return Optional.of(() -> prometheus.scrape("text/plain"));
      }
      return registry instanceof CompositeMeterRegistry composite
          ? composite.getRegistries().stream()
              .map(Scraped::of)
              .flatMap(Optional::stream)
              .findFirst()
          : Optional.empty();
    }
  }
}
