package io.tidegate.core.testkit;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeFilter;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.OwnResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application's filters do to requests and responses. */
public abstract class FilterSuite extends ProxyWireSuite {
  private static final FieldName MARK = FieldName.of("Mark");
  private static final String SWITCHING =
      head("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade");

  /** The suite for one direction. */
  protected FilterSuite(Side side) {
    super(side);
  }

  /** A filter of requests that says the same to all of them. */
  private static ExchangeFilter onRequest(Consumer<Completion<ExchangeFilter.Verdict>> answer) {
    return new ExchangeFilter() {
      @Override
      public void request(ClientRequest request, Completion<Verdict> completion) {
        answer.accept(completion);
      }
    };
  }

  private static ExchangeFilter onResponse(Consumer<Completion<ExchangeFilter.Verdict>> answer) {
    return new ExchangeFilter() {
      @Override
      public void response(
          ClientRequest request,
          Destination destination,
          ResponseHead response,
          Completion<Verdict> completion) {
        answer.accept(completion);
      }
    };
  }

  /** Adds {@code value} to the field Mark of requests and responses, on another thread if told. */
  private static ExchangeFilter marking(String value, boolean later) {
    return new ExchangeFilter() {
      @Override
      public void request(ClientRequest request, Completion<Verdict> completion) {
        mark(request.head().fields(), completion);
      }

      @Override
      public void response(
          ClientRequest request,
          Destination destination,
          ResponseHead response,
          Completion<Verdict> completion) {
        mark(response.fields(), completion);
      }

      private void mark(Fields fields, Completion<Verdict> completion) {
        Verdict marked = new Pass(new FieldEdits(fields).add(MARK, value).toFields());
        if (later) {
          aside(() -> completion.completed(marked));
        } else {
          completion.completed(marked);
        }
      }
    };
  }

  @ParameterizedTest(name = "later: {0}")
  @ValueSource(booleans = {false, true})
  void fieldsOfRequestAndResponseAreThoseThatTheFiltersLeave(boolean later) throws Exception {
    start(p -> p.filter(marking("a", later)).filter(marking("b", later)));
    RawClient client = client();
    for (int i = 0; i < 3; i++) {
      RawResponse response = client.exchange(get("/"));
      assertAnswer("ok", response);
      assertEquals("[a, b]", response.all("Mark").toString());
      assertEquals("[a, b]", origin().lastRequest().all("Mark").toString());
    }
    assertEquals(1, origin().connections());
  }

