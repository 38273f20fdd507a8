/**
 * Content that waits for a slow peer: in memory up to a bound, then in temporary files, which only
 * threads of their own touch.
 */
@NullMarked
package io.tidegate.core.spool;

import org.jspecify.annotations.NullMarked;
