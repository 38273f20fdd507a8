package io.tidegate.core.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.admin.AdminServer.Patience;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admin listener does with those who connect to it, whatever it tells. */
@Timeout(60)
class AdminServerTest {
  private static final String TOKEN = "correct-horse-battery";
  private static final String AUTHORIZED =
      "Host: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final int LONG = 60_000;
  private static final AdminSettings SETTINGS = settings(List.of());

  private record Happened(String name, String subject, String detail) implements ProxyEvent {}

  private final EventLog events = new EventLog(InstantSource.fixed(Instant.EPOCH));
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(4);
  private AdminServer server;

  private List<AdminResource> resources() {
    return List.of(
        AdminResource.get("/health", "whether it lives", request -> Map.of("status", "up")),
        AdminResource.get("/v1/events/stream", "events", request -> Map.of()),
        AdminResource.get("/v1/names", "names", request -> Map.of("names", List.of())),
        AdminResource.get("/v1/broken", "what fails", AdminServerTest::broken),
        AdminResource.get("/v1/held", "what takes long", request -> waited()),
        AdminResource.post(
            "/v1/change", "changes", request -> Map.of("length", request.content().length())),
        AdminResource.post(
                "/v1/long", "much", request -> Map.of("length", request.content().length()))
            .withLongContent());
  }

  private static Object broken(AdminRequest request) {
    throw new IllegalStateException("marked-secret");
  }

  private Object waited() {
    asked.countDown();
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Map.of();
  }

  private static AdminSettings settings(List<AddressRange> clients) {
    return new AdminSettings(
        "127.0.0.1", 0, Optional.empty(), false, List.of(), clients, false, false, false);
  }

  private void start(Patience patience) throws IOException {
    server = AdminServer.start(SETTINGS, TOKEN, resources(), events, patience);
  }

  private void start() throws IOException {
    start(Patience.DEFAULT);
  }

  @AfterEach
  void stop() {
    held.countDown();
    if (server != null) {
      server.close();
    }
  }

  private RawClient client() throws IOException {
    return RawClient.connect(server.address().getPort());
  }

  private RawResponse ask(String request) throws IOException {
    try (RawClient client = client()) {
      return client.exchange(request);
    }
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\n" + AUTHORIZED + "\r\n";
  }

