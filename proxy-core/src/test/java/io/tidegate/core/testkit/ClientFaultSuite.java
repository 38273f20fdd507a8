package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that break the rules: each is told so once, and nothing of it reaches an upstream. */
public abstract class ClientFaultSuite extends ProxyWireSuite {
  /** An origin whose request never ends, because it is cut. */
  private static final OriginServer.Script UNFINISHED =
      connection -> {
        assertThrows(IOException.class, connection::readBody);
        connection.cut();
      };

  /** The suite for one direction. */
  protected ClientFaultSuite(Side side) {
    super(side);
  }

  /** The answer to {@code request}, after which the connection ends. */
  private void assertRefused(int status, String request) throws Exception {
    RawClient client = client();
    client.send(request);
    RawResponse response = client.readResponse();
    assertFailure(status, "http_request_error", response);
    assertEquals("close", response.field("Connection"));
    assertTrue(client.atEnd());
    assertNothingForwarded();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000",
        "GET\r\n\r\n",
        "GET %T\r\n\r\n",
        "GET  %T HTTP/1.1\r\nHost: %H\r\n\r\n",
        "GET %T  HTTP/1.1\r\nHost: %H\r\n\r\n",
        "GET %T HTTP/1.1 \r\nHost: %H\r\n\r\n",
        "GET\t%T HTTP/1.1\r\nHost: %H\r\n\r\n",
        "GET %T http/1.1\r\nHost: %H\r\n\r\n",
        "GET %T HTTP/1.1\nHost: %H\n\n",
        "GET %T HTTP/1.1\r\nHost: %H\n\r\n",
        "GET %T HTTP/1.1\rHost: %H\r\n\r\n",
        "GET %T HTTP/1.1\r\n Host: %H\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nA: b\r\n c\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nA : b\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\n: b\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nA\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nA: b\u0000c\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nA: b\rc\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nA\u00e9: b\r\n\r\n",
        "GET %T#fragment HTTP/1.1\r\nHost: %H\r\n\r\n",
        "GET %T\u0001 HTTP/1.1\r\nHost: %H\r\n\r\n",
        "G(T %T HTTP/1.1\r\nHost: %H\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nContent-Length: \r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nContent-Length: x\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nContent-Length: -1\r\n\r\n",
        "GET %T HTTP/1.1\r\nHost: %H\r\nContent-Length: 99999999999999999999\r\n\r\n"
      })
  void aMalformedRequestIsRefused(String request) throws Exception {
    assertRefused(400, request.replace("%T", target("/")).replace("%H", origin().authority()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked / Content-Length: 3",
        "Content-Length: 3 / Transfer-Encoding: chunked",
        "Content-Length: 3 / Content-Length: 3",
        "Content-Length: 3 / content-length: 4",
        "Content-Length: 3, 3",
        "Transfer-Encoding: chunked / Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked / Transfer-Encoding: identity"
      })
  void aRequestThatCouldBeReadInTwoWaysIsRefused(String fields) throws Exception {
    String smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    assertRefused(400, request("POST", "/", lines(fields)) + smuggled);
  }

  @Test
  void anHttp10RequestIsNotChunked() throws Exception {
    assertRefused(400, request10("POST", "/", "Transfer-Encoding: chunked") + "0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "identity", "xchunked", "\"chunked\"", "chunked;q=1"})
  void aTransferCodingNobodyKnowsIsNotImplemented(String coding) throws Exception {
    assertRefused(501, request("POST", "/", "Transfer-Encoding: " + coding) + "x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2.0", "HTTP/0.9", "HTTP/3.1"})
  void otherVersionsAreNotSupported(String version) throws Exception {
    assertRefused(505, get("/").replace("HTTP/1.1", version));
  }

  @Test
  void theHttp2PrefaceIsNotSupported() throws Exception {
    assertRefused(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  }

  @Test
  void minorVersionsYetToComeAreSpokenToAsOne() throws Exception {
    assertAnswer("ok", ask(get("/").replace("HTTP/1.1", "HTTP/1.9")));
  }

  @Test
  void emptyLinesBeforeARequestAreSkipped() throws Exception {
    RawClient client = client();
    client.send("\r\n\r\n" + get("/"));
    assertAnswer("ok", client.readResponse());
  }

  @Test
  void theRefusalOfAHeadRequestHasNoBody() throws Exception {
    RawClient client = client();
    client.send(head("HEAD " + target("/") + " HTTP/1.1"));
    RawResponse response = client.readResponse("HEAD");
    assertEquals(400, response.status());
    assertEquals(NAME + "; error=http_request_error", response.field("Proxy-Status"));
    assertTrue(client.atEnd());
    assertNothingForwarded();
  }

  // Limits

  @Test
  void aTargetThatIsTooLongIsRefused() throws Exception {
    start(p -> p.maxTargetBytes(1000));
    assertRefused(414, get("/" + "a".repeat(2000)));
  }

  @Test
  void aHeadThatIsTooLongIsRefused() throws Exception {
    start(p -> p.maxHeadBytes(2000));
    assertRefused(431, request("GET", "/", "X-A: " + "a".repeat(3000)));
  }

  @Test
  void aHeadWithTooManyFieldsIsRefused() throws Exception {
    start(p -> p.maxFields(10));
    String[] fields = new String[10];
    Arrays.fill(fields, "X-A: b");
    assertRefused(431, request("GET", "/", fields));
  }

  @Test
  void contentWhoseLengthIsTooLargeIsRefused() throws Exception {
    start(p -> p.maxBodyBytes(10));
    assertRefused(413, request("POST", "/", "Content-Length: 11") + "hello world");
  }

  @Test
  void contentUpToTheLimitPasses() throws Exception {
    start(p -> p.maxBodyBytes(10));
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    assertAnswer("0123456789", ask(request("POST", "/", "Content-Length: 10") + "0123456789"));
    String chunked = Messages.chunked("01234", "56789");
    assertAnswer("0123456789", ask(request("POST", "/", "Transfer-Encoding: chunked") + chunked));
  }

  @Test
  void chunkedContentIsRefusedWhenItGrowsTooLarge() throws Exception {
    start(p -> p.maxBodyBytes(10));
    origin().onRequest(UNFINISHED);
    RawClient client = client();
    String request = request("POST", "/", "Transfer-Encoding: chunked");
    RawResponse response = client.exchange(request + Messages.chunked("01234", "567890"));
    assertFailure(413, "http_request_error", response);
    assertEquals("close", response.field("Connection"));
    origin().connection(0).awaitEnded();
  }

  // Content

  @ParameterizedTest
  @CsvSource({
    "x",
    "-1",
    "+3",
    "0x3",
    "3 3",
    "' 3'",
    "3g",
    "g",
    "''",
    "'3;'",
    "'3;a='",
    "'3;=b'",
    "'3,a'",
    "fffffffffffffffff",
    "3\u00e9"
  })
  void aChunkSizeThatIsNoneIsRefusedAndTheUpstreamCut(String size) throws Exception {
    assertBrokenBody("1\r\na\r\n" + size + "\r\nabc\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3\nabc\r\n0\r\n\r\n",
        "3\r\nabcd\r\n0\r\n\r\n",
        "3\r\nabc\n0\r\n\r\n",
        "3\r\nabc0\r\n\r\n",
        "3\rabc\r\n0\r\n\r\n",
        "0\r\nX A: b\r\n\r\n",
        "0\r\nX-A: b\n\r\n",
        "0\r\n X-A: b\r\n\r\n",
        "0\n\r\n"
      })
  void aBrokenChunkIsRefusedAndTheUpstreamCut(String body) throws Exception {
    assertBrokenBody("1\r\na\r\n" + body);
  }

  private void assertBrokenBody(String body) throws Exception {
    origin().onRequest(UNFINISHED);
    RawClient client = client();
    client.send(request("POST", "/", "Transfer-Encoding: chunked") + body + get("/smuggled"));
    RawResponse response = client.readResponse();
    assertFailure(400, "http_request_error", response);
    assertEquals("close", response.field("Connection"));
    assertTrue(client.atEnd());
    assertTrue(origin().heads().size() <= 1);
    for (String head : origin().heads()) {
      assertTrue(head.startsWith("POST / "), head);
    }
  }

  @Test
  void trailersThatAreTooLargeAreRefused() throws Exception {
    origin().onRequest(UNFINISHED);
    String request = request("POST", "/", "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\n";
    RawResponse response = ask(request + head("X-A: " + "a".repeat(20_000)));
    assertFailure(431, "http_request_error", response);
  }

  @Test
  void aClientThatLeavesItsRequestUnfinishedTakesTheUpstreamAlong() throws Exception {
    origin().onRequest(UNFINISHED);
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 10") + "abc");
    origin().awaitHeads(1);
    client.close();
    origin().connection(0).awaitEnded();
  }

  // Time

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET / HTTP/1.1\r\nHost: a\r\n"})
  void aHeadThatDoesNotEndIsTimedOut(String beginning) throws Exception {
    start(p -> p.headTimeout(AMPLE));
    assertRefused(408, beginning);
  }

  @Test
  void aConnectionWithoutAnyRequestIsClosedWithoutAWord() throws Exception {
    start(p -> p.headTimeout(SHORT));
    assertThrows(EOFException.class, client()::readHead);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEmptyLineIsNotTheBeginningOfARequest(boolean behindAnother) throws Exception {
    start(p -> p.headTimeout(AMPLE).keepAliveTimeout(AMPLE));
    RawClient client = client();
    if (behindAnother) {
      assertAnswer("ok", client.exchange(get("/")));
    }
    client.send("\r\n");
    assertTrue(client.atEnd()); // without a word
  }

  @Test
  void contentThatDoesNotComeIsTimedOut() throws Exception {
    start(p -> p.idleTimeout(AMPLE));
    origin().onRequest(UNFINISHED);
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 10") + "abc");
    assertFailure(408, "http_request_error", client.readResponse());
    origin().connection(0).awaitEnded();
  }
}
