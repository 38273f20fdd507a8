package io.tidegate.core.spi;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param certificates what the client has proved itself with on a TLS connection, its own first;
 *     empty if with nothing
 * @param identity who the client is, null as long as nobody has found out
 */
public record ClientRequest(
    RequestHead head,
    RequestTarget target,
    String scheme,
    Authority authority,
    boolean secure,
    InetSocketAddress clientAddress,
    InetSocketAddress localAddress,
    List<X509Certificate> certificates,
    @Nullable Identity identity) {
  /** Drops the default port. */
  public ClientRequest {
    authority = authority.withoutDefaultPort(scheme);
  }

  /** A request of a client that nothing but the address is known of. */
  public ClientRequest(
      RequestHead head,
      RequestTarget target,
      String scheme,
      Authority authority,
      boolean secure,
      InetSocketAddress clientAddress,
      InetSocketAddress localAddress) {
    this(head, target, scheme, authority, secure, clientAddress, localAddress, List.of(), null);
  }

  /** The same with another head, for the same target URI. */
  public ClientRequest with(RequestHead other) {
    return with(other, target);
  }

  /** The same client's request with another head and target, for the same authority. */
  public ClientRequest with(RequestHead other, RequestTarget otherTarget) {
    return new ClientRequest(
        other,
        otherTarget,
        scheme,
        authority,
        secure,
        clientAddress,
        localAddress,
        certificates,
        identity);
  }

  /** The same with these fields. */
  public ClientRequest with(Fields fields) {
    return with(new RequestHead(head.method(), head.target(), head.version(), fields));
  }

  /** The same without the credentials that are meant for a proxy (RFC 9110 §11.7.2). */
  public ClientRequest withoutCredentials() {
    return head.fields().contains(FieldName.PROXY_AUTHORIZATION)
        ? with(new FieldEdits(head.fields()).remove(FieldName.PROXY_AUTHORIZATION).toFields())
        : this;
  }

  /** The same, known to come from this client. */
  public ClientRequest from(Identity client) {
    return new ClientRequest(
        head, target, scheme, authority, secure, clientAddress, localAddress, certificates, client);
  }

  /** The name of the user who has sent it, empty if it is not known. */
  public String user() {
    return identity == null ? "" : identity.user();
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
