package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientRequestTest {
  private static ClientRequest request(String method, String target, String scheme, String host)
      throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    return new ClientRequest(
        new RequestHead(method, target, HttpVersion.HTTP_1_1, Fields.empty()),
        RequestTarget.parse(method, target),
        scheme,
        Authority.parse(host),
        false,
        address,
        address);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,     /a?b=c,            http,  a.example,      /a?b=c, 80",
    "GET,     http://b:81/x?y,   http,  b:81,           /x?y,   81",
    "GET,     /,                 https, a.example,      /,      443",
    "OPTIONS, *,                 http,  a.example:8080, *,      8080",
    "CONNECT, a.example:443,     http,  a.example:443,  '',     443"
  })
  void itKnowsThePathAndThePortOfWhatWasAskedFor(
      String method, String target, String scheme, String host, String path, int port)
      throws Exception {
    ClientRequest request = request(method, target, scheme, host);
    assertEquals(path, request.pathAndQuery());
    assertEquals(port, request.port());
  }

  @ParameterizedTest
  @CsvSource({
    "http, a:80, a, 80",
    "https, a:443, a, 443",
    "https, a:80, a:80, 80",
    "http, [::1]:80, [::1], 80"
  })
  void itsAuthorityHasOneSpelling(String scheme, String received, String authority, int port)
      throws Exception {
    ClientRequest request = request("GET", "/", scheme, received);
    assertEquals(authority, request.authority().toString());
    assertEquals(port, request.port());
  }

  @ParameterizedTest
  @CsvSource({"/a?token=secret", "http://a.example/a?token=secret"})
  void itsTextHoldsNoQuery(String target) throws Exception {
    assertFalse(request("GET", target, "http", "a.example").toString().contains("secret"));
  }

  @Test
  void aPolicyThatPermitsAllRefusesNothing() throws Exception {
    ClientRequest request = request("GET", "/", "http", "a.example");
    assertNull(AccessPolicy.PERMIT_ALL.refuses(request));
    assertNull(AccessPolicy.PERMIT_ALL.refuses(request, InetAddress.getLoopbackAddress()));
  }
}
