package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that fail, and what their clients see of it (RFC 9209, RFC 9112 §8). */
public abstract class FailureSuite extends ProxyWireSuite {
  /** The suite for one direction. */
  protected FailureSuite(Side side) {
    super(side);
  }

  // Before a response

  @Test
  void aRefusedConnectionIsABadGateway() throws Exception {
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    start(p -> p.listener(onCompleting(outcomes)));
    origin().close();
    RawResponse response = ask(get("/"));
    assertFailure(502, "connection_refused", response);
    assertEquals(origin().port(), next(outcomes).destination().port());
    assertEquals("502 Bad Gateway: the connection was refused\n", response.text());
    assertNotNull(response.field("Date"));
  }

  @Test
  void aFailureToAHeadRequestHasNoBody() throws Exception {
    proxy();
    origin().close();
    RawClient client = client();
    assertEquals(502, client.exchange(request("HEAD", "/")).status());
    assertEquals(502, client.exchange(request("HEAD", "/")).status());
  }

  @Test
  void theClientsConnectionGoesOnAfterAFailure() throws Exception {
    origin().onRequest(OriginConnection::reset, c -> c.send(ok("fine")));
    RawClient client = client();
    assertFailure(502, "connection_terminated", client.exchange(get("/")));
    assertAnswer("fine", client.exchange(get("/")));
  }

  @Test
  void anUpstreamThatDoesNotAnswerIsAGatewayTimeout() throws Exception {
    start(p -> p.responseTimeout(SHORT));
    origin().onRequest(Peer::awaitClose);
    assertFailure(504, "http_response_timeout", ask(get("/")));
    origin().connection(0).awaitEnded();
  }

  @Test
  void anInterimResponseIsNoAnswer() throws Exception {
    start(p -> p.responseTimeout(AMPLE));
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 103 Early Hints"));
              c.awaitClose();
            });
    RawResponse response = ask(get("/"));
    assertFailure(504, "http_response_timeout", response);
    assertEquals(1, response.interim().size());
  }

  @Test
  void anUpstreamThatTakesNothingOfALargeRequestIsAGatewayTimeout() throws Exception {
    start(p -> p.idleTimeout(AMPLE));
    CountDownLatch over = new CountDownLatch(1);
    origin().onRequest(c -> await(over));
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 100000000"));
    var sending = aside(() -> client.sendUntilClosed(random(1 << 16)));
    assertFailure(504, "connection_write_timeout", client.readResponse());
    over.countDown();
    client.reset();
    sending.join();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUpstreamThatClosesWithoutAWordIsABadGateway(boolean byReset) throws Exception {
    origin().onRequest(byReset ? OriginConnection::reset : OriginConnection::close);
    assertFailure(502, "connection_terminated", ask(get("/")));
    assertEquals(1, origin().connections()); // a fresh connection: nothing is tried again
  }

  @Test
  void aHeadThatEndsEarlyIsABadGateway() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send("HTTP/1.1 200 OK\r\nContent-");
              c.close();
            });
    assertFailure(502, "http_response_incomplete", ask(get("/")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 200OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\u0000c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      })
  void aResponseThatIsNoneIsABadGateway(String response) throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(response);
              c.awaitClose();
            });
    assertFailure(502, "http_protocol_error", ask(get("/")));
    origin().connection(0).awaitEnded();
  }

  @Test
  void aTransferCodingNobodyKnowsIsABadGateway() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: gzip") + "x");
              c.awaitClose();
            });
    assertFailure(502, "http_response_transfer_coding", ask(get("/")));
  }

  @Test
  void aResponseHeadThatIsTooLargeIsABadGateway() throws Exception {
    origin()
        .onRequest(
            c -> c.sendUntilClosed(("HTTP/1.1 200 OK\r\nX-A: " + "a".repeat(200_000)).getBytes()));
    assertFailure(502, "http_response_header_section_size", ask(get("/")));
  }

  @Test
  void aResponseWithTooManyFieldsIsABadGateway() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send("HTTP/1.1 200 OK\r\n" + "X-A: b\r\n".repeat(600));
              c.awaitClose();
            });
    assertFailure(502, "http_response_header_section_size", ask(get("/")));
  }

  // In the middle of a response

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n"
      })
  void aTruncatedResponseLooksTruncated(String rest) throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send("HTTP/1.1 200 OK\r\n" + rest);
              c.close();
            });
    RawResponse response = ask(get("/"));
    assertEquals(200, response.status());
    assertEquals("abc", response.text());
    assertFalse(response.complete());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "X-A: until close\r\n\r\nabc"
      })
  void aBodyThatStallsIsCut(String rest) throws Exception {
    start(p -> p.idleTimeout(SHORT));
    origin()
        .onRequest(
            c -> {
              c.send("HTTP/1.1 200 OK\r\n" + rest);
              c.awaitClose();
            });
    RawResponse response = ask(get("/"));
    assertEquals("abc", response.text());
    assertFalse(response.complete());
    origin().connection(0).awaitEnded();
  }

  @Test
  void truncationIsToldToAnHttp10ClientByReset() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
              c.readText(1);
              c.close();
            });
    RawClient client = client();
    client.send(request10("POST", "/", "Content-Length: 1"));
    client.readHead();
    assertEquals("abc", client.readText(3));
    client.send("!");
    assertTrue(client.atEnd());
    assertTrue(client.endedByReset());
  }

  @Test
  void aClientThatTakesNothingIsCutAndCannotFillTheProxy() throws Exception {
    start(p -> p.idleTimeout(SHORT));
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: 1000000000"));
              c.sendUntilClosed(new byte[1 << 16]);
            });
    RawClient client = client();
    client.send(get("/"));
    client.readHead();
    origin().connection(0).awaitEnded();
    long sent = origin().connection(0).sent();
    assertTrue(sent < 50_000_000, () -> sent + " octets"); // what sockets hold, and little more
  }

  @Test
  void anExchangeMayNotTakeForever() throws Exception {
    start(p -> p.exchangeTimeout(AMPLE));
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: 900000000"));
              c.sendUntilClosed(new byte[1 << 10]);
            });
    assertFalse(ask(get("/")).complete());
  }
}
