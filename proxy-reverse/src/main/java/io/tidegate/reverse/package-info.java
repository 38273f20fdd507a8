/** The reverse proxy. */
@NullMarked
package io.tidegate.reverse;

import org.jspecify.annotations.NullMarked;
