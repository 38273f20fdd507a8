/**
 * HTTP/2 (RFC 9113) and HPACK (RFC 7541) on octets, either side of a connection: no sockets,
 * threads or clocks.
 */
@NullMarked
package io.tidegate.core.h2;

import org.jspecify.annotations.NullMarked;
