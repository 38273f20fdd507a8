package io.tidegate.forward.egress;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Path;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.forward.access.RequestMatcher;
import io.tidegate.forward.access.RequestMatchers;
import io.tidegate.forward.address.TargetHost;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the requests of one {@link EgressRule} are sent; its secrets have been read. */
final class Sending {
  /** A field with a secret. */
  record Credential(FieldName field, String value) {
    @Override
    public String toString() {
      return field.toString();
    }
  }

  /** What the cache calls its parts of it, which are not shared with requests sent otherwise. */
  private final String partition;

  private final String partitionWithCredentials;
  private final RequestMatcher requests;
  private final Inet4Address[] v4;
  private final Inet6Address[] v6;
  private final AtomicInteger turn = new AtomicInteger();
  private final boolean https;
  private final int httpsPort;
  private final boolean namesPorts;
  private final List<Credential> credentials;
  private final @Nullable UpstreamTls tls;
  private volatile @Nullable SecuredHeaders withCredentials;
  private volatile @Nullable SecuredHeaders withoutCredentials;

  Sending(
      EgressRule rule,
      RequestMatchers matchers,
      List<InetAddress> sourceAddresses,
      List<Credential> credentials,
      @Nullable UpstreamTls tls) {
    this.requests = matchers.of(rule.requests());
    this.v4 = of(Inet4Address.class, sourceAddresses).toArray(Inet4Address[]::new);
    this.v6 = of(Inet6Address.class, sourceAddresses).toArray(Inet6Address[]::new);
    this.https = rule.https();
    this.httpsPort = rule.httpsPort().orElse(443);
    this.namesPorts = !rule.requests().ports().isEmpty();
    this.credentials = List.copyOf(credentials);
    this.tls = tls;
    String how = rule.tls().map(said -> SecretDigest.of(List.of(said.toString())) + " ").orElse("");
    this.partition = https ? "over TLS to " + httpsPort + " " + how : "";
    this.partitionWithCredentials = partition + "with " + digest(this.credentials) + " ";
  }

  private static <T> List<T> of(Class<T> family, List<InetAddress> addresses) {
    return addresses.stream().filter(family::isInstance).map(family::cast).toList();
  }

  private static String digest(List<Credential> credentials) {
    return SecretDigest.of(
        credentials.stream().flatMap(c -> Stream.of(c.field().toString(), c.value())).toList());
  }

  boolean isFor(ClientRequest request, TargetHost host) {
    return requests.matches(request, host, host.address()) == RequestMatcher.Match.YES;
  }

  /** The addresses whose turn it is to connect from; null for any. */
  Path.@Nullable Source nextSource() {
    if (v4.length + v6.length == 0) {
      return null;
    }
    int now = turn.getAndIncrement() & Integer.MAX_VALUE;
    return new Path.Source(
        v4.length == 0 ? null : v4[now % v4.length], v6.length == 0 ? null : v6[now % v6.length]);
  }

  /** Where the request goes: over TLS, or as the client wants it. */
  Destination destination(ClientRequest request, TargetHost host) {
    boolean secure = securesHttp(request);
    int port = secure && request.port() == 80 ? httpsPort : request.port();
    return new Destination(secure, host.name(), port, secure ? tls : null);
  }

  /** Whether the request is http here and https from here on. */
  boolean securesHttp(ClientRequest request) {
    return https && !request.head().isConnect();
  }

  /**
   * How fields are rewritten, beside what {@code others} do: one policy for all requests, as the
   * cache keeps heads of responses for a policy.
   */
  HeaderPolicy headers(ClientRequest request, HeaderPolicy others) {
    if (!securesHttp(request)) {
      return others;
    }
    boolean adds = addsCredentials(request);
    SecuredHeaders made = adds ? withCredentials : withoutCredentials;
    if (made == null || !made.isBeside(others)) {
      made = new SecuredHeaders(others, adds ? credentials : List.of());
      if (adds) {
        withCredentials = made;
      } else {
        withoutCredentials = made;
      }
    }
    return made;
  }

  /** Other ports of the host, if the rule does not name them, may be somebody else's. */
  boolean addsCredentials(ClientRequest request) {
    return !credentials.isEmpty() && securesHttp(request) && (namesPorts || request.port() == 80);
  }

  String partition(ClientRequest request) {
    return addsCredentials(request) ? partitionWithCredentials : partition;
  }
}
