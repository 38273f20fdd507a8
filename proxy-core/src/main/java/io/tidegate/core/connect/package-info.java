/** The upstream side: names to addresses, connections and their pools. */
@NullMarked
package io.tidegate.core.connect;

import org.jspecify.annotations.NullMarked;
