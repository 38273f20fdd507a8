package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static io.tidegate.core.testkit.Messages.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.testkit.RawResponse.Framing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, status codes, framing, bodies and trailers, on their way through (RFC 9112 §6, §7). */
public abstract class MessageSuite extends ProxyWireSuite {
  private static final int LARGE = 5_000_000;

  /** The suite for one direction. */
  protected MessageSuite(Side side) {
    super(side);
  }

  // Start lines

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "QUERY",
        "PROPFIND",
        "PURGE",
        "get",
        "Post",
        "M-SEARCH",
        "BREW",
        "!#$%&'*+-.^_`|~"
      })
  void everyMethodReachesTheOriginAsItIs(String method) throws Exception {
    assertAnswer("ok", ask(request(method, "/x")));
    assertEquals(method + " /x HTTP/1.1", origin().lastRequest().startLine());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/a/b?c=d&e", "/a%2Fb?x=%41+%20", "/?", "/a;p=1/b,c?d=/../", "//a//b/"})
  void pathAndQueryReachTheOriginOctetForOctet(String path) throws Exception {
    assertAnswer("ok", ask(get(path)));
    assertEquals("GET " + path + " HTTP/1.1", origin().lastRequest().startLine());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 OK",
        "200 Fine",
        "201 Created",
        "299 ",
        "404 Not Found",
        "500 Oh no!",
        "599 x"
      })
  void statusAndReasonReachTheClient(String status) throws Exception {
    origin().respond(head("HTTP/1.1 " + status, "Content-Length: 2") + "ab");
    RawResponse response = ask(get("/"));
    assertEquals("HTTP/1.1 " + status, response.statusLine());
    assertEquals("ab", response.text());
  }

  // Request bodies

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "DELETE", "OPTIONS", "brew"})
  void requestsWithoutContentGetNoFraming(String method) throws Exception {
    ask(request(method, "/"));
    assertNull(origin().lastRequest().field("Content-Length"));
    assertNull(origin().lastRequest().field("Transfer-Encoding"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "GET", "DELETE", "brew"})
  void contentOfKnownLengthKeepsItsLength(String method) throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    assertAnswer("hello", ask(request(method, "/", "Content-Length: 5") + "hello"));
    assertEquals("5", origin().lastRequest().field("Content-Length"));
    assertNull(origin().lastRequest().field("Transfer-Encoding"));
  }

  @Test
  void emptyContentIsToldAsEmptyContent() throws Exception {
    ask(request("POST", "/", "Content-Length: 0"));
    assertEquals("0", origin().lastRequest().field("Content-Length"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello\r\n0\r\n\r\n",
        "1\r\nh\r\n3\r\nell\r\n1\r\no\r\n0\r\n\r\n",
        "005\r\nhello\r\n000\r\n\r\n",
        "5;a;b=c; d=\"e\\\"f\"\r\nhello\r\n0;last\r\n\r\n"
      })
  void chunkedContentStaysChunked(String body) throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    assertAnswer("hello", ask(request("POST", "/", "Transfer-Encoding: chunked") + body));
    assertEquals("chunked", origin().lastRequest().field("Transfer-Encoding"));
    assertNull(origin().lastRequest().field("Content-Length"));
  }

  @Test
  void chunkExtensionsGoNoFurther() throws Exception {
    origin()
        .onRequest(
            c -> {
              ChunkedBody body = c.readChunked();
              c.send(ok(text(body.raw())));
            });
    String body = "3;name=value\r\nabc\r\n0;x\r\n\r\n";
    assertAnswer(
        "3\r\nabc\r\n0\r\n\r\n", ask(request("POST", "/", "Transfer-Encoding: chunked") + body));
  }

  @Test
  void emptyChunkedContentStaysEmptyAndChunked() throws Exception {
    origin().onRequest(c -> c.send(ok("<" + c.readBodyText() + ">")));
    assertAnswer("<>", ask(request("POST", "/", "Transfer-Encoding: Chunked") + "0\r\n\r\n"));
    assertEquals("chunked", origin().lastRequest().field("Transfer-Encoding"));
  }

  @Test
  void contentThatComesLittleByLittleIsPassedOnAsItComes() throws Exception {
    origin()
        .onRequest(
            c -> {
              for (int i = 0; i < 5; i++) {
                c.send(i == 0 ? head("HTTP/1.1 200 OK", "Content-Length: 5") : "");
                c.send(c.readBytes(1));
              }
            });
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 5"));
    client.send("a");
    client.readHead();
    assertEquals("a", client.readText(1));
    for (String octet : List.of("b", "c", "d", "e")) {
      client.send(octet);
      assertEquals(octet, client.readText(1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void largeRequestContentArrivesIntact(boolean chunked) throws Exception {
    byte[] content = random(LARGE);
    origin()
        .onRequest(
            c -> {
              assertArrayEquals(content, c.readBody());
              c.send(ok("thanks"));
            });
    RawClient client = client();
    if (chunked) {
      client.send(request("POST", "/", "Transfer-Encoding: chunked"));
      client.send(Integer.toHexString(LARGE) + "\r\n");
      client.send(content);
      client.send("\r\n0\r\n\r\n");
    } else {
      client.send(request("POST", "/", "Content-Length: " + LARGE));
      client.send(content);
    }
    assertAnswer("thanks", client.readResponse());
  }

  // Response bodies

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Content-Length: 5,           hello,                            LENGTH",
    "Content-Length: 0,           '',                               LENGTH",
    "Transfer-Encoding: chunked,  '2;x=y|he|3|llo|0||',             CHUNKED",
    "Transfer-Encoding: CHUNKED,  '0||',                            CHUNKED",
    "X-Nothing: at all,           hello,                            CHUNKED"
  })
  void responseBodiesReachTheClientInAnyFraming(String field, String body, Framing framing)
      throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", field) + body.replace("|", "\r\n"));
              if (field.startsWith("X-")) {
                c.close();
              }
            });
    RawClient client = client();
    assertAnswer(body.isEmpty() || body.startsWith("0") ? "" : "hello", client.exchange(get("/")));
    RawResponse again = client.exchange(get("/")); // the client's connection goes on
    assertEquals(framing, again.framing());
    assertNull(again.field("Connection"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"length", "chunked", "close"})
  void largeResponseContentArrivesIntact(String framing) throws Exception {
    byte[] content = random(LARGE);
    origin()
        .onRequest(
            c -> {
              switch (framing) {
                case "length" -> {
                  c.send(head("HTTP/1.1 200 OK", "Content-Length: " + LARGE));
                  c.send(content);
                }
                case "chunked" -> {
                  c.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"));
                  c.send(Integer.toHexString(LARGE) + "\r\n");
                  c.send(content);
                  c.send("\r\n0\r\n\r\n");
                }
                default -> {
                  c.send(head("HTTP/1.1 200 OK"));
                  c.send(content);
                  c.close();
                }
              }
            });
    RawResponse response = ask(get("/"));
    assertTrue(response.complete());
    assertArrayEquals(content, response.body());
  }

  @Test
  void responsesToHeadHaveTheirLengthButNoBody() throws Exception {
    origin().respond(head("HTTP/1.1 200 OK", "Content-Length: 5"), ok("next"));
    RawClient client = client();
    RawResponse response = client.exchange(request("HEAD", "/"));
    assertEquals(200, response.status());
    assertEquals("5", response.field("Content-Length"));
    assertAnswer("next", client.exchange(get("/")));
    assertEquals(1, origin().connections());
  }

  @Test
  void responsesToHeadMayDoWithoutLength() throws Exception {
    origin().respond(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"), ok("next"));
    RawClient client = client();
    assertNull(client.exchange(request("HEAD", "/")).field("Content-Length"));
    assertAnswer("next", client.exchange(get("/")));
  }

  @ParameterizedTest
  @CsvSource({
    "204 No Content,   Content-Length: 0",
    "204 No Content,   X-A: b",
    "304 Not Modified, X-A: b",
    "304 Not Modified, Transfer-Encoding: chunked"
  })
  void statusesWithoutContentHaveNone(String status, String field) throws Exception {
    origin().respond(head("HTTP/1.1 " + status, field), ok("next"));
    RawClient client = client();
    RawResponse response = client.exchange(get("/"));
    assertEquals("HTTP/1.1 " + status, response.statusLine());
    assertEquals(Framing.NONE, response.framing());
    assertNull(response.field("Transfer-Encoding"));
    assertAnswer("next", client.exchange(get("/")));
  }

  @Test
  void aNotModifiedResponseKeepsItsLength() throws Exception {
    origin().respond(head("HTTP/1.1 304 Not Modified", "Content-Length: 77"), ok("next"));
    RawClient client = client();
    assertEquals("77", client.exchange(get("/")).field("Content-Length"));
    assertAnswer("next", client.exchange(get("/")));
  }

  // Trailers

  @Test
  void onlyHarmlessRequestTrailersGoOn() throws Exception {
    origin().onRequest(c -> c.send(ok(c.readChunked().trailers().toString())));
    String body =
        "3\r\nabc\r\n0\r\n"
            + head(
                "Host: evil",
                "X-Checksum: 1",
                "Server-Timing: db;dur=1",
                "Content-Length: 9",
                "Authorization: Basic x",
                "Transfer-Encoding: chunked",
                "X-Forwarded-For: 192.0.2.1",
                "Content-Digest: sha-256=:x:");
    assertAnswer(
        "[Server-Timing: db;dur=1, Content-Digest: sha-256=:x:]",
        ask(request("POST", "/", "Transfer-Encoding: chunked", "Trailer: Content-Digest") + body));
    assertEquals("Content-Digest", origin().lastRequest().field("Trailer"));
  }

  @Test
  void onlyHarmlessResponseTrailersGoOnToClientsThatTakeThem() throws Exception {
    origin().respond(withTrailers());
    RawResponse response = ask(request("GET", "/", "TE: trailers", "Connection: TE"));
    assertAnswer("abc", response);
    assertEquals("[Server-Timing: db;dur=1, ETag: \"b\"]", response.trailers().toString());
    assertEquals("trailers", origin().lastRequest().field("TE"));
    assertEquals("TE", origin().lastRequest().field("Connection"));
  }

  @Test
  void clientsThatDoNotAskForTrailersGetNone() throws Exception {
    origin().respond(withTrailers());
    RawResponse response = ask(get("/"));
    assertAnswer("abc", response);
    assertEquals(List.of(), response.trailers());
    assertNull(origin().lastRequest().field("TE"));
  }

  private static String withTrailers() {
    return head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: Server-Timing")
        + "3\r\nabc\r\n0\r\n"
        + head(
            "Server-Timing: db;dur=1",
            "Set-Cookie: a=b",
            "X-A: b",
            "ETag: \"b\"",
            "Content-Length: 3");
  }

  // HTTP/1.0

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "close"})
  void anHttp10ClientGetsContentOfUnknownLengthUntilClose(String framing) throws Exception {
    origin()
        .onRequest(
            c -> {
              if (framing.equals("chunked")) {
                c.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + chunked("ab", "c"));
              } else {
                c.send(head("HTTP/1.1 200 OK") + "abc");
                c.close();
              }
            });
    RawResponse response = ask(request10("GET", "/", "Connection: keep-alive"));
    assertAnswer("abc", response);
    assertEquals(Framing.CLOSE, response.framing());
    assertEquals("close", response.field("Connection"));
  }

  @Test
  void anHttp10ClientIsClosedUnlessItAsksOtherwise() throws Exception {
    RawClient client = client();
    RawResponse response = client.exchange(request10("GET", "/"));
    assertAnswer("ok", response);
    assertEquals("close", response.field("Connection"));
    assertTrue(client.atEnd());
  }

  @Test
  void anHttp10ClientMayKeepItsConnection() throws Exception {
    RawClient client = client();
    String request = request10("GET", "/", "Connection: keep-alive");
    assertEquals("keep-alive", client.exchange(request).field("Connection"));
    assertAnswer("ok", client.exchange(request));
  }

  @Test
  void theUpstreamIsSpokenToInHttp11WhateverTheClientSpeaks() throws Exception {
    ask(request10("GET", "/x"));
    assertEquals("GET /x HTTP/1.1", origin().lastRequest().startLine());
  }

  @Test
  void anHttp10UpstreamServesHttp11Clients() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.0 200 OK", "Content-Length: 2") + "ok");
              c.close();
            });
    RawClient client = client();
    RawResponse response = client.exchange(get("/"));
    assertEquals("HTTP/1.1 200 OK", response.statusLine());
    assertAnswer("ok", response);
    assertAnswer("ok", client.exchange(get("/")));
  }
}
