/**
 * HTTP/1.1 on octets (RFC 9112): heads and chunks parsed strictly and written canonically. No
 * sockets.
 */
@NullMarked
package io.tidegate.core.wire;

import org.jspecify.annotations.NullMarked;
