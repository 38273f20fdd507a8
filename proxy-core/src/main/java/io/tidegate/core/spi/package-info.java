/**
 * What a direction or a user plugs into the pipeline, and the words for it.
 *
 * <h2>Starting points</h2>
 *
 * {@link io.tidegate.core.spi.Stage} names the steps of an exchange; {@link
 * io.tidegate.core.spi.Plugins} is the set of decisions that makes the one pipeline a forward or a
 * reverse proxy.
 */
@NullMarked
package io.tidegate.core.spi;

import org.jspecify.annotations.NullMarked;
