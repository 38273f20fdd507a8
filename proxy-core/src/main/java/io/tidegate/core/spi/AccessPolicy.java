package io.tidegate.core.spi;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides who may go where. Pure: it must not block. */
public interface AccessPolicy {
  /** Permits everything. */
  AccessPolicy PERMIT_ALL = request -> null;

  /** Why the request is refused, or null if it may pass. Asked in {@link Stage#AUTHORIZE}. */
  @Nullable Failure refuses(ClientRequest request);

  /**
   * Why this address, one of those the destination's name resolved to, must not be dialled, or null
   * if it may be. Asked in {@link Stage#CONNECT} for every address and for every reuse of a
   * connection; what is dialled is the very address that was asked about.
   */
  default @Nullable Failure refuses(ClientRequest request, InetAddress address) {
    return null;
  }

  /**
   * The other addresses that a connection to this one may lead to, through translators and tunnels
   * of the network. The proxy itself is no destination by any of them.
   */
  default List<InetAddress> leadsTo(InetAddress address) {
    return List.of();
  }

  /**
   * Whether a tunnel that was asked for with CONNECT must begin with TLS for the host that it was
   * asked for. One that does not is cut before the upstream at {@code address}, null if only a
   * parent proxy knows it, gets an octet of it. Asked in {@link Stage#SEND}.
   */
  default boolean requiresTls(ClientRequest request, @Nullable InetAddress address) {
    return false;
  }
}
