package io.tidegate.core.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one proxy in a registry, to be removed when it is gone. Thread-safe. */
final class OwnMeters {
  private final MeterRegistry registry;
  private final Tags common;
  private final Set<Meter> meters = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  OwnMeters(MeterRegistry registry, Tags common) {
    this.registry = registry;
    this.common = common;
  }

  Timer timer(String name, String description, String... tags) {
    Timer.Builder timer = Timer.builder(name).description(description);
    return kept(timer.tags(common.and(tags)).register(registry));
  }

  DistributionSummary octets(String name, String description, String... tags) {
    DistributionSummary.Builder summary = DistributionSummary.builder(name).baseUnit("bytes");
    return kept(summary.description(description).tags(common.and(tags)).register(registry));
  }

  /** A gauge of {@code seen}, which it does not keep alive. */
  <T> Meter gauge(
      String name,
      String description,
      @Nullable String unit,
      T seen,
      ToDoubleFunction<T> value,
      String... tags) {
    Gauge.Builder<T> gauge = Gauge.builder(name, seen, value).description(description);
    return kept(gauge.baseUnit(unit).tags(common.and(tags)).register(registry));
  }

  /** What {@code seen}, which it does not keep alive, has counted. */
  <T> Meter counter(
      String name, String description, T seen, ToDoubleFunction<T> count, String... tags) {
    FunctionCounter.Builder<T> counter = FunctionCounter.builder(name, seen, count);
    return kept(counter.description(description).tags(common.and(tags)).register(registry));
  }

  /** Whether there is a gauge of this name already, which is not ours. */
  boolean isTaken(String name) {
    List<Meter> others = registry.getMeters();
    Meter gauge = Gauge.builder(name, this, seen -> 0).tags(common).register(registry);
    boolean taken = others.contains(gauge); // the registry gives the one that there is
    if (!taken) {
      registry.remove(gauge);
    }
    return taken;
  }

  private <M extends Meter> M kept(M meter) {
    meters.add(meter);
    if (closed) {
      remove(meter); // somebody was about to make it when all were removed
    }
    return meter;
  }

  void remove(Meter meter) {
    if (meters.remove(meter)) {
      registry.remove(meter);
    }
  }

  void removeAll() {
    closed = true;
    meters.forEach(this::remove);
  }

  /** Nanoseconds since an arbitrary origin, as the registry has the time. */
  long now() {
    return registry.config().clock().monotonicTime();
  }
}
