package io.tidegate.core.spi;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a destination is told when a connection to it begins: on whose behalf it is made.
 *
 * @param version how it is told
 * @param client the client's end of its connection to us; null if we connect on our own account
 * @param local our end of that connection; null likewise
 */
public record ProxyProtocol(
    ProxyProtocolVersion version,
    @Nullable InetSocketAddress client,
    @Nullable InetSocketAddress local) {
  /** A connection on our own account. */
  public static ProxyProtocol of(ProxyProtocolVersion version) {
    return new ProxyProtocol(version, null, null);
  }

  /** A connection on behalf of {@code other}, who has connected to {@code to}. */
  public ProxyProtocol onBehalfOf(InetSocketAddress other, InetSocketAddress to) {
    return new ProxyProtocol(version, other, to);
  }
}
