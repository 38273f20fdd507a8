package io.tidegate.forward.quota;

import io.tidegate.core.spi.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Collects how much clients may have, for the builder of a proxy. */
public final class LimitsBuilder {
  private final List<Supplier<QuotaSettings>> quotas = new ArrayList<>();
  private final List<Supplier<BandwidthSettings>> bandwidths = new ArrayList<>();

  /** As much as they want. */
  public LimitsBuilder() {}

  /** Adds all of {@code settings}. */
  public void add(LimitSettings settings) {
    settings.quotas().forEach(quota -> quotas.add(() -> quota));
    settings.bandwidths().forEach(bandwidth -> bandwidths.add(() -> bandwidth));
  }

  /** Adds a quota. */
  public void quota(Consumer<QuotaBuilder> details) {
    QuotaBuilder quota = new QuotaBuilder();
    details.accept(quota);
    quotas.add(quota::settings);
  }

  /** Adds a limit of bandwidth. */
  public void bandwidth(Consumer<BandwidthBuilder> details) {
    BandwidthBuilder bandwidth = new BandwidthBuilder();
    details.accept(bandwidth);
    bandwidths.add(bandwidth::settings);
  }

  /**
   * What was said so far, as data.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public LimitSettings settings() {
    Checks checks = new Checks();
    LimitSettings settings = new LimitSettings(all(quotas, checks), all(bandwidths, checks));
    checks.done();
    return settings;
  }

  private static <T> List<T> all(List<Supplier<T>> parts, Checks checks) {
    List<T> good = new ArrayList<>();
    for (Supplier<T> part : parts) {
      T settings = checks.collect(part);
      if (settings != null) {
        good.add(settings);
      }
    }
    return good;
  }
}
