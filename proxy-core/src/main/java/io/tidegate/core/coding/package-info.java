/** Content codings (RFC 9110 §8.4): which responses get which, and the encoders. No IO. */
@NullMarked
package io.tidegate.core.coding;

import org.jspecify.annotations.NullMarked;
