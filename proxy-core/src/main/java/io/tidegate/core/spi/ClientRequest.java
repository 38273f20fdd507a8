package io.tidegate.core.spi;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import java.net.InetSocketAddress;

/**
 * A client's request as policies see it: validated, nothing rewritten.
 *
 * @param head as received
 * @param target the request target in its form
 * @param scheme {@code http} or {@code https}: of the target if it is in absolute-form, else of the
 *     connection
 * @param authority the authority of the target URI: from the target, else from Host; without the
 *     default port of the scheme, so that it has one spelling; the host may be empty
 * @param secure whether the client's connection is TLS
 * @param clientAddress the client's end of the connection
 * @param localAddress our end of it
 */
public record ClientRequest(
    RequestHead head,
    RequestTarget target,
    String scheme,
    Authority authority,
    boolean secure,
    InetSocketAddress clientAddress,
    InetSocketAddress localAddress) {
  /** Drops the default port. */
  public ClientRequest {
    authority = authority.withoutDefaultPort(scheme);
  }

  /** The same with another head, for the same target URI. */
  public ClientRequest with(RequestHead other) {
    return new ClientRequest(other, target, scheme, authority, secure, clientAddress, localAddress);
  }

  /**
   * The raw path and query of the target URI; {@code *} for the server as a whole, empty for
   * CONNECT.
   */
  public String pathAndQuery() {
    if (target instanceof RequestTarget.OriginForm origin) {
      return origin.pathAndQuery();
    }
    if (target instanceof RequestTarget.AbsoluteForm absolute) {
      return absolute.pathAndQuery();
    }
    return target instanceof RequestTarget.AsteriskForm ? "*" : "";
  }

  /** The port of the target URI, the scheme's default if it names none. */
  public int port() {
    return authority.portOr(scheme);
  }
}
