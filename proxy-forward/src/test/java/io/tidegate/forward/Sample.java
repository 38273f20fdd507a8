package io.tidegate.forward;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.Ip;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.testkit.Tls;
import io.tidegate.forward.access.ForwardAccess;
import io.tidegate.forward.access.RequestMatchers;
import io.tidegate.forward.address.EmbeddedIpv4;
import io.tidegate.forward.address.TargetHost;
import io.tidegate.forward.privacy.ForwardHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** Requests and addresses as the engine would present them. */
public final class Sample {
  /** By the clock of the machine, without translators that are told. */
  public static final RequestMatchers MATCHERS =
      new RequestMatchers(InstantSource.system(), EmbeddedIpv4.WELL_KNOWN);

  public static final InetSocketAddress PROXY = new InetSocketAddress(ip("198.41.0.4"), 3128);

  private Sample() {}

  public static InetAddress ip(String literal) {
    return Objects.requireNonNull(Ip.parse(literal), literal);
  }

  public static ClientRequest get(String uri) {
    return request("GET", uri, "192.0.2.10");
  }

  public static ClientRequest getFrom(String client, String uri) {
    return request("GET", uri, client);
  }

  public static ClientRequest connect(String hostAndPort) {
    return request("CONNECT", hostAndPort, "192.0.2.10");
  }

  public static ClientRequest request(String method, String uri) {
    return request(method, uri, "192.0.2.10");
  }

  /** The same request of a client that has proved itself with this certificate. */
  public static ClientRequest certified(ClientRequest request, X509Certificate certificate) {
    return new ClientRequest(
        request.head(),
        request.target(),
        request.scheme(),
        request.authority(),
        true,
        request.clientAddress(),
        request.localAddress(),
        List.of(certificate),
        null);
  }

  /** The access policy that this builder makes. */
  public static ForwardAccess access(ForwardProxy.Builder builder) {
    return new Assembly(builder.settings(), List.of(), Tls.sources(), new Kept(), new Checks())
        .access();
  }

  /** The rewriting that this builder makes. */
  public static ForwardHeaders headers(ForwardProxy.Builder builder) {
    return new Assembly(builder.settings(), List.of(), Tls.sources(), new Kept(), new Checks())
        .headers();
  }

  public static TargetHost host(String host) {
    return Objects.requireNonNull(TargetHost.of(authority(host)), host);
  }

  public static Authority authority(String text) {
    try {
      return Authority.parse(text);
    } catch (BadMessageException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static ClientRequest request(String method, String target, String client) {
    RequestTarget parsed;
    try {
      parsed = RequestTarget.parse(method, target);
    } catch (BadMessageException e) {
      throw new IllegalArgumentException(target, e);
    }
    Authority authority =
        parsed instanceof RequestTarget.AbsoluteForm absolute
            ? absolute.authority()
            : ((RequestTarget.AuthorityForm) parsed).authority();
    return new ClientRequest(
        new RequestHead(method, target, HttpVersion.HTTP_1_1, Fields.empty()),
        parsed,
        "http",
        authority,
        false,
        new InetSocketAddress(ip(client), 50_000),
        PROXY);
  }
}
