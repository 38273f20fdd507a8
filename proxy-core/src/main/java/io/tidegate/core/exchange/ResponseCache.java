package io.tidegate.core.exchange;

import io.tidegate.core.cache.CacheRules;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.Invalidator;
import io.tidegate.core.cache.memory.CacheCounters;
import io.tidegate.core.cache.memory.Collapse;
import io.tidegate.core.spi.ClientRequest;
import java.util.function.Function;

/**
 * The cache as the exchanges of one proxy see it.
 *
 * @param settings what the rules follow
 * @param rules what is stored and used
 * @param store where it is kept; other proxies may share it
 * @param invalidator what invalidates responses of all proxies that share the store
 * @param collapse who asks for what just now; shared with the store
 * @param counters what has happened; shared with the store
 * @param purge who may invalidate stored responses
 * @param partition what of the cache is for a request: nothing is shared across partitions
 */
public record ResponseCache(
    CacheSettings settings,
    CacheRules rules,
    CacheStore store,
    Invalidator invalidator,
    Collapse collapse,
    CacheCounters counters,
    PurgeAccess purge,
    Function<ClientRequest, String> partition) {}
