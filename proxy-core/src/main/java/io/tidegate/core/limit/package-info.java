/** Counters of what clients do and may do, shared by all IO threads. */
@NullMarked
package io.tidegate.core.limit;

import org.jspecify.annotations.NullMarked;