  @ParameterizedTest(name = "later: {0}")
  @ValueSource(booleans = {false, true})
  void contentIsTheSameBehindAFilter(boolean later) throws Exception {
    byte[] octets = random(1_000_000);
    origin()
        .onRequest(
            c -> {
              assertEquals(octets.length, c.readBody().length);
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + octets.length));
              c.send(octets);
            });
    start(p -> p.filter(marking("x", later)));
    RawClient client = client();
    client.send(request("POST", "/", "Content-Length: " + octets.length));
    client.send(octets);
    assertEquals("x", RawHead.parse(client.readHead()).field("Mark"));
    assertArrayEquals(octets, client.readBytes(octets.length));
  }

  @Test
  void framingThatAFilterWritesHasNoEffect() throws Exception {
    Fields lies = Fields.of("Content-Length", "99", "Transfer-Encoding", "chunked", "Host", "x");
    ExchangeFilter lying =
        new ExchangeFilter() {
          @Override
          public void request(ClientRequest request, Completion<Verdict> completion) {
            completion.completed(new Pass(lies));
          }

          @Override
          public void response(
              ClientRequest request,
              Destination destination,
              ResponseHead response,
              Completion<Verdict> completion) {
            completion.completed(new Pass(lies));
          }
        };
    start(p -> p.filter(lying));
    RawResponse response = ask(get("/"));
    assertAnswer("ok", response);
    assertEquals("[2]", response.all("Content-Length").toString());
    assertNull(response.field("Transfer-Encoding"));
    RawHead request = origin().lastRequest();
    assertEquals(origin().authority(), request.field("Host"));
    assertNull(request.field("Content-Length"));
    assertNull(request.field("Transfer-Encoding"));
  }

  @Test
  void aFilterMayAnswerARequest() throws Exception {
    OwnResponse answer = OwnResponse.of(418, "Kettle", "on").content("short");
    start(p -> p.filter(onRequest(c -> c.completed(answer))).filter(marking("never", false)));
    RawClient client = client();
    for (int i = 0; i < 2; i++) {
      RawResponse response = client.exchange(get("/"));
      assertEquals(418, response.status());
      assertEquals("on", response.field("Kettle"));
      assertEquals("short", response.text());
    }
    assertEquals(0, origin().connections());
  }

  @ParameterizedTest(name = "later: {0}")
  @ValueSource(booleans = {false, true})
  void aFilterMayAnswerInPlaceOfTheUpstream(boolean later) throws Exception {
    OwnResponse answer = OwnResponse.of(451).content("gone");
    start(
        p ->
            p.filter(
                onResponse(
                    c -> {
                      if (later) {
                        aside(() -> c.completed(answer));
                      } else {
                        c.completed(answer);
                      }
                    })));
    RawClient client = client();
    for (int i = 0; i < 2; i++) {
      RawResponse response = client.exchange(get("/"));
      assertEquals(451, response.status());
      assertEquals("gone", response.text());
    }
  }

  @Test
  void aFilterMayRefuse() throws Exception {
    start(p -> p.filter(onRequest(c -> c.failed(Failure.denied("not today")))));
    RawResponse response = ask(get("/"));
    assertFailure(403, "http_request_denied", response);
    assertTrue(response.text().contains("not today"));
    assertNothingForwarded();
  }

  @Test
  void onlyTheFirstAnswerOfAFilterCounts() throws Exception {
    ExchangeFilter hasty =
        onRequest(
            c -> {
              c.completed(OwnResponse.of(201));
              c.completed(OwnResponse.of(202));
              c.failed(Failure.denied("too late"));
            });
    start(p -> p.filter(hasty));
    assertEquals(201, ask(get("/")).status());
  }

  @Test
  void aFilterThatFailsInItselfFailsTheExchange() throws Exception {
    ExchangeFilter broken =
        onRequest(
            c -> {
              throw new StackOverflowError("broken");
            });
    start(p -> p.filter(broken));
    RawResponse response = ask(get("/"));
    assertFailure(500, "proxy_internal_error", response);
    assertTrue(!response.text().contains("broken"));
  }

  @Test
  void aFilterThatAnswersAndFailsHasFailed() throws Exception {
    BlockingQueue<Completion<ExchangeFilter.Verdict>> asked = new LinkedBlockingQueue<>();
    ExchangeFilter broken =
        onRequest(
            c -> {
              asked.add(c);
              throw new IllegalStateException("broken");
            });
    start(p -> p.filter(broken));
    RawClient client = client();
    assertFailure(500, "proxy_internal_error", client.exchange(get("/")));
    next(asked).completed(new ExchangeFilter.Pass(Fields.empty()));
    assertFailure(500, "proxy_internal_error", client.exchange(get("/")));
    assertNothingForwarded();
  }

  @Test
  void whatFollowsAHeadWaitsForTheFilterHoweverSlowlyTheClientReads() throws Exception {
    int count = 4000;
    byte[] hint = head("HTTP/1.1 103 Early Hints", "Link: " + "a".repeat(3000)).getBytes();
    byte[] content = random(300_000);
    origin()
        .onRequest(
            c -> {
              for (int i = 0; i < count; i++) {
                c.send(hint);
              }
              c.send(head("HTTP/1.1 200 OK", "Content-Length: " + content.length));
              c.send(content);
            });
    BlockingQueue<Completion<ExchangeFilter.Verdict>> asked = new LinkedBlockingQueue<>();
    start(p -> p.filter(onResponse(asked::add)));
    RawClient client = client();
    client.send(get("/"));
    int step = client.readHead().length();
    for (int i = 1; i < count; i++) { // slowly, until the filter is asked at least
      client.skip(step);
    }
    next(asked).completed(new ExchangeFilter.Pass(Fields.empty()));
    client.readHead();
    assertArrayEquals(content, client.readBytes(content.length));
  }

  @ParameterizedTest(name = "of the response: {0}")
  @ValueSource(booleans = {false, true})
  void aFilterThatNeverAnswersIsWaitedForNoLongerThanAnUpstream(boolean ofResponse)
      throws Exception {
    start(
        p ->
            p.responseTimeout(ofResponse ? AMPLE : SHORT)
                .filter(ofResponse ? onResponse(c -> {}) : onRequest(c -> {})));
    assertFailure(500, "proxy_internal_error", ask(get("/")));
  }

  @ParameterizedTest(name = "of the response: {0}")
  @ValueSource(booleans = {false, true})
  void aClientThatLeavesMeanwhileEndsTheExchange(boolean ofResponse) throws Exception {
    BlockingQueue<Completion<ExchangeFilter.Verdict>> asked = new LinkedBlockingQueue<>();
    BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    start(
        p ->
            p.listener(onCompleting(outcomes))
                .filter(ofResponse ? onResponse(asked::add) : onRequest(asked::add)));
    RawClient client = client();
    client.send(get("/"));
    Completion<ExchangeFilter.Verdict> answer = next(asked);
    client.reset();
    assertEquals(499, next(outcomes).failure().status());
    answer.completed(OwnResponse.of(200));
    if (ofResponse) {
      origin().connection(0).awaitEnded();
    } else {
      assertNothingForwarded();
    }
  }

  @ParameterizedTest(name = "later: {0}")
  @ValueSource(booleans = {false, true})
  void anUpgradeIsFilteredLikeEverythingElse(boolean later) throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(SWITCHING + "early");
              c.send(c.readText(5));
            });
    start(p -> p.filter(marking("x", later)));
    RawClient client = client();
    client.send(request("GET", "/", "Upgrade: websocket", "Connection: Upgrade") + "hasty");
    RawHead response = RawHead.parse(client.readHead());
    assertEquals("x", response.field("Mark"));
    assertEquals("websocket", response.field("Upgrade"));
    assertEquals("earlyhasty", client.readText(10));
  }

  @Test
  void whatIsStoredIsWhatTheFiltersHaveLeft() throws Exception {
    origin().respond(ok("stored").replaceFirst("\r\n", "\r\nCache-Control: max-age=60\r\n"));
    start(p -> p.cache(c -> {}).filter(marking("x", true)));
    RawClient client = client();
    for (int i = 0; i < 2; i++) {
      RawResponse response = client.exchange(get("/"));
      assertAnswer("stored", response);
      assertEquals("[x]", response.all("Mark").toString());
    }
    assertEquals(1, origin().heads().size());
  }

  @Test
  void anUpstreamThatEndsMeanwhileHasStillAnswered() throws Exception {
    origin()
        .onRequest(
            c -> {
              c.send(head("HTTP/1.1 200 OK", "Connection: close") + "until the end");
              c.close();
            });
    start(p -> p.filter(marking("x", true)));
    RawResponse response = ask(get("/"));
    assertEquals("until the end", response.text());
    assertEquals("x", response.field("Mark"));
  }
}
