package io.tidegate.core.exchange;

import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spool.Spools;

/**
 * How a proxy buffers content.
 *
 * @param settings what is buffered unless the route says otherwise
 * @param spools where it is kept
 */
public record Buffering(BufferingSettings settings, Spools spools) {}
