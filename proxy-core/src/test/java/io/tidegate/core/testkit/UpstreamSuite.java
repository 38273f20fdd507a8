package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstream connections: which are used again, when a request is sent again, who has to wait. */
public abstract class UpstreamSuite extends ProxyWireSuite {
  /** Content to be sent again and again, under a Content-Length or as a chunk. */
  private static final byte[] CONTENT =
      ("10000\r\n" + "x".repeat(1 << 16) + "\r\n").getBytes(ISO_8859_1);

  private final CountDownLatch release = new CountDownLatch(1);
  private final Semaphore connecting = new Semaphore(0);

  /** The suite for one direction. */
  protected UpstreamSuite(Side side) {
    super(side);
  }

  // Reuse

  @Test
  void aCleanConnectionIsUsedAgainByAnyClient() throws Exception {
    origin()
        .respond(
            ok("1"),
            head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + chunked("2"),
            head("HTTP/1.1 204 No Content"),
            ok("4"));
    assertAnswer("1", ask(get("/")));
    assertAnswer("2", ask(request("POST", "/", "Content-Length: 1") + "x"));
    assertEquals(204, ask(get("/")).status());
    assertAnswer("4", ask(get("/")));
    assertEquals(1, origin().connections());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK / Content-Length: 2 / Connection: close",
        "HTTP/1.1 200 OK / Content-Length: 2 / Connection: x, Close",
        "HTTP/1.0 200 OK / Content-Length: 2",
        "HTTP/1.0 200 OK / Content-Length: 2 / Connection: keep-alive"
      })
  void aConnectionWhoseUpstreamWillCloseIsNotUsedAgain(String head) throws Exception {
    origin().respond(head(lines(head)) + "ok");
    assertAnswer("ok", ask(get("/")));
    origin().connection(0).awaitEnded(); // closed by the proxy: the script waits for requests
    assertAnswer("ok", ask(get("/")));
    assertEquals(2, origin().connections());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 ",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n"
      })
  void aConnectionWithSurplusOctetsIsNotUsedAgain(String response) throws Exception {
    origin().respond(response);
    RawClient client = client();
    assertAnswer("ok", client.exchange(get("/")));
    origin().connection(0).awaitEnded();
    assertAnswer("ok", client.exchange(get("/")));
    assertEquals(2, origin().connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 4", "Transfer-Encoding: chunked"})
  void aConnectionIsNotUsedAgainAfterContentThatCannotBe(String announced) throws Exception {
    origin().respond(head("HTTP/1.1 204 No Content", announced));
    assertEquals(204, ask(get("/")).status());
    origin().connection(0).awaitEnded();
    assertEquals(204, ask(get("/")).status());
    assertEquals(2, origin().connections());
  }

  @Test
  void octetsThatAnswerNothingCloseAConnectionAtRest() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    origin()
        .onRequest(
            c -> {
              c.send(ok("ok"));
              await(answered);
              c.send(ok("evil"));
              c.awaitClose();
            },
            c -> c.send(ok("next")));
    assertAnswer("ok", ask(get("/")));
    answered.countDown();
    origin().connection(0).awaitEnded();
    assertAnswer("next", ask(get("/")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aConnectionThatTheUpstreamHasClosedIsNotUsed(String method) throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(ok("first"));
              c.close();
            },
            c -> c.send(ok("second")));
    RawClient client = client();
    assertAnswer("first", client.exchange(get("/")));
    origin().connection(0).awaitEnded();
    assertAnswer("second", client.exchange(request(method, "/")));
  }

  @Test
  void aConnectionAtRestIsClosedInTheEnd() throws Exception {
    start(p -> p.upstreamIdleTimeout(SHORT));
    ask(get("/"));
    origin().connection(0).awaitEnded();
  }

  @Test
  void onlySoManyConnectionsAreKeptAtRest() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    start(p -> p.maxIdleUpstreamConnections(1));
    origin()
        .onRequest(
            c -> {
              await(first);
              c.send(ok("1"));
            },
            c -> c.send(ok("ok")));
    RawClient one = client();
    one.send(get("/1"));
    origin().awaitHeads(1);
    assertAnswer("ok", ask(get("/2")));
    first.countDown();
    assertAnswer("1", one.readResponse());
    origin().connection(1).awaitEnded(); // it has rested longer
    assertAnswer("ok", ask(get("/3")));
    assertEquals(2, origin().connections());
  }

  @Test
  void aConnectionServesOnlySoManyRequests() throws Exception {
    start(p -> p.upstreamMaxRequests(2));
    for (int i = 0; i < 4; i++) {
      assertAnswer("ok", ask(get("/")));
    }
    assertEquals(2, origin().connections());
  }

  @Test
  void aConnectionIsUsedOnlyForSoLong() throws Exception {
    start(p -> p.upstreamMaxAge(SHORT));
    Eventually.holds(
        () -> {
          assertAnswer("ok", ask(get("/"))); // never at rest for long
          return origin().connections() > 1;
        });
    assertEquals(2, origin().connections());
    origin().connection(0).awaitEnded();
  }

  @Test
  void aConnectionWhoseResponseItsClientDoesNotTakeServesOthers() throws Exception {
    int unread = 1000; // far more than the sockets hold
    String large = "x".repeat(20_000);
    start(p -> p.maxUpstreamConnections(1));
    origin()
        .onRequest(c -> c.send(ok(c.request().startLine().contains("large") ? large : "small")));
    RawClient slow = client();
    slow.send(get("/large").repeat(unread));
    int quiet = 0;
    while (quiet < 20) { // until nothing more is asked for the one who takes nothing
      int before = origin().heads().size();
      assertAnswer("small", ask(get("/")));
      quiet = origin().heads().size() == before + 1 ? quiet + 1 : 0;
    }
    for (int i = 0; i < unread; i++) {
      assertAnswer(large, slow.readResponse());
    }
    assertEquals(1, origin().connections());
  }

  // Sending again

  /** A connection that answers once and dies when it is used again; the next one works. */
  private void diesWhenUsedAgain(OriginServer.Script death) {
    origin()
        .onConnection(
            c -> {
              c.readHead();
              c.send(ok("first"));
              c.readHead();
              death.run(c);
            },
            c -> {
              while (!c.atEnd()) {
                c.readHead();
                c.send(ok("again"));
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
  void anIdempotentRequestIsSentAgainWhenItsPooledConnectionDies(String method) throws Exception {
    diesWhenUsedAgain(OriginConnection::reset);
    RawClient client = client();
    assertAnswer("first", client.exchange(get("/")));
    RawResponse response = client.exchange(request(method, "/x"));
    assertEquals(200, response.status());
    assertEquals(3, origin().heads().size());
    assertEquals(origin().heads().get(1), origin().heads().get(2));
  }

  @Test
  void aRequestIsSentAgainWhenItsPooledConnectionEndsInOrder() throws Exception {
    diesWhenUsedAgain(OriginConnection::close);
    RawClient client = client();
    client.exchange(get("/"));
    assertAnswer("again", client.exchange(get("/x")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH", "brew"})
  void anyOtherRequestIsSentOnce(String method) throws Exception {
    diesWhenUsedAgain(OriginConnection::reset);
    RawClient client = client();
    client.exchange(get("/"));
    assertFailure(502, "connection_terminated", client.exchange(request(method, "/x")));
    assertEquals(2, origin().heads().size());
  }

  @Test
  void aRequestWhoseContentWasSentAndNotKeptIsNotSentAgain() throws Exception {
    start(p -> p.buffering(b -> b.replayBytes(0)));
    diesWhenUsedAgain(
        c -> {
          c.readBody();
          c.reset();
        });
    RawClient client = client();
    client.exchange(get("/"));
    String request = request("PUT", "/x", "Content-Length: 3") + "abc";
    assertFailure(502, "connection_terminated", client.exchange(request));
    assertEquals(2, origin().heads().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100000000", "Transfer-Encoding: chunked"})
  void aRequestThatBreaksOffHalfwayIsNotSentAgain(String framing) throws Exception {
    diesWhenUsedAgain(
        c -> {
          c.readBytes(100_000);
          c.reset();
        });
    RawClient client = client();
    client.exchange(get("/"));
    client.send(request("PUT", "/x", framing));
    CompletableFuture<Void> sending = aside(() -> client.sendUntilClosed(CONTENT));
    RawResponse response = client.readResponse();
    assertFailure(502, "connection_terminated", response);
    assertEquals("close", response.field("Connection"));
    assertEquals(2, origin().heads().size());
    client.reset();
    sending.join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100000000", "Transfer-Encoding: chunked"})
  void theAnswerOfAnUpstreamThatBreaksOffARequestReachesTheClient(String framing) throws Exception {
    diesWhenUsedAgain(
        c -> {
          c.readBytes(100_000);
          c.send(head("HTTP/1.1 403 Forbidden", "Content-Length: 2") + "no");
          c.reset();
        });
    RawClient client = client();
    client.exchange(get("/"));
    client.send(request("PUT", "/x", framing));
    CompletableFuture<Void> sending = aside(() -> client.sendUntilClosed(CONTENT));
    RawResponse response = client.readResponse();
    assertEquals(403, response.status());
    assertEquals("no", response.text());
    assertEquals("close", response.field("Connection"));
    assertEquals(2, origin().heads().size());
    client.reset();
    sending.join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 3", "Transfer-Encoding: chunked"})
  void aRequestWhoseContentIsStillToComeIsNotSentAgainUnlessItIsKept(String framing)
      throws Exception {
    start(p -> p.buffering(b -> b.replayBytes(0)));
    diesWhenUsedAgain(OriginConnection::reset);
    RawClient client = client();
    client.exchange(get("/"));
    client.send(request("PUT", "/x", framing));
    assertFailure(502, "connection_terminated", client.readResponse());
    assertEquals(2, origin().heads().size());
  }

  @Test
  void aRequestThatHasAnswersAlreadyIsNotSentAgain() throws Exception {
    diesWhenUsedAgain(
        c -> {
          c.send(head("HTTP/1.1 103 Early Hints"));
          c.close();
        });
    RawClient client = client();
    client.exchange(get("/"));
    assertFailure(502, "http_response_incomplete", client.exchange(get("/x")));
    assertEquals(2, origin().heads().size());
  }

  @Test
  void aRequestIsSentAgainOnlyOnce() throws Exception {
    origin()
        .onConnection(
            c -> {
              c.readHead();
              c.send(ok("first"));
              c.readHead();
              c.reset();
            },
            c -> {
              c.readHead();
              c.reset();
            });
    RawClient client = client();
    client.exchange(get("/"));
    assertFailure(502, "connection_terminated", client.exchange(get("/x")));
    assertEquals(3, origin().heads().size());
  }

  @Test
  void aRequestIsSentAgainOnANewConnectionHoweverManyDeadOnesRest() throws Exception {
    CountDownLatch together = new CountDownLatch(3);
    OriginServer.Script dying =
        c -> {
          c.readHead();
          together.countDown();
          await(together);
          c.send(ok("first"));
          if (!c.atEnd()) {
            c.readHead();
            c.reset();
          }
        };
    origin()
        .onConnection(
            dying,
            dying,
            dying,
            c -> {
              c.readHead();
              c.send(ok("again"));
            });
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(client());
      clients.get(i).send(get("/" + i));
    }
    for (RawClient client : clients) {
      assertAnswer("first", client.readResponse());
    }
    assertAnswer("again", ask(get("/x")));
    assertEquals(4, origin().connections());
    assertEquals(5, origin().heads().size());
  }

  // Waiting

  /**
   * Has one upstream connection at the most, and a request on it until {@link #release} is counted
   * down: only then is it served by the first of these scripts, and the others serve what follows.
   *
   * @return the client of that request
   */
  private RawClient occupyWith(Consumer<ProxyBuilder<?>> more, OriginServer.Script... scripts)
      throws Exception {
    start(
        p -> {
          p.maxUpstreamConnections(1).listener(onEntering(Stage.CONNECT, connecting));
          more.accept(p);
        });
    OriginServer.Script first = scripts[0];
    scripts[0] =
        c -> {
          await(release);
          first.run(c);
        };
    origin().onRequest(scripts);
    RawClient client = client();
    client.send(get("/1"));
    origin().awaitHeads(1);
    acquire(connecting, 1);
    return client;
  }

  private RawClient occupy(OriginServer.Script... scripts) throws Exception {
    return occupyWith(p -> {}, scripts);
  }

  /** A client whose request has come to where it waits for a connection. */
  private RawClient waiting(String method) throws Exception {
    RawClient client = client();
    client.send(request(method, "/waits"));
    acquire(connecting, 1);
    return client;
  }

  @Test
  void aRequestWaitsForAConnectionWhenThereAreEnough() throws Exception {
    RawClient first = occupy(c -> c.send(ok("1")), c -> c.send(ok("2")));
    RawClient second = waiting("GET");
    release.countDown();
    assertAnswer("1", first.readResponse());
    assertAnswer("2", second.readResponse());
    assertEquals(1, origin().connections());
  }

  @Test
  void aRequestThatWaitsGetsANewConnectionWhenTheOldOneIsClosed() throws Exception {
    RawClient first = occupy(OriginConnection::reset, c -> c.send(ok("2")));
    RawClient second = waiting("GET");
    release.countDown();
    assertFailure(502, "connection_terminated", first.readResponse());
    assertAnswer("2", second.readResponse());
    assertEquals(2, origin().connections());
  }

  /** What it has waited for is a pooled connection like any other. */
  @ParameterizedTest
  @CsvSource({"GET, 200, 3", "POST, 502, 2"})
  void aRequestThatHasWaitedIsSentAgainIfItMayBe(String method, int status, int sent)
      throws Exception {
    RawClient first =
        occupy(c -> c.send(ok("1")), OriginConnection::reset, c -> c.send(ok("again")));
    RawClient second = waiting(method);
    release.countDown();
    assertAnswer("1", first.readResponse());
    assertEquals(status, second.readResponse().status());
    assertEquals(sent, origin().heads().size());
  }

  @Test
  void noRequestWaitsWhereNoneMay() throws Exception {
    occupyWith(p -> p.maxPendingRequests(0), Peer::awaitClose);
    assertFailure(503, "connection_limit_reached", ask(get("/2")));
  }

  @Test
  void aRequestWaitsOnlySoLong() throws Exception {
    occupyWith(p -> p.pendingTimeout(SHORT), Peer::awaitClose);
    assertFailure(503, "connection_limit_reached", ask(get("/2")));
  }

  @Test
  void aClientThatLeavesNoLongerWaits() throws Exception {
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    RawClient first =
        occupyWith(
            p -> p.listener(onCompleting(outcomes)), c -> c.send(ok("1")), c -> c.send(ok("2")));
    waiting("DELETE").close();
    next(outcomes);
    RawClient second = waiting("GET");
    release.countDown();
    assertAnswer("1", first.readResponse());
    assertAnswer("2", second.readResponse());
    for (String head : origin().heads()) {
      assertTrue(head.startsWith("GET "), head);
    }
  }

  @Test
  void aClientThatLeavesAsItsAnswerComesDoesNotDisturbWhoeverWaits() throws Exception {
    BlockingQueue<RawClient> leaving = new LinkedBlockingQueue<>();
    start(p -> p.maxUpstreamConnections(1).listener(onEntering(Stage.CONNECT, connecting)));
    origin()
        .onRequest(
            c -> {
              if (c.request().startLine().contains("gone")) {
                acquire(connecting, 2); // its own turn, and that of the one who waits
                next(leaving).reset();
              }
              c.send(ok("ok"));
            });
    for (int i = 0; i < 50; i++) {
      RawClient gone = client();
      gone.send(get("/gone"));
      leaving.add(gone);
      origin().awaitHeads(2 * i + 1);
      assertAnswer("ok", ask(get("/waits")));
    }
  }

  @Test
  void waitingCountsTowardsTheTimeOfTheExchange() throws Exception {
    start(p -> p.maxUpstreamConnections(1).exchangeTimeout(AMPLE));
    origin().onRequest(Peer::awaitClose);
    long began = System.nanoTime();
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      RawClient client = client();
      client.send(get("/" + i));
      clients.add(client);
    }
    for (RawClient client : clients) {
      assertFailure(504, "http_response_timeout", client.readResponse());
    }
    // else each would have had its own turn after the one before it, for as long
    assertTrue(System.nanoTime() - began < AMPLE.toNanos() * clients.size() / 2);
  }
}
