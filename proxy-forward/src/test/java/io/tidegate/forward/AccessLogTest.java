package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.tidegate.core.log.LogFormat;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a forward proxy writes down of tunnels, and of what it refuses. */
class AccessLogTest {
  private static final String PATTERN =
      "{user} {method} {target} {status} {bytes} {bytes.received} {error} {stage} {endpoint}";

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws Exception {
    origin = OriginServer.start();
    origin.onConnection(c -> c.send(c.readText(3)));
  }

  @AfterEach
  void stopOrigin() throws Exception {
    origin.close();
  }

  private ForwardProxy start(Consumer<ForwardProxy.Builder> more) {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .allowPrivateDestinations()
            .anyConnectPort()
            .accessLog(log -> log.sink(lines::add).pattern(PATTERN));
    more.accept(builder);
    return builder.start();
  }

  private String next() throws InterruptedException {
    String line = lines.poll(10, TimeUnit.SECONDS);
    assertNotNull(line, "still waiting");
    return line;
  }

  private String connect(String... fields) {
    String[] all = new String[fields.length + 2];
    all[0] = "CONNECT " + origin.authority() + " HTTP/1.1";
    all[1] = "Host: " + origin.authority();
    System.arraycopy(fields, 0, all, 2, fields.length);
    return head(all);
  }

  @Test
  void aTunnelIsALineWhenItEnds() throws Exception {
    try (ForwardProxy proxy = start(p -> {});
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(connect() + "abc");
      client.readHead();
      assertEquals("abc", client.readText(3));
      client.close();
      assertEquals(
          "- CONNECT " + origin.authority() + " 200 3 3 - tunnel " + origin.authority(), next());
    }
  }

  @Test
  void aTunnelOfSocksIsOneToo() throws Exception {
    try (ForwardProxy proxy = start(p -> p.socks());
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      int port = origin.port();
      client.send(HexFormat.of().parseHex("050100"));
      client.readBytes(2);
      client.send(HexFormat.of().parseHex("050100017f000001" + String.format("%04x", port)));
      client.readBytes(10);
      client.send("abc");
      client.readText(3);
      client.close();
      assertEquals("- CONNECT 127.0.0.1:" + port + " 200 3 3 - tunnel 127.0.0.1:" + port, next());
    }
  }

  @Test
  void whatTheRulesRefuseIsALine() throws Exception {
    try (ForwardProxy proxy = start(p -> p.allow(to("elsewhere.example")));
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      int sent = client.exchange(connect()).text().length();
      assertEquals(
          "- CONNECT " + origin.authority() + " 403 " + sent + " 0 http_request_denied authorize -",
          next());
    }
  }

  @Test
  void whoHasToSayWhoItIsAndThenDoesAreTwoLines() throws Exception {
    try (ForwardProxy proxy =
            start(p -> p.authentication(a -> a.user("alice", Secret.of("secret"))));
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      String refused = client.exchange(connect()).text();
      client.send(connect("Proxy-Authorization: Basic YWxpY2U6c2VjcmV0") + "abc");
      client.readHead();
      client.readText(3);
      client.close();
      String target = "CONNECT " + origin.authority();
      assertEquals(
          "- " + target + " 407 " + refused.length() + " 0 http_request_denied authorize -",
          next());
      assertEquals("alice " + target + " 200 3 3 - tunnel " + origin.authority(), next());
    }
  }

  @Test
  void squidsFormatSaysWhatEachWas() throws Exception {
    BlockingQueue<String> squid = new LinkedBlockingQueue<>();
    origin.onRequest(c -> c.send(ok("x")));
    try (ForwardProxy proxy =
            start(p -> p.accessLog(log -> log.sink(squid::add).format(LogFormat.SQUID)));
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      String uri = "http://" + origin.authority() + "/a";
      client.exchange(head("GET " + uri + " HTTP/1.1", "Host: " + origin.authority()));
      String line = squid.poll(10, TimeUnit.SECONDS);
      assertNotNull(line);
      assertEquals(
          "127.0.0.1 TCP_MISS/200 1 GET " + uri + " - HIER_DIRECT/127.0.0.1 -",
          line.replaceFirst("^\\d+\\.\\d{3} +\\d+ ", ""));
    }
  }
}
