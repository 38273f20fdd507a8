/** Which route takes a request. Pure. */
@NullMarked
package io.tidegate.reverse.route;

import org.jspecify.annotations.NullMarked;
