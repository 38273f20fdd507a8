package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginConnection;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS between the proxy and its upstreams (RFC 9110 §4.3.4). */
class UpstreamTlsTest {
  private static Proxy start(String uri, Consumer<ReverseProxy.Builder> more) {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint(uri))
            .route("/**", "app");
    more.accept(builder);
    return builder.start();
  }

  private static RawResponse ask(Proxy proxy, String request) throws IOException {
    return RawClient.ask(proxy.address().getPort(), request);
  }

  private static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void aTrustedUpstreamIsSpokenToOverTls(String host) throws Exception {
    try (OriginServer origin = OriginServer.startTls(Tls.server());
        Proxy proxy =
            start("https://" + host + ":" + origin.port(), p -> p.upstreamTls(Tls.client()))) {
      origin.respond(ok("secret"));
      try (RawClient client = RawClient.connect(proxy.address().getPort())) {
        assertEquals("secret", client.exchange(get("/", "a")).text());
        assertEquals("secret", client.exchange(get("/", "a")).text());
      }
      assertEquals(1, origin.connections());
    }
  }

  @Test
  void largeContentPassesBothWaysOverTls() throws Exception {
    byte[] content = new byte[5_000_000];
    new Random(1).nextBytes(content);
    try (OriginServer origin = OriginServer.startTls(Tls.server());
        Proxy proxy = start("https://" + origin.authority(), p -> p.upstreamTls(Tls.client()));
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      origin.onRequest(
          c -> {
            byte[] body = c.readBody();
            c.send(head("HTTP/1.1 200 OK", "Content-Length: " + body.length));
            c.send(body);
          });
      client.send(head("POST / HTTP/1.1", "Host: a", "Content-Length: " + content.length));
      client.send(content);
      assertArrayEquals(content, client.readResponse().body());
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    try (OriginServer origin = OriginServer.startTls(Tls.wrongHostServer());
        Proxy proxy =
            start("https://" + origin.authority(), p -> p.upstreamTls(Tls.wrongHostClient()))) {
      assertFailure(502, "tls_certificate_error", ask(proxy, get("/", "wrong.test")));
      assertTrue(origin.heads().isEmpty());
    }
  }

  @Test
  void aCertificateNobodyVouchesForIsRefused() throws Exception {
    try (OriginServer origin = OriginServer.startTls(Tls.server());
        Proxy proxy = start("https://" + origin.authority(), p -> {})) {
      assertFailure(502, "tls_certificate_error", ask(proxy, get("/", "a")));
      assertTrue(origin.heads().isEmpty());
    }
  }

  @Test
  void anUpstreamThatDoesNotSpeakTlsIsABadGateway() throws Exception {
    try (OriginServer origin = OriginServer.start();
        Proxy proxy = start("https://" + origin.authority(), p -> p.upstreamTls(Tls.client()))) {
      origin.onConnection(
          c -> {
            c.readBytes(1);
            c.send(head("HTTP/1.1 400 Bad Request"));
            c.awaitClose();
          });
      assertFailure(502, "tls_protocol_error", ask(proxy, get("/", "a")));
    }
  }

  @Test
  void anUpstreamThatClosesDuringTheHandshakeIsABadGateway() throws Exception {
    try (OriginServer origin = OriginServer.start();
        Proxy proxy = start("https://" + origin.authority(), p -> p.upstreamTls(Tls.client()))) {
      origin.onConnection(c -> c.readBytes(1));
      assertEquals(502, ask(proxy, get("/", "a")).status());
    }
  }

  @Test
  void aHandshakeThatDoesNotEndIsAGatewayTimeout() throws Exception {
    try (OriginServer origin = OriginServer.start();
        Proxy proxy =
            start(
                "https://" + origin.authority(),
                p -> p.upstreamTls(Tls.client()).connectTimeout(Duration.ofMillis(300)))) {
      origin.onConnection(OriginConnection::awaitClose);
      assertFailure(504, "connection_timeout", ask(proxy, get("/", "a")));
      origin.connection(0).awaitEnded();
    }
  }

  @Test
  void aHandshakeCountsTowardsTheTimeOfTheExchange() throws Exception {
    try (OriginServer origin = OriginServer.start();
        Proxy proxy =
            start(
                "https://" + origin.authority(),
                p -> p.upstreamTls(Tls.client()).exchangeTimeout(Duration.ofMillis(300)))) {
      origin.onConnection(OriginConnection::awaitClose);
      assertFailure(504, "http_response_timeout", ask(proxy, get("/", "a")));
      origin.connection(0).awaitEnded();
    }
  }

  @Test
  void contentUntilCloseEndsWithCloseNotify() throws Exception {
    try (OriginServer origin = OriginServer.startTls(Tls.server());
        Proxy proxy = start("https://" + origin.authority(), p -> p.upstreamTls(Tls.client()))) {
      origin.onRequest(
          c -> {
            c.send(head("HTTP/1.1 200 OK") + "all of it");
            c.close();
          });
      RawResponse response = ask(proxy, get("/", "a"));
      assertEquals("all of it", response.text());
      assertTrue(response.complete());
    }
  }

  @Test
  void contentThatEndsWithTheConnectionIsIncompleteIfTlsWasCut() throws Exception {
    try (OriginServer origin = OriginServer.startTls(Tls.server());
        Proxy proxy = start("https://" + origin.authority(), p -> p.upstreamTls(Tls.client()))) {
      origin.onRequest(
          c -> {
            c.send(head("HTTP/1.1 200 OK") + "half of i");
            c.cut();
          },
          c -> {
            c.send(head("HTTP/1.1 200 OK") + "all of it");
            c.close();
          });
      assertFalse(ask(proxy, get("/", "a")).complete());
      RawResponse whole = ask(proxy, get("/", "a"));
      assertTrue(whole.complete());
      assertEquals("all of it", whole.text());
    }
  }
}
