package io.tidegate.reverse;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.Ip;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.ClientRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A request without content that nobody makes, for {@link ReverseProxy#explain}. Immutable: methods
 * that change something return another one.
 */
public final class RequestDescription {
  private static final InetSocketAddress US = new InetSocketAddress(ip("127.0.0.1"), 0);

  private final String method;
  private final RequestTarget.AbsoluteForm uri;
  private final List<String> fields;
  private final InetAddress client;

  private RequestDescription(
      String method, RequestTarget.AbsoluteForm uri, List<String> fields, InetAddress client) {
    this.method = method;
    this.uri = uri;
    this.fields = fields;
    this.client = client;
  }

  /**
   * A request with this method for {@code uri}, from 127.0.0.1 and with no field but Host.
   *
   * @param uri an absolute http or https URI; with https the client's connection is TLS
   * @throws IllegalArgumentException if it is none, or the method is no token or CONNECT
   */
  public static RequestDescription of(String method, String uri) {
    if (!Ascii.isToken(method) || method.equals("CONNECT")) {
      throw new IllegalArgumentException("method: (expected: a token other than CONNECT)");
    }
    try {
      if (RequestTarget.parse(method, uri) instanceof RequestTarget.AbsoluteForm absolute
          && (absolute.scheme().equals("http") || absolute.scheme().equals("https"))
          && !absolute.authority().host().isEmpty()) {
        return new RequestDescription(method, absolute, List.of(), US.getAddress());
      }
    } catch (BadMessageException e) {
      throw new IllegalArgumentException("uri: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("uri: (expected: an absolute http or https URI)");
  }

  /** As {@link #of}, with GET. */
  public static RequestDescription get(String uri) {
    return of("GET", uri);
  }

  /**
   * The same with one more field line.
   *
   * @throws IllegalArgumentException if it is malformed, or Host, which the URI tells
   */
  public RequestDescription field(String name, String value) {
    if (!Ascii.isToken(name) || !Ascii.isFieldValue(value) || name.equalsIgnoreCase("Host")) {
      throw new IllegalArgumentException("field: (expected: a name other than Host, and a value)");
    }
    List<String> more = new ArrayList<>(fields);
    more.add(name);
    more.add(value);
    return new RequestDescription(method, uri, List.copyOf(more), client);
  }

  /**
   * The same from another client.
   *
   * @param address an IPv4 or IPv6 address, from which the connection comes
   * @throws IllegalArgumentException if it is none
   */
  public RequestDescription client(String address) {
    return new RequestDescription(method, uri, fields, ip(address));
  }

  private static InetAddress ip(String address) {
    InetAddress parsed = Ip.parse(address);
    if (parsed == null) {
      throw new IllegalArgumentException("client: " + address + " (expected: an IP address)");
    }
    return parsed;
  }

  /** The request as policies see it. */
  ClientRequest request() {
    Authority authority = uri.authority().withoutDefaultPort(uri.scheme());
    List<String> all = new ArrayList<>(List.of("Host", authority.toString()));
    all.addAll(fields);
    String target = uri.pathAndQuery();
    return new ClientRequest(
        new RequestHead(
            method, target, HttpVersion.HTTP_1_1, Fields.of(all.toArray(String[]::new))),
        new RequestTarget.OriginForm(target),
        uri.scheme(),
        authority,
        uri.scheme().equals("https"),
        new InetSocketAddress(client, 0),
        US);
  }

  /** Method and URI, without the query, which may hold secrets. */
  @Override
  public String toString() {
    return method
        + " "
        + uri.scheme()
        + "://"
        + uri.authority().withoutDefaultPort(uri.scheme())
        + RequestTarget.path(uri.pathAndQuery());
  }
}
