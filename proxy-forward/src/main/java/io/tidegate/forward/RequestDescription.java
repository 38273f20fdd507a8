package io.tidegate.forward;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.Ip;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request without content that nobody makes, for {@link ForwardProxy#explain}. Immutable: methods
 * that change something return another one.
 */
public final class RequestDescription {
  private static final InetAddress US = Objects.requireNonNull(Ip.parse("127.0.0.1"));

  private final String method;
  private final RequestTarget target;
  private final Authority authority;
  private final InetAddress client;
  private final @Nullable Identity identity;
  private final @Nullable InetAddress address;

  private RequestDescription(
      String method,
      RequestTarget target,
      Authority authority,
      InetAddress client,
      @Nullable Identity identity,
      @Nullable InetAddress address) {
    this.method = method;
    this.target = target;
    this.authority = authority;
    this.client = client;
    this.identity = identity;
    this.address = address;
  }

  /**
   * A request with this method, from 127.0.0.1 and of nobody who is known.
   *
   * @param target an absolute http URI; with CONNECT, {@code host:port}
   * @throws IllegalArgumentException if it is none, or the method is no token
   */
  public static RequestDescription of(String method, String target) {
    if (!Ascii.isToken(method)) {
      throw new IllegalArgumentException("method: (expected: a token)");
    }
    RequestTarget parsed = parse(method, target);
    if (parsed instanceof RequestTarget.AbsoluteForm absolute && absolute.scheme().equals("http")) {
      return new RequestDescription(method, parsed, absolute.authority(), US, null, null);
    }
    if (parsed instanceof RequestTarget.AuthorityForm tunnel) {
      return new RequestDescription(method, parsed, tunnel.authority(), US, null, null);
    }
    throw new IllegalArgumentException(
        "target: (expected: an absolute http URI; with CONNECT, host:port)");
  }

  private static RequestTarget parse(String method, String target) {
    try {
      return RequestTarget.parse(method, target);
    } catch (BadMessageException e) {
      throw new IllegalArgumentException("target: " + e.getMessage(), e);
    }
  }

  /**
   * The same from another client.
   *
   * @param from an IPv4 or IPv6 address, from which the connection comes
   * @throws IllegalArgumentException if it is none
   */
  public RequestDescription client(String from) {
    return new RequestDescription(method, target, authority, ip("client", from), identity, address);
  }

  /** The same from a user who has proved to be this one, and belongs to these groups. */
  public RequestDescription user(String name, String... groups) {
    Identity user = new Identity(name, Set.of(groups));
    return new RequestDescription(method, target, authority, client, user, address);
  }

  /**
   * The same, had the name of its host this address; nothing is looked up.
   *
   * @throws IllegalArgumentException if it is no address
   */
  public RequestDescription address(String resolved) {
    InetAddress ip = ip("address", resolved);
    return new RequestDescription(method, target, authority, client, identity, ip);
  }

  private static InetAddress ip(String what, String text) {
    InetAddress parsed = Ip.parse(text);
    if (parsed == null) {
      throw new IllegalArgumentException(what + ": " + text + " (expected: an IP address)");
    }
    return parsed;
  }

  /** The address that its host is taken to have, or null. */
  @Nullable InetAddress address() {
    return address;
  }

  /** The request as policies see it. */
  ClientRequest request() {
    ClientRequest request =
        new ClientRequest(
            new RequestHead(
                method,
                target instanceof RequestTarget.AbsoluteForm absolute
                    ? "http://" + authority + absolute.pathAndQuery()
                    : authority.toString(),
                HttpVersion.HTTP_1_1,
                Fields.of("Host", authority.toString())),
            target,
            "http",
            authority,
            false,
            new InetSocketAddress(client, 0),
            new InetSocketAddress(US, 0));
    return identity == null ? request : request.from(identity);
  }

  /** Method and target, without the query, which may hold secrets. */
  @Override
  public String toString() {
    return target instanceof RequestTarget.AbsoluteForm absolute
        ? method + " http://" + authority + RequestTarget.path(absolute.pathAndQuery())
        : method + " " + authority;
  }
}
