package io.tidegate.core;

import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.exchange.PurgeAccess;
import io.tidegate.core.exchange.ResponseCache;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Plugins;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a proxy caches, by which rules, and in a cache of its own or one that others share. */
final class CacheChoice {
  private @Nullable CacheBuilder rules;

  /** What was said of the cache last, should there be none just now. */
  private @Nullable CacheBuilder rulesBefore;

  private @Nullable HttpCache shared;

  /** Whether a proxy runs that is to have this one. */
  private boolean follows;

  /** The rules, to say more of them; there is a cache from now on. */
  CacheBuilder rules(CacheSettings byDefault) {
    CacheBuilder described = rules == null ? new CacheBuilder(byDefault) : rules;
    this.rules = described;
    return described;
  }

  /** Caches in this one, if there are rules. */
  void share(HttpCache cache) {
    this.shared = cache;
  }

  /** Says everything that {@code settings} say. */
  void settings(ProxySettings settings) {
    CacheBuilder described = settings.cache().map(CacheBuilder::new).orElse(null);
    this.rules = described;
    if (described != null) {
      settings.purgeFrom().forEach(range -> described.purgeFrom(range.toString()));
    }
  }

  /** Takes over what settings do not say of that of a proxy that runs. */
  void takeOver(CacheChoice running) {
    this.follows = true;
    this.shared = running.shared;
    this.rulesBefore = running.rules == null ? running.rulesBefore : running.rules;
    if (rules != null && rulesBefore != null) {
      rules.takeOver(rulesBefore);
    }
  }

  /** The rules; empty if there is no cache, or they are noted in {@code checks} as wrong. */
  Optional<CacheSettings> settings(Checks checks) {
    CacheBuilder described = rules;
    return described == null
        ? Optional.empty()
        : Optional.ofNullable(checks.collect(described::settings));
  }

  /** Who may have responses forgotten. */
  List<AddressRange> purgeFrom(Checks checks) {
    return rules == null ? List.of() : rules.purgeFrom(checks);
  }

  /** A cache that others use too learns of settings that come later when they count. */
  void admit(Plugins plugins, Kept kept, Checks checks) {
    HttpCache cache = shared;
    if (cache == null || rules == null) {
      return;
    }
    if (follows) {
      cache.check(plugins, checks);
      kept.change(() -> cache.take(plugins));
    } else {
      cache.admit(plugins, checks);
    }
  }

  /** The cache that there is by {@code settings}; null for none. */
  @Nullable HttpCache cache(ProxySettings settings, Kept kept) {
    CacheSettings described = settings.cache().orElse(null);
    return described == null || shared != null ? shared : own(described, kept);
  }

  private static HttpCache own(CacheSettings rules, Kept kept) {
    HttpCache own = kept.of(HttpCache.class, "own", () -> HttpCache.of(rules));
    kept.change(() -> own.resize(rules));
    return own;
  }

  /** What exchanges use of {@code cache}; null if they do not. */
  @Nullable ResponseCache attached(@Nullable HttpCache cache, ProxySettings settings, Kept kept) {
    CacheBuilder described = rules;
    CacheSettings said = settings.cache().orElse(null);
    if (cache == null || described == null || said == null) {
      return null;
    }
    if (follows) {
      kept.change(() -> cache.findKeysOf(said));
    } else {
      cache.findKeysOf(said);
    }
    PurgeAccess purge = new PurgeAccess(settings.purgeFrom(), described.purgePolicies());
    return cache.attached(said, purge, described.partition());
  }
}
