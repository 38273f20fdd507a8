package io.tidegate.reverse;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.Ip;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.ClientRequest;
import java.net.InetSocketAddress;

/** Requests of a client, for tests. */
public final class Requests {
  private Requests() {}

  public static ClientRequest get(String host, String target) {
    return request("GET", host, target, false, "203.0.113.9");
  }

  public static ClientRequest request(
      String method, String host, String target, boolean secure, String client, String... fields) {
    try {
      RequestTarget form = RequestTarget.parse(method, target);
      Authority authority =
          form instanceof RequestTarget.AbsoluteForm absolute
              ? absolute.authority()
              : Authority.parse(host);
      return new ClientRequest(
          new RequestHead(method, target, HttpVersion.HTTP_1_1, Fields.of(fields)),
          form,
          form instanceof RequestTarget.AbsoluteForm absolute
              ? absolute.scheme()
              : secure ? "https" : "http",
          authority,
          secure,
          new InetSocketAddress(Ip.parse(client), 50000),
          new InetSocketAddress(Ip.parse("192.0.2.1"), 8080));
    } catch (BadMessageException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
