package io.tidegate.core.exchange;

import io.tidegate.core.cache.CacheDecision;
import io.tidegate.core.cache.CacheExplanation;
import io.tidegate.core.cache.CacheExplanation.Outcome;
import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.coding.Compression;
import io.tidegate.core.header.RequestRules;
import io.tidegate.core.http.Framing;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Route;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Looks what {@link Caching} would do with a request, and does nothing of it. */
public final class CacheLook {
  private final ResponseCache cache;
  private final LongSupplier clock;

  /** Looks into {@code cache}; {@code clock} has milliseconds since the epoch. */
  public CacheLook(ResponseCache cache, LongSupplier clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * Tells {@code told} what would become of {@code request}, which has no content, on {@code
   * route}; when the store answers, on any thread.
   */
  public void explain(ClientRequest request, Route route, Consumer<CacheExplanation> told) {
    @Nullable String upgrade = RequestRules.upgrade(request.head(), Framing.NONE);
    if (cache.purge().concerns(request)) {
      told.accept(CacheExplanation.without(Outcome.PURGE, ""));
    } else if (!Caching.concerns(request, upgrade)) {
      told.accept(CacheExplanation.without(Outcome.BYPASS, CacheStatus.Forward.BYPASS.token()));
    } else if (request.head().method().equals("QUERY")) {
      told.accept(CacheExplanation.without(Outcome.UNKNOWN, ""));
    } else {
      Compression compression = route.compression();
      ClientRequest normal =
          compression == null ? request : request.with(compression.normal(request.head()));
      lookUp(CachedRequest.of(normal, route, Framing.NONE, null, cache), told);
    }
  }

  private void lookUp(CachedRequest request, Consumer<CacheExplanation> told) {
    if (request.wantsContent() || request.head().isHead()) {
      cache.store().lookup(request.key(), found -> told.accept(explain(request, found)));
    } else {
      told.accept(CacheExplanation.without(Outcome.BYPASS, CacheStatus.Forward.METHOD.token()));
    }
  }

  private CacheExplanation explain(CachedRequest request, List<CacheStore.Entry> found) {
    long now = clock.getAsLong();
    CacheDecision decision =
        cache.rules().decide(request.head(), request.directives(), Caching.responses(found), now);
    StoredResponse stored = stored(decision);
    return new CacheExplanation(
        outcome(decision),
        reason(decision),
        request.key().withoutQuery(),
        found.size(),
        stored == null ? OptionalLong.empty() : OptionalLong.of(stored.ageSeconds(now)),
        stored == null ? OptionalLong.empty() : OptionalLong.of(stored.freshForSeconds(now)));
  }

  private static @Nullable StoredResponse stored(CacheDecision decision) {
    return decision instanceof CacheDecision.Fresh fresh
        ? fresh.stored()
        : decision instanceof CacheDecision.Stale stale
            ? stale.stored()
            : decision instanceof CacheDecision.Validate validate
                ? validate.stored()
                : decision instanceof CacheDecision.Complete part ? part.stored() : null;
  }

  private static Outcome outcome(CacheDecision decision) {
    if (decision instanceof CacheDecision.Forward forward) {
      return switch (forward.reason()) {
        case BYPASS, METHOD, REQUEST -> Outcome.BYPASS;
        default -> Outcome.MISS;
      };
    }
    return decision instanceof CacheDecision.Fresh
        ? Outcome.FRESH
        : decision instanceof CacheDecision.Stale
            ? Outcome.STALE
            : decision instanceof CacheDecision.Validate
                ? Outcome.VALIDATE
                : decision instanceof CacheDecision.Complete
                    ? Outcome.COMPLETE
                    : Outcome.UNSATISFIED;
  }

  private static String reason(CacheDecision decision) {
    return decision instanceof CacheDecision.Forward forward
        ? forward.reason().token()
        : decision instanceof CacheDecision.Validate validate
            ? validate.reason().token()
            : decision instanceof CacheDecision.Complete ? CacheStatus.Forward.PARTIAL.token() : "";
  }
}
