package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.chunked;
import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.testkit.RawResponse.Framing;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Client and origin without a proxy between them. */
class TestKitTest {
  private OriginServer origin;

  @BeforeEach
  void start() throws IOException {
    origin = OriginServer.start();
  }

  @AfterEach
  void stop() throws Exception {
    origin.close();
  }

  @Test
  void oneConnectionServesRequestsInTurnAndTheLastResponseServesTheRest() throws Exception {
    origin.respond(ok("first"), ok("second"));
    try (RawClient client = RawClient.connect(origin.port())) {
      assertEquals("first", client.exchange(get("/1", "a")).text());
      assertEquals("second", client.exchange(get("/2", "a")).text());
      assertEquals("second", client.exchange(get("/3", "a")).text());
    }
    assertEquals(List.of(get("/1", "a"), get("/2", "a"), get("/3", "a")), origin.heads());
    assertEquals(1, origin.connections());
    origin.connection(0).awaitEnded();
    assertEquals(
        get("/1", "a") + get("/2", "a") + get("/3", "a"),
        Messages.text(origin.connection(0).received()));
  }

  @Test
  void chunkedBodiesAreReadWithTheirTrailersOnBothSides() throws Exception {
    origin.onRequest(
        connection -> {
          String body = connection.readBodyText();
          connection.send(head("HTTP/1.1 103 Early Hints", "Link: </x>"));
          connection.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"));
          connection.send("3;ext=1\r\n" + body + "\r\n0\r\nDigest: \t d \r\n\r\n");
        });
    RawResponse response =
        RawClient.ask(
            origin.port(),
            head("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked") + chunked("a", "bc"));
    assertEquals("abc", response.text());
    assertEquals("d", response.trailer("digest"));
    assertEquals(Framing.CHUNKED, response.framing());
    assertTrue(response.complete());
    assertEquals("</x>", response.interim().get(0).field("Link"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 5\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nabc"})
  void bodiesThatEndEarlyAreIncomplete(String rest) throws Exception {
    origin.onConnection(
        connection -> {
          connection.readHead();
          connection.send("HTTP/1.1 200 OK\r\n" + rest);
        });
    RawResponse response = RawClient.ask(origin.port(), get("/", "a"));
    assertFalse(response.complete());
    assertEquals("abc", response.text());
  }

  @Test
  void bodiesUntilCloseAreCompleteOnlyIfTheyEndWithFin() throws Exception {
    origin.onRequest(
        connection -> {
          connection.send(head("HTTP/1.0 200 OK") + "abc");
          connection.close();
        },
        connection -> {
          connection.send(head("HTTP/1.0 200 OK") + "abc");
          connection.readBytes(1);
          connection.reset();
        });
    RawResponse whole = RawClient.ask(origin.port(), get("/", "a"));
    assertEquals("abc", whole.text());
    assertTrue(whole.complete());
    assertEquals(Framing.CLOSE, whole.framing());
    try (RawClient client = RawClient.connect(origin.port())) {
      client.send(get("/", "a") + "!");
      assertFalse(client.readResponse().complete());
      assertTrue(client.endedByReset());
    }
  }

  @Test
  void responsesToHeadHaveNoBody() throws Exception {
    origin.respond(head("HTTP/1.1 200 OK", "Content-Length: 5"));
    try (RawClient client = RawClient.connect(origin.port())) {
      assertEquals(Framing.NONE, client.exchange(head("HEAD / HTTP/1.1", "Host: a")).framing());
      client.halfClose();
      assertTrue(client.atEnd());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\n\n"
      })
  void malformedResponsesFailTheTest(String response) {
    origin.respond(response);
    assertThrows(AssertionError.class, () -> RawClient.ask(origin.port(), get("/", "a")));
  }

  @Test
  void requestsThatExpectToBeAskedAreAsked() throws Exception {
    origin.respond(ok("x"));
    String expecting =
        head("PUT / HTTP/1.1", "Host: a", "Content-Length: 3", "Expect: 100-continue");
    try (RawClient client = RawClient.connect(origin.port())) {
      client.send(expecting);
      assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readHead());
      client.send("abc");
      assertEquals(200, client.readResponse().status());
    }
  }

  @Test
  void whatGoesWrongInAScriptFailsTheClosingOfTheOrigin() throws Exception {
    OriginServer failing = OriginServer.start();
    failing.onRequest(connection -> assertEquals("this", "that"));
    try (RawClient client = RawClient.connect(failing.port())) {
      client.send(get("/", "a"));
      assertTrue(client.atEnd());
    }
    assertThrows(AssertionError.class, failing::close);
  }

  @Test
  void closingTheOriginEndsScriptsThatWait() throws Exception {
    OriginServer waiting = OriginServer.start();
    waiting.onConnection(OriginConnection::awaitClose);
    try (RawClient client = RawClient.connect(waiting.port())) {
      assertEquals(0, waiting.connection(0).index());
      waiting.close();
      assertTrue(client.atEnd());
    }
  }

  @Test
  void aWriterSeesThatItsReaderLeft() throws Exception {
    origin.onRequest(
        connection -> {
          connection.send(head("HTTP/1.1 200 OK", "Content-Length: 999999999"));
          connection.sendUntilClosed(new byte[64 << 10]);
          assertTrue(connection.sent() > 0);
        });
    try (RawClient client = RawClient.connect(origin.port())) {
      client.send(get("/", "a"));
      client.readHead();
      client.skip(1 << 20);
      client.reset();
    }
    origin.connection(0).awaitEnded();
  }

  @Test
  void tlsWorksBothWaysAndEndsInOrder() throws Exception {
    byte[] octets = Messages.octets(300_000);
    try (OriginServer secure = OriginServer.startTls(Tls.server())) {
      secure.onRequest(
          connection -> {
            connection.send(head("HTTP/1.1 200 OK"));
            connection.send(octets);
            connection.close();
          });
      try (RawClient client = RawClient.connectTls(secure.port(), Tls.client())) {
        RawResponse response = client.exchange(get("/", "a"));
        assertArrayEquals(octets, response.body());
        assertTrue(response.complete());
      }
    }
  }

  @Test
  void certificatesAreVerified() throws Exception {
    try (OriginServer wrong = OriginServer.startTls(Tls.wrongHostServer())) {
      assertThrows(IOException.class, () -> RawClient.connectTls(wrong.port(), Tls.client()));
      assertThrows(
          IOException.class, () -> RawClient.connectTls(wrong.port(), Tls.wrongHostClient()));
    }
  }

  @Test
  void nobodyListensOnAnUnusedPort() throws Exception {
    int port = OriginServer.unusedPort();
    assertThrows(IOException.class, () -> RawClient.connect(port));
    try (RawClient client = RawClient.connect(origin.port())) {
      assertNull(client.tlsSession());
    }
  }
}
