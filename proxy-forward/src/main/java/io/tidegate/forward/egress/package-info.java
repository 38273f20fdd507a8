/** How requests leave: through which parent proxies, from which addresses, with what of ours. */
@NullMarked
package io.tidegate.forward.egress;

import org.jspecify.annotations.NullMarked;
