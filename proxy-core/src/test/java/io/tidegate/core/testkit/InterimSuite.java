package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interim responses and expectations (RFC 9110 §10.1.1, §15.2). */
public abstract class InterimSuite extends ProxyWireSuite {
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

  /** The suite for one direction. */
  protected InterimSuite(Side side) {
    super(side);
  }

  private String expecting() {
    return request("PUT", "/", "Content-Length: 5", "Expect: 100-continue");
  }

  @Test
  void theUpstreamSaysWhenTheContentIsWanted() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(CONTINUE);
              c.send(ok(c.readBodyText()));
            });
    RawClient client = client();
    client.send(expecting());
    assertEquals(CONTINUE, client.readHead());
    client.send("hello");
    assertAnswer("hello", client.readResponse());
    assertEquals("100-continue", origin().lastRequest().field("Expect"));
    assertAnswer("x", client.exchange(request("POST", "/", "Content-Length: 1") + "x"));
  }

  @Test
  void theUpstreamMayDeclineTheContent() throws Exception {
    origin().onRequest(c -> c.send(head("HTTP/1.1 417 No", "Content-Length: 0")));
    RawClient client = client();
    client.send(expecting());
    RawResponse response = client.readResponse();
    assertEquals(417, response.status());
    assertEquals("close", response.field("Connection"));
    client.close();
    origin().connection(0).awaitEnded(); // the content may still come: not to be used again
  }

  @Test
  void aClientNeedNotWaitToBeAsked() throws Exception {
    origin()
        .onRequest(
            c -> {
              String body = c.readBodyText();
              c.send(CONTINUE + ok(body));
            });
    assertAnswer("hello", ask(expecting() + "hello"));
  }

  @Test
  void anUpstreamThatNeverAsksMayAnswerAllTheSame() throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    RawClient client = client();
    client.send(expecting());
    origin().awaitHeads(1);
    client.send("hello");
    assertAnswer("hello", client.readResponse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Expect: 200-ok", "Expect: 100-continue, other", "Expect: x"})
  void expectationsNobodyKnowsAreLeftOut(String expect) throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    assertAnswer("a", ask(request("POST", "/", "Content-Length: 1", expect) + "a"));
    assertNull(origin().lastRequest().field("Expect"));
  }

  @Test
  void anExpectationWithoutContentIsLeftOut() throws Exception {
    assertAnswer("ok", ask(request("GET", "/", "Expect: 100-continue")));
    assertNull(origin().lastRequest().field("Expect"));
  }

  @Test
  void anHttp10ClientCannotExpectAnything() throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    String request = request10("POST", "/", "Content-Length: 1", "Expect: 100-continue") + "a";
    assertAnswer("a", ask(request));
    assertNull(origin().lastRequest().field("Expect"));
  }

  @Test
  void interimResponsesArriveInOrderAndWithTheirFields() throws Exception {
    origin()
        .respond(
            head("HTTP/1.1 102 Processing")
                + head(
                    "HTTP/1.1 103 Early Hints",
                    "Link: </a>",
                    "Link: </b>",
                    "Connection: X-H",
                    "X-H: 1")
                + head("HTTP/1.1 103 Early Hints", "Link: </c>")
                + head("HTTP/1.1 199 Odd")
                + ok("final"));
    RawResponse response = ask(get("/"));
    assertAnswer("final", response);
    assertEquals(
        List.of(
            "HTTP/1.1 102 Processing",
            "HTTP/1.1 103 Early Hints",
            "HTTP/1.1 103 Early Hints",
            "HTTP/1.1 199 Odd"),
        response.interim().stream().map(RawHead::startLine).toList());
    RawHead hints = response.interim().get(1);
    assertEquals(List.of("</a>", "</b>"), hints.all("Link"));
    assertEquals("1.1 gate", hints.field("Via"));
    assertNull(hints.field("X-H"));
    assertNull(hints.field("Connection"));
  }

  @Test
  void anInterimResponseArrivesBeforeTheFinalOneIsThere() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 103 Early Hints", "Link: </a>"));
              assertEquals("go", c.readBodyText());
              c.send(ok("final"));
            });
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: 2"));
    assertTrue(client.readHead().startsWith("HTTP/1.1 103 "));
    client.send("go");
    assertAnswer("final", client.readResponse());
  }

  @Test
  void anInterimResponseHasNoContentWhateverItSays() throws Exception {
    origin().respond(head("HTTP/1.1 103 Early Hints", "Content-Length: 5") + ok("final"));
    RawResponse response = ask(get("/"));
    assertAnswer("final", response);
    assertNull(response.interim().get(0).field("Content-Length"));
  }

  @Test
  void aContinueThatNobodyWaitsForIsPassedOn() throws Exception {
    origin().respond(CONTINUE + ok("final"));
    RawResponse response = ask(get("/"));
    assertAnswer("final", response);
    assertEquals(1, response.interim().size());
  }

  @Test
  void http10ClientsGetTheFinalResponseAlone() throws Exception {
    origin().respond(CONTINUE + head("HTTP/1.1 103 Early Hints", "Link: </a>") + ok("final"));
    RawResponse response = ask(request10("GET", "/"));
    assertAnswer("final", response);
    assertEquals(List.of(), response.interim());
  }

  @Test
  void interimResponsesThatNobodyReadsHoldUpTheirOriginAndNobodyElse() throws Exception {
    int count = 4000;
    byte[] hint = head("HTTP/1.1 103 Early Hints", "Link: " + "a".repeat(10_000)).getBytes();
    byte[] some = random(1_000_000);
    origin()
        .onRequest(
            c -> {
              for (int i = 0; i < count; i++) {
                c.send(hint);
              }
              c.send(ok("final"));
            },
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + some.length));
              c.send(some);
            });
    RawClient slow = client();
    slow.send(get("/hints"));
    origin().awaitHeads(1);
    RawClient quick = client();
    for (int i = 0; i < 80; i++) {
      assertArrayEquals(some, quick.exchange(get("/some")).body());
    }
    // 80 MB went past them on the same thread: they stand still
    assertTrue(origin().connection(0).sent() < (long) count * hint.length);
    RawResponse response = slow.readResponse();
    assertAnswer("final", response);
    assertEquals(count, response.interim().size());
  }

  @Test
  void aConnectionIsReusedAfterInterimResponses() throws Exception {
    origin().respond(head("HTTP/1.1 103 Early Hints") + ok("1"));
    RawClient client = client();
    client.exchange(get("/"));
    assertAnswer("1", client.exchange(get("/")));
    assertEquals(1, origin().connections());
  }
}
