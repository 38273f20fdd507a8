package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get through a cache, where the origin does something unusual. */
@Timeout(20)
class CachedAnswersTest {
  private OriginServer origin;
  private Proxy proxy;

  @BeforeEach
  void start() throws IOException {
    origin = OriginServer.start();
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .ioThreads(1)
            .viaName("gate")
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app")
            .cache(rules -> {})
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private RawResponse ask(String request) throws IOException {
    return RawClient.ask(proxy.address().getPort(), request);
  }

  /** RFC 9110 §15.3.7: a server may send more, fewer or other ranges than those asked for. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bytes=0-1,5-6 | bytes 0-6/10 | 0123456
          bytes=0-9     | bytes 0-4/10 | 01234
          bytes=-5      | bytes 4-8/*  | 45678
          """)
  void aPartThatWasNotAskedForIsPassedOnAsItIs(String range, String part, String content)
      throws Exception {
    origin.respond(
        head(
                "HTTP/1.1 206 Partial Content",
                "Cache-Control: max-age=600",
                "Content-Range: " + part,
                "Content-Length: " + content.length())
            + content);
    RawResponse response = ask(head("GET /x HTTP/1.1", "Host: a", "Range: " + range));
    assertEquals(206, response.status());
    assertEquals(part, response.field("Content-Range"));
    assertEquals(content, response.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"private, max-age=600", "no-store, max-age=600"})
  void aResponseThatA304ForbidsToStoreIsForgotten(String forbidding) throws Exception {
    origin.respond(
        head("HTTP/1.1 200 OK", "Cache-Control: max-age=0", "ETag: \"1\"", "Content-Length: 3")
            + "old",
        head("HTTP/1.1 304 Not Modified", "Cache-Control: " + forbidding, "ETag: \"1\""),
        ok("new"));
    assertEquals("old", ask(get("/x", "a")).text());
    ask(get("/x", "a"));
    assertEquals("new", ask(get("/x", "a")).text());
  }

  @Test
  void aStaleResponseInPlaceOfAnErrorIsNoHit() throws Exception {
    origin.respond(
        head(
                "HTTP/1.1 200 OK",
                "Cache-Control: max-age=0, stale-if-error=600",
                "ETag: \"1\"",
                "Content-Length: 3")
            + "old",
        head("HTTP/1.1 503 Service Unavailable", "Content-Length: 0"));
    ask(get("/x", "a"));
    RawResponse stale = ask(get("/x", "a"));
    assertEquals("old", stale.text());
    String status = stale.field("Cache-Status");
    assertEquals("gate;fwd=stale;fwd-status=503", status.replaceAll(";ttl=.*", ""));
  }

  /** RFC 9111 §5.1: Age says that the origin was not asked for this request. */
  @Test
  void aResponseThatIsOnItsWayIntoTheCacheHasTheAgeThatItCameWith() throws Exception {
    origin.respond(
        head("HTTP/1.1 200 OK", "Cache-Control: max-age=600", "Content-Length: 0"),
        head("HTTP/1.1 200 OK", "Cache-Control: max-age=600", "Age: 7", "Content-Length: 0"));
    assertNull(ask(get("/x", "a")).field("Age"));
    assertEquals("7", ask(get("/y", "a")).field("Age"));
  }

  @Test
  void whatCouldNotBeKeptBeforeItWasReadIsAskedForAgain() throws Exception {
    proxy.close();
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .cluster("app", cluster -> cluster.endpoint("http://" + origin.authority()))
            .route("/**", "app")
            .cache(rules -> rules.maxBytes(6000))
            .start();
    String part = "HTTP/1.1 206 Partial Content\r\nCache-Control: max-age=600\r\nETag: \"1\"";
    String tooMuch = "X-Big: " + "x".repeat(6000);
    origin.respond(
        head(part, "Content-Range: bytes 0-4/10", "Content-Length: 5") + "01234",
        head(part, "Content-Range: bytes 5-9/10", "Content-Length: 5", tooMuch) + "56789",
        ok("0123456789"));
    ask(head("GET /x HTTP/1.1", "Host: a", "Range: bytes=0-4"));
    RawResponse whole = ask(get("/x", "a"));
    assertEquals(200, whole.status());
    assertEquals("0123456789", whole.text());
    assertEquals(3, origin.heads().size());
  }
}
