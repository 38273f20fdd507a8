package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Upgrade mechanism (RFC 9110 §7.8), and the tunnel behind a 101 response. */
public abstract class UpgradeSuite extends ProxyWireSuite {
  private static final String SWITCHING =
      head(
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Accept: x");

  /** The suite for one direction. */
  protected UpgradeSuite(Side side) {
    super(side);
  }

  private String asking() {
    return request(
        "GET",
        "/chat",
        "Upgrade: websocket",
        "Connection: keep-alive, Upgrade",
        "Sec-WebSocket-Key: k");
  }

  @Test
  void aWebSocketOpensAndCarriesOctetsBothWays() throws Exception {
    byte[] octets = random(1_000_000);
    origin()
        .onRequest(
            c -> {
              c.send(SWITCHING + "early");
              assertArrayEquals(octets, c.readBytes(octets.length));
              c.send(octets);
              assertTrue(c.atEnd());
            });
    RawClient client = client();
    client.send(asking());
    RawHead response = RawHead.parse(client.readHead());
    assertEquals("HTTP/1.1 101 Switching Protocols", response.startLine());
    assertEquals("websocket", response.field("Upgrade"));
    assertEquals("Upgrade", response.field("Connection"));
    assertEquals("x", response.field("Sec-WebSocket-Accept"));
    assertEquals("early", client.readText(5));
    CompletableFuture<Void> sending = aside(() -> client.send(octets));
    assertArrayEquals(octets, client.readBytes(octets.length));
    sending.join();
    client.halfClose();
    assertTrue(client.atEnd());
    RawHead request = origin().lastRequest();
    assertEquals("websocket", request.field("Upgrade"));
    assertEquals("Upgrade", request.field("Connection"));
    assertEquals("k", request.field("Sec-WebSocket-Key"));
  }

  @Test
  void theClientMayEndFirstAndStillListen() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(SWITCHING);
              assertEquals("bye", Messages.text(c.readUntilClose()));
              c.send("last words");
              c.close();
            });
    RawClient client = client();
    client.send(asking());
    client.readHead();
    client.send("bye");
    client.halfClose();
    assertEquals("last words", Messages.text(client.readUntilClose()));
  }

  @Test
  void theUpstreamMayEndFirstAndStillListen() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(SWITCHING + "bye");
              c.halfClose();
              assertEquals("last words", Messages.text(c.readUntilClose()));
            });
    RawClient client = client();
    client.send(asking());
    client.readHead();
    assertEquals("bye", Messages.text(client.readUntilClose()));
    client.send("last words");
    client.halfClose();
    origin().connection(0).awaitEnded();
  }

  @Test
  void aClientThatLeavesAsTheProtocolIsSwitchedTakesTheUpstreamAlong() throws Exception {
    BlockingQueue<RawClient> leaving = new LinkedBlockingQueue<>();
    origin()
        .onRequest(
            c -> {
              next(leaving).reset();
              c.send(SWITCHING);
              c.awaitClose();
            });
    for (int i = 0; i < 50; i++) {
      RawClient client = client();
      client.send(asking());
      leaving.add(client);
      origin().connection(i).awaitEnded();
    }
  }

  @Test
  void listenersAreToldOfTheEndOfATunnel() throws Exception {
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    start(p -> p.listener(onCompleting(outcomes)));
    origin()
        .onRequest(
            c -> {
              c.send(SWITCHING);
              c.send(c.readText(3));
            });
    RawClient client = client();
    client.send(asking() + "abc");
    client.readHead();
    assertEquals("abc", client.readText(3));
    client.close();
    Outcome ended = next(outcomes);
    assertEquals(101, ended.status());
    assertEquals(3, ended.requestOctets());
    assertEquals(3, ended.responseOctets());
  }

  @Test
  void listenersAreToldOfATunnelThatIsCut() throws Exception {
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    Proxy proxy = start(p -> p.listener(onCompleting(outcomes)));
    origin()
        .onRequest(
            c -> {
              c.send(SWITCHING);
              c.awaitClose();
            });
    RawClient client = client();
    client.send(asking());
    client.readHead();
    proxy.stop(Duration.ZERO);
    assertEquals(101, next(outcomes).status());
    assertTrue(client.atEnd());
    origin().connection(0).awaitEnded();
  }

  @Test
  void octetsThatFollowTheRequestReachTheOtherProtocol() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(SWITCHING);
              c.send(c.readText(5));
            });
    RawClient client = client();
    client.send(asking() + "hasty");
    client.readHead();
    assertEquals("hasty", client.readText(5));
  }

  @Test
  void aRefusedUpgradeIsAnOrdinaryResponse() throws Exception {
    origin().respond(ok("no"), ok("next"));
    RawClient client = client();
    assertAnswer("no", client.exchange(asking()));
    assertAnswer("next", client.exchange(get("/")));
    assertEquals(1, origin().connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2c", "TLS/1.3", "foo/2", "websocket, h2c"})
  void noOtherProtocolIsAskedFor(String protocol) throws Exception {
    assertAnswer("ok", ask(request("GET", "/", "Upgrade: " + protocol, "Connection: Upgrade")));
    assertNull(origin().lastRequest().field("Upgrade"));
    assertNull(origin().lastRequest().field("Connection"));
  }

  @Test
  void anUpgradeThatConnectionDoesNotNameIsNotAskedFor() throws Exception {
    assertAnswer("ok", ask(request("GET", "/", "Upgrade: websocket")));
    assertNull(origin().lastRequest().field("Upgrade"));
  }

  @Test
  void anUpgradeOfARequestWithContentIsNotAskedFor() throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    String request =
        request("POST", "/", "Upgrade: websocket", "Connection: Upgrade", "Content-Length: 1");
    assertAnswer("x", ask(request + "x"));
    assertNull(origin().lastRequest().field("Upgrade"));
  }

  @Test
  void a101NobodyAskedForIsAFailure() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(SWITCHING + "smuggled");
              c.awaitClose();
            });
    assertFailure(502, "http_upgrade_failed", ask(get("/")));
    origin().connection(0).awaitEnded();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: h2c / Connection: Upgrade",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "X-A: b"
      })
  void a101ToSomethingElseIsAFailure(String fields) throws Exception {
    String response = "HTTP/1.1 101 Switching Protocols\r\n" + head(lines(fields));
    origin()
        .onRequest(
            c -> {
              c.send(response);
              c.awaitClose();
            });
    assertFailure(502, "http_upgrade_failed", ask(asking()));
  }
}
