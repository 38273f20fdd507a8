package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.ProxyBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that an intermediary removes, adds and obeys (RFC 9110 §7.6, §7.2, §6.6.1). */
public abstract class FieldsSuite extends ProxyWireSuite {
  /** The suite for one direction. */
  protected FieldsSuite(Side side) {
    super(side);
  }

  // Connection-specific fields

  @Test
  void connectionSpecificFieldsOfARequestEndHere() throws Exception {
    ask(
        request(
            "GET",
            "/",
            "Connection: X-Mine, keep-alive",
            "connection: x-other",
            "X-Mine: 1",
            "x-OTHER: 2",
            "Keep-Alive: timeout=5",
            "Proxy-Connection: keep-alive",
            "TE: deflate",
            "X-Stays: 3"));
    RawHead request = origin().lastRequest();
    for (String gone :
        List.of("Connection", "X-Mine", "X-Other", "Keep-Alive", "Proxy-Connection", "TE")) {
      assertEquals(List.of(), request.all(gone), gone);
    }
    assertEquals("3", request.field("X-Stays"));
  }

  @Test
  void connectionSpecificFieldsOfAResponseEndHere() throws Exception {
    origin()
        .respond(
            head(
                    "HTTP/1.1 200 OK",
                    "Connection: X-Mine",
                    "X-Mine: 1",
                    "Keep-Alive: timeout=5",
                    "Proxy-Connection: keep-alive",
                    "Upgrade: h2c",
                    "X-Stays: 3",
                    "Content-Length: 2")
                + "ok");
    RawResponse response = ask(get("/"));
    assertAnswer("ok", response);
    for (String gone :
        List.of("Connection", "X-Mine", "Keep-Alive", "Proxy-Connection", "Upgrade")) {
      assertEquals(List.of(), response.all(gone), gone);
    }
    assertEquals("3", response.field("X-Stays"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "Content-Length", "Via", "Cookie, Host", "@, Host"})
  void aRequestStaysWholeWhateverConnectionNominates(String nominated) throws Exception {
    origin().onRequest(c -> c.send(ok(c.readBodyText())));
    String request = request("POST", "/", "Connection: " + nominated, "Content-Length: 3") + "abc";
    assertAnswer("abc", ask(request));
    assertEquals(origin().authority(), origin().lastRequest().field("Host"));
    assertEquals("3", origin().lastRequest().field("Content-Length"));
    assertEquals("1.1 gate", origin().lastRequest().field("Via"));
  }

  @Test
  void fieldsThatAreNobodysBusinessPassInOrderAndSpelling() throws Exception {
    origin()
        .respond(
            head(
                    "HTTP/1.1 200 OK",
                    "x-B: 1",
                    "Set-Cookie: a=1",
                    "X-Empty:",
                    "Set-Cookie: b=2; x",
                    "X-b:  two  words \t",
                    "X-Text: \u00e9\u00ff \"\\",
                    "Content-Length: 2")
                + "ok");
    RawResponse response =
        ask(request("GET", "/", "Cookie: a=1", "x-A: 1", "cookie: b=2", "X-Text: \u00e9\u00ff"));
    List<String> sent = origin().lastRequest().fields().stream().map(RawField::toString).toList();
    assertTrue(
        sent.containsAll(List.of("Cookie: a=1", "x-A: 1", "cookie: b=2", "X-Text: \u00e9\u00ff")));
    assertEquals(List.of("a=1", "b=2"), origin().lastRequest().all("Cookie"));
    List<String> received = response.fields().stream().map(RawField::toString).toList();
    assertEquals(
        List.of(
            "x-B: 1",
            "Set-Cookie: a=1",
            "X-Empty: ",
            "Set-Cookie: b=2; x",
            "X-b: two  words",
            "X-Text: \u00e9\u00ff \"\\"),
        received.subList(0, 6));
  }

  // Via

  @Test
  void viaIsAddedBothWays() throws Exception {
    RawResponse response = ask(get("/"));
    assertEquals("1.1 gate", origin().lastRequest().field("Via"));
    assertEquals("1.1 gate", response.field("Via"));
  }

  @Test
  void viaComesBehindThoseOfOtherProxies() throws Exception {
    origin().respond(head("HTTP/1.1 200 OK", "Via: 1.0 far", "Content-Length: 0"));
    RawResponse response = ask(request("GET", "/", "Via: 2 near", "via: 1.1 nearer (x, y)"));
    assertEquals("2 near, 1.1 nearer (x, y), 1.1 gate", via(origin().lastRequest().all("Via")));
    assertEquals("1.0 far, 1.1 gate", via(response.all("Via")));
  }

  private static String via(List<String> lines) {
    return String.join(", ", lines);
  }

  @Test
  void viaTellsTheVersionInWhichAMessageCame() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.0 200 OK", "Content-Length: 0"));
              c.close();
            });
    RawResponse response = ask(request10("GET", "/"));
    assertEquals("1.0 gate", origin().lastRequest().field("Via"));
    assertEquals("1.0 gate", response.field("Via"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1 gate", "1.0 other, 1.1 GATE (old)", "HTTP/1.1 gate"})
  void aRequestThatComesBackIsALoop(String via) throws Exception {
    assertFailure(508, "proxy_loop_detected", ask(request("GET", "/", "Via: " + via)));
    assertNothingForwarded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1 gates", "1.1 other (gate)", "gate"})
  void aNameLikeOursIsNoLoop(String via) throws Exception {
    assertAnswer("ok", ask(request("GET", "/", "Via: " + via)));
  }

  // Max-Forwards

  @Test
  void aTraceThatMayGoNoFurtherIsAnsweredWithoutSecrets() throws Exception {
    RawResponse response =
        ask(
            request(
                "TRACE",
                "/x",
                "Max-Forwards: 0",
                "X-A: b",
                "Authorization: Basic secret",
                "Proxy-Authorization: Basic secret",
                "Cookie: secret"));
    assertEquals(200, response.status());
    assertEquals("message/http", response.field("Content-Type"));
    assertTrue(response.text().startsWith("TRACE " + target("/x") + " HTTP/1.1\r\n"));
    assertTrue(response.text().contains("\r\nX-A: b\r\n"));
    assertFalse(response.text().contains("secret"));
    assertNothingForwarded();
  }

  @Test
  void anOptionsThatMayGoNoFurtherIsAnswered() throws Exception {
    RawResponse response = ask(request("OPTIONS", "/x", "Max-Forwards: 0"));
    assertEquals(200, response.status());
    assertTrue(String.valueOf(response.field("Allow")).contains("GET"));
    assertNothingForwarded();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "TRACE,   5, 4",
    "OPTIONS, 1, 0",
    "OPTIONS, 007, 6",
    "GET,     0, 0",
    "POST,    5, 5"
  })
  void maxForwardsIsCountedDownWhereItMeansSomething(String method, String before, String after)
      throws Exception {
    assertAnswer("ok", ask(request(method, "/", "Max-Forwards: " + before)));
    assertEquals(after, origin().lastRequest().field("Max-Forwards"));
  }

  @Test
  void aMaxForwardsThatIsNoNumberIsRefused() throws Exception {
    assertFailure(400, "http_request_error", ask(request("TRACE", "/", "Max-Forwards: -1")));
    assertNothingForwarded();
  }

  // Host

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-A: b",
        "Host: a / Host: a",
        "Host: a b",
        "Host: a, b",
        "Host: user@a",
        "Host: a/b",
        "Host: a:x",
        "Host: a:99999",
        "Host: [::1"
      })
  void aRequestNeedsOneValidHost(String fields) throws Exception {
    String request = "GET " + target("/") + " HTTP/1.1\r\n" + head(lines(fields));
    assertFailure(400, "http_request_error", ask(request));
    assertNothingForwarded();
  }

  @Test
  void anHttp10RequestNeedsNoHost() throws Exception {
    assertAnswer("ok", ask(head("GET " + target("/") + " HTTP/1.0")));
    assertEquals(origin().authority(), origin().lastRequest().field("Host"));
  }

  @Test
  void theAuthorityOfTheTargetWinsOverHost() throws Exception {
    String target = "http://" + origin().authority() + "/x?y";
    assertAnswer("ok", ask(head("GET " + target + " HTTP/1.1", "Host: other.example")));
    assertEquals("GET /x?y HTTP/1.1", origin().lastRequest().startLine());
    assertEquals(origin().authority(), origin().lastRequest().field("Host"));
  }

  // Date and Server

  @Test
  void aDateIsAddedWhereOneIsMissing() throws Exception {
    String date = String.valueOf(ask(get("/")).field("Date"));
    assertTrue(date.matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"), date);
  }

  @Test
  void aDateThatIsThereStays() throws Exception {
    String date = "Sun, 06 Nov 1994 08:49:37 GMT";
    origin().respond(head("HTTP/1.1 200 OK", "Date: " + date, "Content-Length: 0"));
    assertEquals(date, ask(get("/")).field("Date"));
  }

  @Test
  void serverSoftwareIsTheOriginsToTell() throws Exception {
    origin().respond(head("HTTP/1.1 200 OK", "Server: x", "X-Powered-By: y", "Content-Length: 0"));
    RawResponse response = ask(get("/"));
    assertEquals("x", response.field("Server"));
    assertEquals("y", response.field("X-Powered-By"));
  }

  @Test
  void serverSoftwareCanBeHidden() throws Exception {
    start(ProxyBuilder::hideServerSoftware);
    origin()
        .respond(
            head("HTTP/1.1 103 Early Hints", "Server: secret/1", "Link: </a>")
                + head("HTTP/1.1 200 OK", "Server: secret/1", "Content-Length: 0"));
    RawResponse hinted = ask(get("/"));
    assertNull(hinted.interim().get(0).field("Server"));
    assertNull(hinted.field("Server"));
    origin().respond(head("HTTP/1.1 200 OK", "Server: x", "X-Powered-By: y", "Content-Length: 0"));
    RawResponse response = ask(get("/"));
    assertNull(response.field("Server"));
    assertNull(response.field("X-Powered-By"));
  }
}
