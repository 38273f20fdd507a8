package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One line for each exchange, whatever becomes of it. */
public abstract class AccessLogSuite extends ProxyWireSuite {
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** The suite for one direction. */
  protected AccessLogSuite(Side side) {
    super(side);
  }

  private Proxy logging(String pattern) {
    return start(proxy -> proxy.accessLog(log -> log.sink(lines::add).pattern(pattern)));
  }

  @Test
  void anExchangeIsALine() throws Exception {
    logging("{method} {target} {version} {status} {bytes} {bytes.received} {endpoint} {attempts}");
    origin().onRequest(c -> c.send(ok(c.readBodyText() + "!")));
    ask(request("POST", "/x", "Content-Length: 3") + "abc");
    assertEquals(
        "POST " + target("/x") + " HTTP/1.1 200 4 3 " + origin().authority() + " 1", next(lines));
  }

  @Test
  void theFieldsOfBothMessagesAreThere() throws Exception {
    logging("{field:User-Agent} {field:Cookie} {response-field:X-A} {response-field:Set-Cookie}");
    origin()
        .respond(
            "HTTP/1.1 200 OK\r\nX-A: b\r\nX-A: c\r\nSet-Cookie: s=1\r\nContent-Length: 0\r\n\r\n");
    ask(request("GET", "/", "User-Agent: a\tb\"c", "Cookie: s=1"));
    assertEquals("a\\x09b\\x22c redacted b, c redacted", next(lines));
  }

  @Test
  void theClientAndOurEndAreThere() throws Exception {
    Proxy proxy = logging("{client} {client.port} {peer.port} {listener} {connection.request}");
    RawClient client = client();
    client.exchange(get("/1"));
    client.exchange(get("/2"));
    String end = "127.0.0.1 " + client.localPort() + " " + client.localPort();
    assertEquals(end + " 127.0.0.1:" + proxy.address().getPort() + " 1", next(lines));
    assertTrue(next(lines).endsWith(" 2"));
  }

  @Test
  void whomTheProxyProtocolTellsIsTheClientAndItsSenderThePeer() throws Exception {
    start(
        proxy ->
            proxy
                .proxyProtocol(told -> told.from("127.0.0.1"))
                .accessLog(log -> log.sink(lines::add).pattern("{client}:{client.port} {peer}")));
    RawClient client = client();
    client.send("PROXY TCP4 192.0.2.1 198.51.100.7 54321 8080\r\n" + get("/"));
    client.readResponse();
    assertEquals("192.0.2.1:54321 127.0.0.1", next(lines));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET /x HTTP/1.1 / Host: a / Content-Length: x | - - 400 http_request_error validate
          GET /x HTTP/3.0 / Host: a                    | - - 505 http_request_error validate
          \u001b]0;x                                   | - - 400 http_request_error validate
          """)
  void whatIsNoRequestHasALineWithoutOne(String request, String line) throws Exception {
    logging("{method} {target} {status} {error} {stage}");
    ask(Messages.head(lines(request)));
    assertEquals(line, next(lines));
  }

  @Test
  void anUpstreamThatFailsIsNamedWithItsError() throws Exception {
    logging("{status} {error} {stage} {endpoint}");
    origin().onRequest(c -> c.reset());
    ask(get("/"));
    assertEquals(
        "502 connection_terminated respond " + origin().authority(),
        next(lines).replace("send ", "respond ").replace("receive ", "respond "));
  }

  @Test
  void aClientThatGoesAwayIsA499() throws Exception {
    logging("{status} {error.detail}");
    origin().onRequest(c -> c.awaitClose());
    RawClient client = client();
    client.send(get("/"));
    origin().awaitHeads(1);
    client.reset();
    assertEquals("499 the client went away", next(lines));
  }

  @Test
  void aResponseThatIsCutHasItsStatusAndItsError() throws Exception {
    logging("{status} {bytes} {error}");
    origin()
        .onRequest(
            c -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
              c.close();
            });
    ask(get("/"));
    assertEquals("200 3 http_response_incomplete", next(lines));
  }

  @Test
  void interimResponsesHaveNoLineOfTheirOwn() throws Exception {
    logging("{status}");
    origin().respond("HTTP/1.1 103 Early Hints\r\n\r\n" + ok("x"));
    RawClient client = client();
    client.send(get("/"));
    client.readResponse();
    assertEquals("200", next(lines));
  }

  @Test
  void aWebSocketIsALineWhenItEnds() throws Exception {
    logging("{status} {bytes} {bytes.received} {stage}");
    origin()
        .onRequest(
            c -> {
              c.send(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n"
                      + "Upgrade: websocket\r\n\r\n");
              c.send(c.readText(3));
            });
    RawClient client = client();
    client.send(
        request(
                "GET",
                "/",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
            + "abc");
    client.readHead();
    client.readText(3);
    assertTrue(lines.isEmpty());
    client.close();
    assertEquals("101 3 3 tunnel", next(lines));
  }

  @Test
  void whatTheCacheDidIsThereAndWhatItAsksForItselfIsNot() throws Exception {
    start(
        proxy ->
            proxy
                .cache(rules -> {})
                .accessLog(log -> log.sink(lines::add).pattern("{status} {cache} {endpoint}")));
    origin().respond("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\n\r\nx");
    ask(get("/"));
    ask(get("/"));
    assertEquals("200 uri-miss " + origin().authority(), next(lines));
    assertEquals("200 hit -", next(lines));
  }

  @Test
  void streamsOfHttp2HaveLinesOfTheirOwn() throws Exception {
    start(
        proxy ->
            proxy
                .http2WithoutTls()
                .accessLog(
                    log ->
                        log.sink(lines::add)
                            .pattern("{method} {path} {version} {connection.request}")));
    try (Http2Client client = Http2Client.connect(port()).handshake()) {
      for (int stream : List.of(1, 3)) {
        client.headers(
            stream,
            true,
            ":method",
            "GET",
            ":scheme",
            "http",
            ":authority",
            origin().authority(),
            ":path",
            "/" + stream);
        client.readResponse(stream);
      }
    }
    String first = next(lines);
    assertTrue(first.startsWith("GET ") && first.endsWith("/1 HTTP/2.0 1"), first);
    assertTrue(next(lines).endsWith("/3 HTTP/2.0 2"));
  }

  @Test
  void stoppingWritesWhatIsThere() throws Exception {
    Proxy proxy = logging("{status}");
    RawClient client = client();
    client.exchange(get("/"));
    client.close();
    proxy.close();
    assertEquals("200", lines.poll());
    assertNull(lines.poll());
    assertEquals(0, proxy.figures().unlogged());
  }
}
