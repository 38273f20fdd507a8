package io.tidegate.forward.quota;

import io.tidegate.core.limit.ActiveCount;
import io.tidegate.core.spi.Kept;
import io.tidegate.forward.access.RequestPattern;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a quota has counted, each part null if it does not count that. Which requests it counts, and
 * how, tells it from other quotas; what it allows may change.
 */
record QuotaCounts(
    @Nullable Keyed<Meter> requests,
    @Nullable Keyed<Meter> octets,
    @Nullable ActiveCount active,
    @Nullable ActiveCount tunnels) {
  private static final Duration SMOOTH_MEMORY = Duration.ofDays(1); // debts may be long

  /** Of several quotas for the same requests, each has its number. */
  record Place(QuotaKey key, RequestPattern only, int number) {}

  private record Part(Place place, String what, Object madeOf) {}

  /** Those of the quota at {@code place}, as far as they are kept. */
  static QuotaCounts of(QuotaSettings settings, Place place, LongSupplier nanoTime, Kept kept) {
    return new QuotaCounts(
        meters(settings.requests(), place, "requests", nanoTime, kept),
        meters(settings.octets(), place, "octets", nanoTime, kept),
        count(settings.maxActiveRequests(), place, "active", kept),
        count(settings.maxTunnels(), place, "tunnels", kept));
  }

  @SuppressWarnings("unchecked") // what is kept for such a part is nothing else
  private static @Nullable Keyed<Meter> meters(
      Optional<Allowance> allowed, Place place, String what, LongSupplier nanoTime, Kept kept) {
    return allowed
        .map(
            allowance ->
                (Keyed<Meter>)
                    kept.of(
                        Keyed.class,
                        new Part(place, what, allowance),
                        () -> meters(allowance, nanoTime)))
        .orElse(null);
  }

  private static Keyed<Meter> meters(Allowance allowance, LongSupplier nanoTime) {
    Duration memory = allowance.isSmooth() ? SMOOTH_MEMORY : allowance.per();
    return new Keyed<>(allowance::meter, memory, nanoTime);
  }

  /** What is under way counts on, however many there may be. */
  private static @Nullable ActiveCount count(
      Optional<Integer> allowed, Place place, String what, Kept kept) {
    return allowed
        .map(
            most -> {
              Part part = new Part(place, what, "");
              ActiveCount count = kept.of(ActiveCount.class, part, () -> new ActiveCount(most));
              kept.change(() -> count.most(most));
              return count;
            })
        .orElse(null);
  }
}
