package io.tidegate.forward;

import static io.tidegate.core.testkit.Http2Client.DATA;
import static io.tidegate.core.testkit.Http2Client.END_STREAM;
import static io.tidegate.core.testkit.Http2Client.HEADERS;
import static io.tidegate.core.testkit.Http2Client.RST_STREAM;
import static io.tidegate.core.testkit.Messages.octets;
import static io.tidegate.core.testkit.Messages.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.testkit.Http2Client;
import io.tidegate.core.testkit.Http2Client.Frame;
import io.tidegate.core.testkit.Opened;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CONNECT on a stream of HTTP/2 (RFC 9113 §8.5). */
class Http2ConnectTest {
  private static final int NO_ERROR = 0;
  private static final int CANCEL = 8;
  private static final int CONNECT_ERROR = 10;

  @RegisterExtension private final Opened opened = new Opened();
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private OriginServer origin;
  private Proxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = opened.origin();
  }

  private Http2Client client(Consumer<ForwardProxy.Builder> more) throws IOException {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .allowPrivateDestinations()
            .anyConnectPort()
            .http2WithoutTls()
            .listener(
                new ExchangeListener() {
                  @Override
                  public void completed(Outcome outcome) {
                    outcomes.add(outcome);
                  }
                });
    more.accept(builder);
    proxy = opened.push(builder.start());
    Http2Client client = opened.push(Http2Client.connect(proxy.address().getPort()));
    return client.handshake();
  }

  private static void connect(Http2Client client, int stream, String authority) throws IOException {
    client.headers(stream, false, ":method", "CONNECT", ":authority", authority);
  }

  /** A tunnel in stream 1. */
  private Http2Client tunnel() throws IOException {
    Http2Client client = client(p -> {});
    connect(client, 1, origin.authority());
    Frame opening = client.awaitFrame(HEADERS, 1);
    assertEquals("200", opening.field(":status"));
    assertTrue(!opening.has(END_STREAM), opening::toString);
    return client;
  }

  private static String untilEnd(Http2Client client) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    Frame frame;
    do {
      frame = client.awaitFrame(DATA, 1);
      octets.writeBytes(frame.payload());
    } while (!frame.has(END_STREAM));
    return text(octets.toByteArray());
  }

  private Outcome outcome() throws InterruptedException {
    Outcome outcome = outcomes.poll(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (outcome == null) {
      throw new AssertionError("still waiting");
    }
    return outcome;
  }

  @Test
  void octetsGoBothWays() throws Exception {
    origin.onConnection(c -> c.send("<" + c.readText(5) + ">"));
    Http2Client client = tunnel();
    client.data(1, "hello", false);
    assertEquals("<hello>", untilEnd(client));
    client.data(1, "", true);
    Outcome ended = outcome();
    assertEquals(200, ended.status());
    assertEquals(5, ended.requestOctets());
    assertEquals(7, ended.responseOctets());
  }

  @Test
  void theClientMayEndFirstAndStillListen() throws Exception {
    origin.onConnection(
        c -> {
          assertEquals("question", text(c.readUntilClose()));
          c.send("answer");
        });
    Http2Client client = tunnel();
    client.data(1, "question", true);
    assertEquals("answer", untilEnd(client));
  }

  @Test
  void theUpstreamMayEndFirstAndStillListen() throws Exception {
    origin.onConnection(
        c -> {
          c.send("hello");
          c.halfClose();
          assertEquals("question", text(c.readUntilClose()));
        });
    Http2Client client = tunnel();
    assertEquals("hello", untilEnd(client));
    client.data(1, "question", true);
    origin.connection(0).awaitEnded();
  }

  @Test
  void tunnelsAndRequestsShareAConnection() throws Exception {
    origin.onConnection(
        c -> c.send(c.readText(1)), c -> c.send(c.readText(1)), c -> c.send(c.readText(1)));
    Http2Client client = client(p -> {});
    for (int stream = 1; stream <= 5; stream += 2) {
      connect(client, stream, origin.authority());
      client.awaitFrame(HEADERS, stream);
    }
    for (int stream = 5; stream >= 1; stream -= 2) {
      client.data(stream, "" + stream, false);
      assertEquals("" + stream, client.awaitFrame(DATA, stream).text());
    }
  }

  @Test
  void aTunnelThatIsResetResetsItsUpstream() throws Exception {
    origin.onConnection(c -> c.awaitClose());
    Http2Client client = tunnel();
    client.rst(1, CANCEL);
    origin.connection(0).awaitEnded();
    assertTrue(origin.connection(0).endedByReset());
  }

  @Test
  void aConnectionThatIsLostResetsItsTunnels() throws Exception {
    origin.onConnection(c -> c.awaitClose());
    Http2Client client = tunnel();
    client.reset();
    origin.connection(0).awaitEnded();
    assertTrue(origin.connection(0).endedByReset());
  }

  @Test
  void anUpstreamThatResetsResetsTheStream() throws Exception {
    origin.onConnection(
        c -> {
          c.readText(1);
          c.reset();
        });
    Http2Client client = tunnel();
    client.data(1, "x", false);
    assertEquals(CONNECT_ERROR, client.awaitFrame(RST_STREAM, 1).error());
  }

  @Test
  void aTunnelThatIsNotReadHoldsUpItsUpstreamAndNoOther() throws Exception {
    origin.onConnection(
        c -> c.sendUntilClosed(octets(64 << 10)), c -> c.send("x".repeat(c.readText(1).length())));
    Http2Client client = tunnel();
    client.awaitFrame(DATA, 1);
    client.windowUpdate(0, 1 << 20);
    for (int stream = 3; stream < 43; stream += 2) {
      connect(client, stream, origin.authority());
      client.data(stream, "y", false);
      assertEquals("x", client.awaitFrame(DATA, stream).text());
    }
    long sent = origin.connection(0).sent();
    assertTrue(sent < 20_000_000, () -> sent + " octets were let through");
    client.rst(1, CANCEL);
    origin.connection(0).awaitEnded();
  }

  @Test
  void muchGoesThroughWhole() throws Exception {
    byte[] octets = octets(200_000);
    origin.onConnection(c -> c.send(c.readBytes(octets.length)));
    Http2Client client = tunnel();
    client.windowUpdate(0, 1 << 20);
    client.windowUpdate(1, 1 << 20);
    for (int at = 0; at < octets.length; at += 10_000) {
      client.frame(DATA, 0, 1, Arrays.copyOfRange(octets, at, at + 10_000));
    }
    assertEquals(text(octets), untilEnd(client));
  }

  @Test
  void aTunnelThatIsSilentForTooLongIsReset() throws Exception {
    origin.onConnection(c -> c.awaitClose());
    Http2Client client = client(p -> p.tunnelIdleTimeout(Duration.ofMillis(300)));
    connect(client, 1, origin.authority());
    client.awaitFrame(HEADERS, 1);
    assertEquals(CONNECT_ERROR, client.awaitFrame(RST_STREAM, 1).error());
    origin.connection(0).awaitEnded();
  }

  @Test
  void whatIsRefusedIsAnswered() throws Exception {
    Http2Client client = client(p -> {});
    connect(client, 1, "127.0.0.1:" + OriginServer.unusedPort());
    Frame refused = client.awaitFrame(HEADERS, 1);
    assertEquals("502", refused.field(":status"));
    assertEquals(NO_ERROR, client.awaitFrame(RST_STREAM, 1).error());
  }

  @Test
  void aProxyThatStopsEndsItsTunnels() throws Exception {
    origin.onConnection(c -> c.awaitClose());
    Http2Client client = tunnel();
    proxy.stop(Duration.ZERO);
    client.awaitClose();
    origin.connection(0).awaitEnded();
    assertEquals(200, outcome().status());
  }
}
