/** How requests and responses of a route are rewritten. Pure. */
@NullMarked
package io.tidegate.reverse.rewrite;

import org.jspecify.annotations.NullMarked;
