/** How much clients may have: requests, octets, what is under way at once, and bandwidth. */
@NullMarked
package io.tidegate.forward.quota;

import org.jspecify.annotations.NullMarked;
