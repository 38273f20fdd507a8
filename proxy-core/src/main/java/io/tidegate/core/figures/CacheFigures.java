package io.tidegate.core.figures;

import io.tidegate.core.cache.CacheStatistics;

/**
 * A cache at one moment. If proxies share it, it is the same for all of them.
 *
 * @param entries how many responses are stored
 * @param bytes how many octets they occupy
 * @param statistics what has happened since the cache was made
 */
public record CacheFigures(long entries, long bytes, CacheStatistics statistics) {}
