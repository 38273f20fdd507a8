/** TLS on connections of both sides: certificates, handshakes, what a peer has proved. */
@NullMarked
package io.tidegate.core.tls;

import org.jspecify.annotations.NullMarked;