  private static void awaitText(RawClient client, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      read.append(client.readText(1));
    }
  }

  // Who is let in

  @Test
  void whoMayNotAskIsRefusedWhenItConnects() throws Exception {
    AdminSettings others = settings(List.of(AddressRange.parse("10.0.0.0/8")));
    server = AdminServer.start(others, TOKEN, resources(), events);
    for (int i = 0; i < 200; i++) {
      try (RawClient client = client()) {
        client.awaitClose();
        assertEquals(0, client.received().length);
      }
    }
  }

  @Test
  void oneClientHasSixtyFourConnectionsAndOneThatEndsMakesRoom() throws Exception {
    start();
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 64; i++) {
        clients.add(client());
        assertEquals(200, clients.get(i).exchange(get("/health")).status());
      }
      try (RawClient refused = client()) {
        refused.awaitClose();
        assertEquals(0, refused.received().length);
      }
      clients.get(0).close();
      while (!isServed()) { // until it is noticed that one has ended
        Thread.onSpinWait();
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private boolean isServed() {
    try {
      return ask(get("/health")).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'Host: attacker.example\r\n', 421",
    "'Host: localhost\r\n', 401",
    "'Host: localhost\r\nAuthorization: Bearer wrong\r\n', 401",
    "'Host: localhost\r\nSec-Fetch-Site: cross-site\r\n', 403",
  })
  void whoIsTurnedAwayHoldsNoConnection(String fields, int status) throws Exception {
    start();
    try (RawClient client = client()) {
      assertEquals(
          status, client.exchange("GET /v1/names HTTP/1.1\r\n" + fields + "\r\n").status());
      client.awaitClose();
    }
  }

  // Streams of events

  private RawClient stream(String path) throws IOException {
    RawClient client = client();
    client.send(get(path));
    return client;
  }

  @Test
  void thereAreSixteenStreamsAndOneThatEndsMakesRoom() throws Exception {
    start(new Patience(LONG, LONG, LONG, LONG, 200));
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 16; i++) {
        clients.add(stream("/v1/events/stream"));
        assertTrue(clients.get(i).readHead().startsWith("HTTP/1.1 200 "));
      }
      RawResponse refused = ask(get("/v1/events/stream"));
      assertEquals(503, refused.status());
      assertEquals(
          "{\"status\":503,\"detail\":\"16 clients follow the events already\"}\n", refused.text());
      clients.get(0).close();
      String head = "";
      while (!head.startsWith("HTTP/1.1 200 ")) { // noticed when it is written to
        try (RawClient next = stream("/v1/events/stream")) {
          head = next.readHead();
        }
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aStreamWithoutEventsStaysOpenBeyondTheTimeInWhichOneMustBeRead() throws Exception {
    start(new Patience(LONG, LONG, LONG, 1000, 100));
    try (RawClient client = stream("/v1/events/stream")) {
      client.readHead();
      for (int i = 0; i < 15; i++) {
        awaitText(client, ":\n");
      }
      events.happened(new Happened("endpoint-down", "shop", ""));
      awaitText(client, "endpoint-down");
    }
    assertTrue(Patience.DEFAULT.keepAlive() <= Patience.DEFAULT.stalled() / 2);
  }

  @Test
  void whoReadsNoEventsIsCut() throws Exception {
    start();
    try (RawClient client = stream("/v1/events/stream")) {
      client.readHead();
      Happened event = new Happened("endpoint-down", "shop", "x".repeat(1000));
      for (int i = 0; i < 20_000; i++) {
        events.happened(event);
      }
      client.awaitClose();
      String read = new String(client.received(), ISO_8859_1);
      assertFalse(read.contains("\"number\":20000,"), "all were kept for it");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/events/stream, '', 1",
    "/v1/events/stream?after=1, '', 2",
    "/v1/events/stream, 'Last-Event-ID: 2\r\n', 3",
    "/v1/events/stream?after=1, 'Last-Event-ID: 2\r\n', 3",
    "/v1/events/stream, 'Last-Event-ID: x\r\n', 1",
  })
  void whoComesBackGetsWhatHasHappenedMeanwhile(String path, String field, int first)
      throws Exception {
    start();
    for (int i = 0; i < 3; i++) {
      events.happened(new Happened("endpoint-down", "shop", ""));
    }
    try (RawClient client = client()) {
      client.send("GET " + path + " HTTP/1.1\r\n" + field + AUTHORIZED + "\r\n");
      client.readHead();
      awaitText(client, "\"number\":");
      assertEquals(first + ",", client.readText(2));
    }
  }

  @Test
  void theHeadOfAStreamIsNoStream() throws Exception {
    start();
    try (RawClient client = client()) {
      for (int i = 0; i < 20; i++) {
        client.send("HEAD /v1/events/stream HTTP/1.1\r\n" + AUTHORIZED + "\r\n");
        RawResponse response = client.readResponse("HEAD");
        assertEquals(200, response.status());
        assertEquals("text/event-stream; charset=UTF-8", response.field("Content-Type"));
      }
      assertEquals(200, client.exchange(get("/v1/names")).status());
    }
  }

  /** As that of a proxy that is started again. */
  @Test
  void aLaterLogTellsAllToThoseWhoKnowTheLastEventOfAnEarlierOne() {
    Instant began = Instant.parse("2026-01-01T00:00:00Z");
    EventLog earlier = new EventLog(InstantSource.fixed(began));
    for (int i = 0; i < 1000; i++) {
      earlier.happened(new Happened("endpoint-down", "shop", ""));
    }
    long last = earlier.since(0, 1).get(0).number();
    assertEquals(began.toEpochMilli() + 1000, last);
    EventLog later = new EventLog(InstantSource.fixed(began.plusSeconds(1)));
    later.happened(new Happened("proxy-started", "", ""));
    assertEquals(
        List.of(last + 1), later.since(last, 10).stream().map(EventLog.Entry::number).toList());
  }

  @Test
  void howLongAnEventIsIsLimited() {
    events.happened(new Happened("settings-refused", "s".repeat(4001), "d".repeat(1_000_000)));
    events.happened(new Happened("settings-refused", "s".repeat(4000), ""));
    List<EventLog.Entry> told = events.since(0, 10);
    assertEquals("s".repeat(3999) + "…", told.get(0).subject());
    assertEquals("d".repeat(3999) + "…", told.get(0).detail());
    assertEquals("s".repeat(4000), told.get(1).subject());
  }

  // Those who are slow

  @Test
  void aHeadThatDoesNotComeIsWaitedForOnlySoLong() throws Exception {
    start(new Patience(300, LONG, LONG, LONG, LONG));
    try (RawClient client = client()) {
      client.send("GET /health HTTP/1.1\r\nHost: local");
      client.awaitClose();
    }
  }

  @Test
  void whoAsksNothingIsWaitedForOnlySoLong() throws Exception {
    start(new Patience(LONG, LONG, 300, LONG, LONG));
    try (RawClient silent = client();
        RawClient resting = client()) {
      assertEquals(200, resting.exchange(get("/health")).status());
      resting.awaitClose();
      silent.awaitClose();
    }
  }

  @Test
  void contentThatDoesNotComeIsWaitedForOnlySoLong() throws Exception {
    start(new Patience(LONG, 300, LONG, LONG, LONG));
    try (RawClient client = client()) {
      client.send(
          "POST /v1/change HTTP/1.1\r\n" + AUTHORIZED + JSON + "Content-Length: 2\r\n\r\n{");
      client.awaitClose();
    }
  }

  @Test
  void theTimeForContentIsOverWhenItIsThere() throws Exception {
    start(new Patience(LONG, 300, 1000, LONG, LONG));
    try (RawClient client = client()) {
      String request =
          "POST /v1/change HTTP/1.1\r\n" + AUTHORIZED + JSON + "Content-Length: 2\r\n\r\n{}";
      assertEquals(200, client.exchange(request).status());
      long began = System.nanoTime();
      client.awaitClose();
      long millis = (System.nanoTime() - began) / 1_000_000;
      assertTrue(millis >= 800, () -> "rested for " + millis + " ms");
    }
  }

  @Test
  void whetherItLivesIsToldWhileOthersWait() throws Exception {
    start();
    List<RawClient> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        waiting.add(stream("/v1/held"));
      }
      asked.await();
      assertEquals(200, ask(get("/health")).status());
    } finally {
      held.countDown();
      for (RawClient client : waiting) {
        client.close();
      }
    }
  }

  // What is refused

  @ParameterizedTest
  @CsvSource({
    "GET /v1/names HTTP/1.1, 200",
    "GET /nothing HTTP/1.1, 404",
    "POST /v1/names HTTP/1.1, 405",
    "PUT /v1/change HTTP/1.1, 405",
    "TRACE / HTTP/1.1, 405",
    "POST /v1/change HTTP/1.1, 415",
    "GET /v1/broken HTTP/1.1, 500",
    "GET /v1/names HTTP/1.0, 505",
  })
  void everyAnswerSaysWhatABrowserMayDo(String line, int status) throws Exception {
    start();
    RawResponse response = ask(line + "\r\n" + AUTHORIZED + "\r\n");
    assertEquals(status, response.status());
    assertTrue(
        String.valueOf(response.field("Content-Security-Policy")).startsWith("default-src 'none';"),
        response::toString);
    assertEquals("nosniff", response.field("X-Content-Type-Options"));
    assertEquals("no-store", response.field("Cache-Control"));
    assertEquals("same-origin", response.field("Cross-Origin-Resource-Policy"));
    assertNull(response.field("Access-Control-Allow-Origin"));
    assertNull(response.field("Server"));
    assertFalse(response.text().contains("marked-secret"), response::text);
  }

  @ParameterizedTest
  @CsvSource({
    "'Host: attacker.example\r\n', 421",
    "'Host: localhost\r\n', 401",
    "'Host: localhost\r\nOrigin: null\r\n', 403",
    "'Host: localhost\r\nAuthorization: Bearer x\r\nAuthorization: Bearer correct-horse-battery\r\n', 401",
  })
  void whoIsNotLetInIsToldNothing(String fields, int status) throws Exception {
    start();
    RawResponse response = ask("GET /v1/names HTTP/1.1\r\n" + fields + "\r\n");
    assertEquals(status, response.status());
    assertTrue(response.field("Content-Security-Policy") != null, "a policy");
    assertFalse(response.text().contains("names\":"), response::text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host: localhost\r\nHost: localhost\r\n"})
  void thereIsOneHost(String fields) throws Exception {
    start();
    String token = "Authorization: Bearer " + TOKEN + "\r\n";
    assertEquals(400, ask("GET /v1/names HTTP/1.1\r\n" + fields + token + "\r\n").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1%2fnames",
        "/%76%31/names",
        "/v1/../v1/names",
        "/v1/%2e%2e/v1/names",
        "//v1/names",
        "/v1//names",
        "/v1/names/",
        "/v1/names;a=b",
        "/V1/names",
        "/page.js/../../admin/Page.class",
        "/..%2f..%2fadmin%2fPage.class",
        "http://localhost/v1/names",
      })
  void aPathHasOneSpelling(String path) throws Exception {
    start();
    assertEquals(404, ask(get(path)).status());
    RawResponse unknown = ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertEquals(401, unknown.status());
  }

  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', 400",
    "'Transfer-Encoding: chunked\r\n', 411",
    "'Content-Length: 65537\r\n', 413",
    "'Content-Length: 2\r\nContent-Length: 3\r\n', 400",
  })
  void contentHasOneLength(String framing, int status) throws Exception {
    start();
    try (RawClient client = client()) {
      client.send("POST /v1/change HTTP/1.1\r\n" + AUTHORIZED + JSON + framing + "\r\n");
      assertEquals(status, client.readResponse().status());
      client.awaitClose();
    }
  }

  @Test
  void contentOfTheLongestKindIsRead() throws Exception {
    start();
    String content = " ".repeat(65_536);
    String head = "POST /v1/change HTTP/1.1\r\n" + AUTHORIZED + JSON;
    String length = "Content-Length: " + content.length() + "\r\n";
    assertEquals("{\"length\":65536}\n", ask(head + length + "\r\n" + content).text());
    try (RawClient client = client()) {
      client.send(head + length + "Expect: 100-continue\r\n\r\n");
      assertTrue(client.readHead().startsWith("HTTP/1.1 100 "));
      client.send(content);
      assertEquals("{\"length\":65536}\n", client.readResponse().text());
    }
  }

  private static String longPost(int length, String field) {
    return "POST /v1/long HTTP/1.1\r\n"
        + AUTHORIZED
        + JSON
        + ("Content-Length: " + length + "\r\n" + field + "\r\n");
  }

  private RawResponse askLong(int length) throws IOException {
    return ask(longPost(length, "") + " ".repeat(length));
  }

  @Test
  void longContentHasFourMebiOctetsAtMost() throws Exception {
    start();
    assertEquals("{\"length\":4194304}\n", askLong(4 << 20).text());
    assertEquals(413, ask(longPost((4 << 20) + 1, "")).status());
  }

  @Test
  void oneLongContentIsReadAtATime() throws Exception {
    start(new Patience(LONG, 1000, LONG, LONG, LONG));
    try (RawClient first = client()) {
      first.send(longPost(65_537, "Expect: 100-continue\r\n"));
      assertTrue(first.readHead().startsWith("HTTP/1.1 100 "));
      RawResponse second = ask(longPost(65_537, ""));
      assertEquals(503, second.status());
      assertEquals("1", second.field("Retry-After"));
      assertEquals("{\"length\":65536}\n", askLong(65_536).text(), "that is not long");
      first.awaitClose(); // its time is over
    }
    for (int i = 0; i < 3; i++) {
      RawResponse next = askLong(65_537);
      while (next.status() == 503) { // the end of the last may be seen here before it is there
        next = askLong(65_537);
      }
      assertEquals("{\"length\":65537}\n", next.text());
    }
  }
}
