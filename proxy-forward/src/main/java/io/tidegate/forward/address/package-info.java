/** What kind of place an address is, and the one spelling of the host a client asks for. Pure. */
@NullMarked
package io.tidegate.forward.address;

import org.jspecify.annotations.NullMarked;
