package io.tidegate.reverse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.core.testkit.Http2Client;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the admin listener tells of the connections of clients. */
@Timeout(30)
class AdminConnectionsTest {
  private OriginServer origin;
  private ReverseProxy proxy;
  private int plain;
  private int other;

  private ReverseProxy.Builder described(int port) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        .cluster("shop", c -> c.endpoint("http://" + origin.authority()))
        .route("/**", "shop")
        .admin(admin -> admin.listen("127.0.0.1", 0).withoutToken());
  }

  @BeforeEach
  void start() throws Exception {
    origin = OriginServer.start();
    proxy = described(0).alsoListen("127.0.0.1", 0, at -> at.http2WithoutTls()).start();
    plain = proxy.addresses().get(0).getPort();
    other = proxy.addresses().get(1).getPort();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  /** An element of the list, as it is written. */
  private static String at(
      int port, boolean accepting, int http1, int http2, int tunnels, int beginning) {
    return "{\"address\":\"127.0.0.1:%d\",\"accepting\":%b,\"http1\":%d,\"http2\":%d,\"tunnels\":%d,\"beginning\":%d}"
        .formatted(port, accepting, http1, http2, tunnels, beginning);
  }

  private JsonNode connections() throws Exception {
    int port = proxy.adminAddress().orElseThrow().getPort();
    String asked = "GET /v1/connections HTTP/1.1\r\nHost: localhost\r\n\r\n";
    return new ObjectMapper().readTree(RawClient.ask(port, asked).text());
  }

  /** Connections are accepted, and come to their ends, on threads that nobody waits for. */
  private void assertListeners(String... expected) throws Exception {
    String all = "[" + String.join(",", expected) + "]";
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    String told = connections().path("listeners").toString();
    while (!told.equals(all) && System.nanoTime() < end) {
      told = connections().path("listeners").toString();
    }
    assertEquals(all, told);
  }

  @Test
  void eachListenerHasItsConnectionsByWhatIsSpokenOnThem() throws Exception {
    assertListeners(at(plain, true, 0, 0, 0, 0), at(other, true, 0, 0, 0, 0));
    try (RawClient idle = RawClient.connect(plain);
        RawClient second = RawClient.connect(plain);
        RawClient silent = RawClient.connect(other);
        Http2Client multiplexed = Http2Client.connect(other)) {
      origin.respond("HTTP/1.1 204 No Content\r\n\r\n");
      assertEquals(204, idle.exchange("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").status());
      multiplexed.handshake();
      second.send("GET");
      assertListeners(at(plain, true, 2, 0, 0, 0), at(other, true, 0, 1, 0, 1));
      silent.send("GET");
      assertListeners(at(plain, true, 2, 0, 0, 0), at(other, true, 1, 1, 0, 0));
    }
    assertListeners(at(plain, true, 0, 0, 0, 0), at(other, true, 0, 0, 0, 0));
  }

  @Test
  void aListenerThatIsGoneIsToldOfAsLongAsItHasConnections() throws Exception {
    try (RawClient client = RawClient.connect(plain)) {
      origin.respond(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      client.send(
          "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      assertEquals(101, client.readResponse().status());
      assertListeners(at(plain, true, 0, 0, 1, 0), at(other, true, 0, 0, 0, 0));
      proxy.reload(described(other).settings());
      assertListeners(at(other, true, 0, 0, 0, 0), at(plain, false, 0, 0, 1, 0));
    }
    assertListeners(at(other, true, 0, 0, 0, 0));
  }
}
