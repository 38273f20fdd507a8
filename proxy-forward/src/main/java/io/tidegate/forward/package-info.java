/** The forward proxy. */
@NullMarked
package io.tidegate.forward;

import org.jspecify.annotations.NullMarked;
