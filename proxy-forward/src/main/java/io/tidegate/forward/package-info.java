/**
 * The forward proxy: goes where its clients ask, if it may.
 *
 * <h2>Starting points</h2>
 *
 * {@link io.tidegate.forward.ForwardProxy#builder} makes one; {@link io.tidegate.forward.Requests}
 * spells out which requests its rules are about.
 */
@NullMarked
package io.tidegate.forward;

import org.jspecify.annotations.NullMarked;
