/** The store that keeps responses in memory outside the heap. Thread-safe throughout. */
@NullMarked
package io.tidegate.core.cache.memory;

import org.jspecify.annotations.NullMarked;
