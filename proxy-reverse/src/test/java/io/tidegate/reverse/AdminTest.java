package io.tidegate.reverse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.core.cache.TagField;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.undertow.Undertow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin listener as clients meet it. */
@Timeout(30)
class AdminTest {
  private static final String TOKEN = "marked-secret-token";
  private static final String FIELD = "marked-secret-field";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private OriginServer origin;
  private ReverseProxy proxy;

  private ReverseProxy.Builder described() {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .viaName("gate")
        .requestField("Authorization", "Basic " + FIELD)
        .responseField("X-Secret", FIELD)
        .cluster("shop", c -> c.endpoint("http://" + origin.authority()))
        .route("/shop/**", "shop")
        .cache(rules -> rules.tagField("Cache-Tag", TagField.Separator.COMMA))
        .admin(admin -> admin.listen("127.0.0.1", 0).token(Secret.of(TOKEN)));
  }

  @BeforeEach
  void start() throws Exception {
    origin = OriginServer.start();
    proxy = described().start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    origin.close();
  }

  private URI admin(String path) {
    return URI.create("http://127.0.0.1:" + proxy.adminAddress().orElseThrow().getPort() + path);
  }

  private HttpRequest.Builder asked(String path) {
    return HttpRequest.newBuilder(admin(path)).header("Authorization", "Bearer " + TOKEN);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String content) throws Exception {
    return send(
        asked(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(content)));
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> response = send(asked(path));
    assertEquals(200, response.statusCode(), response.body());
    return new ObjectMapper().readTree(response.body());
  }

  private JsonNode done(String path, String content) throws Exception {
    HttpResponse<String> response = post(path, content);
    assertEquals(200, response.statusCode(), response.body());
    return new ObjectMapper().readTree(response.body());
  }

  /** A request of a client of the proxy, whose response is stored. */
  private void fetch(String path) throws Exception {
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: shop.example\r\n\r\n");
      client.readResponse();
    }
  }

  private void store(String path, String tag) throws Exception {
    origin.respond(
        "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nCache-Tag: "
            + tag
            + "\r\nContent-Length: 1\r\n\r\n1");
    fetch(path);
  }

  @Test
  void theProxyAndWhatThereIsAreTold() throws Exception {
    JsonNode overview = get("/v1/overview");
    assertEquals("gate", overview.path("name").asText());
    assertEquals("reverse", overview.path("direction").asText());
    assertEquals("ready", overview.path("status").asText());
    assertEquals(
        "127.0.0.1:" + proxy.address().getPort(), overview.path("listeners").path(0).asText());
    List<String> paths = get("/v1").path("resources").findValuesAsText("path");
    assertTrue(paths.containsAll(List.of("/v1/clusters", "/v1/cache/purge")), paths::toString);
  }

  @Test
  void everyResourceThatTellsSomethingAnswersAndKeepsSecrets() throws Exception {
    store("/shop/1", "a");
    for (JsonNode resource : get("/v1").path("resources")) {
      String path = resource.path("path").asText();
      boolean json = !List.of("/v1/events/stream", "/metrics").contains(path);
      if (resource.path("method").asText().equals("GET") && json) {
        String query = path.equals("/v1/cache/lookup") ? "?uri=http://shop.example/shop/1" : "";
        HttpResponse<String> response = send(asked(path + query));
        assertEquals(200, response.statusCode(), path);
        assertDoesNotThrow(() -> new ObjectMapper().readTree(response.body()), path);
        assertFalse(response.body().contains("marked-secret"), path);
      }
    }
    assertEquals("hidden", get("/v1/configuration").at("/proxy/admin/token").asText());
    assertEquals("hidden", get("/v1/configuration").at("/requestFields/0/value").asText());
  }

  @Test
  void figuresRoutesAndEndpointsHaveWhatWasCounted() throws Exception {
    store("/shop/1", "a");
    fetch("/shop/1");
    JsonNode route = get("/v1/routes").path("routes").path(0);
    while (route.at("/figures/requests").asInt() < 2) {
      route = get("/v1/routes").path("routes").path(0); // counted when the exchange has ended
    }
    assertEquals("/shop/**", route.path("name").asText());
    assertEquals("shop", route.at("/clusters/0").asText());
    JsonNode endpoint = get("/v1/clusters").at("/clusters/0/endpoints/0");
    assertEquals("http://" + origin.authority(), endpoint.path("endpoint").asText());
    assertEquals("healthy", endpoint.path("state").asText());
    assertEquals(1, endpoint.at("/figures/requests").asInt(), "the other one was stored");
    JsonNode figures = get("/v1/figures?seconds=30");
    assertEquals(30, figures.path("seconds").asInt());
    assertEquals(30, figures.at("/requests/2xx").size());
  }

  @Test
  void anEndpointIsDrainedAndResumed() throws Exception {
    String named = "{\"cluster\": \"shop\", \"endpoint\": \"http://" + origin.authority() + "\"}";
    assertEquals("draining", done("/v1/endpoints/drain", named).at("/endpoints/0/state").asText());
    assertEquals("draining", proxy.cluster("shop").endpoints().get(0).state().name().toLowerCase());
    assertEquals("healthy", done("/v1/endpoints/resume", named).at("/endpoints/0/state").asText());
    JsonNode events = get("/v1/events").path("events");
    List<String> names = events.findValuesAsText("name");
    assertEquals(
        List.of("endpoint-draining", "endpoint-drained", "endpoint-resumed"),
        names.stream().filter(name -> name.startsWith("endpoint-")).toList());
    long last = events.path(events.size() - 1).path("number").asLong();
    assertEquals(0, get("/v1/events?after=" + last).path("events").size());
  }

  @Test
  void eventsComeAsTheyHappen() throws Exception {
    HttpResponse<java.io.InputStream> stream =
        http.send(asked("/v1/events/stream").build(), BodyHandlers.ofInputStream());
    String type = stream.headers().firstValue("Content-Type").orElse("");
    assertTrue(type.startsWith("text/event-stream"), type);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      var drained = proxy.cluster("shop").drain("http://" + origin.authority());
      assertTrue(drained.toCompletableFuture().isDone());
      String data = lines.readLine();
      while (!data.startsWith("data:") || !data.contains("\"endpoint-draining\"")) {
        data = lines.readLine();
      }
      JsonNode event = new ObjectMapper().readTree(data.substring(5));
      assertEquals("shop http://" + origin.authority(), event.path("subject").asText());
    }
  }

  private RawClient stream() throws Exception {
    RawClient client = RawClient.connect(admin("/").getPort());
    client.send(
        "GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + TOKEN
            + "\r\n\r\n");
    return client;
  }

  @Test
  void whoReadsNoEventsHoldsNobodyUp() throws Exception {
    try (RawClient slow = stream()) {
      slow.readResponse("HEAD");
      String at = "http://" + origin.authority();
      for (int i = 0; i < 5_000; i++) {
        proxy.cluster("shop").drain(at);
        proxy.cluster("shop").resume(at);
      }
      assertEquals(200, send(asked("/v1/overview")).statusCode());
    }
  }

  @Test
  void contentThatDoesNotComeKeepsNobodyElseWaiting() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        RawClient client = RawClient.connect(admin("/").getPort());
        slow.add(client);
        client.send(
            "POST /v1/drain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\nAuthorization: Bearer "
                + TOKEN
                + "\r\n\r\n{");
      }
      assertEquals("ready", get("/v1/overview").path("status").asText());
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void aThousandWrongTokensAreRefusedAndOthersAreServedMeanwhile() throws Exception {
    int tooMany = 0;
    for (int i = 0; i < 1_000; i++) {
      HttpRequest.Builder guess =
          HttpRequest.newBuilder(admin("/v1/overview")).header("Authorization", "Bearer wrong" + i);
      int status = send(guess).statusCode();
      assertTrue(status == 401 || status == 429, () -> "status " + status);
      tooMany += status == 429 ? 1 : 0;
    }
    assertTrue(tooMany > 950, "refused unseen: " + tooMany);
    assertEquals(200, send(HttpRequest.newBuilder(admin("/ready"))).statusCode());
    HttpResponse<String> right = send(asked("/v1/overview"));
    assertEquals(200, right.statusCode(), "others may be behind that address");
  }

  @Test
  void storedResponsesAreFoundAndPurged() throws Exception {
    store("/shop/1", "red");
    store("/shop/2", "blue");
    store("/shop/3", "blue");
    store("/shop/4", "green");
    assertEquals(4, get("/v1/cache").path("entries").asInt());
    assertEquals(4, get("/v1/cache").at("/statistics/misses").asInt());
    JsonNode found = get("/v1/cache/lookup?uri=http://shop.example/shop/1").path("entries");
    assertEquals("GET http://shop.example/shop/1", found.path(0).path("key").asText());
    assertEquals(2, get("/v1/cache/entries?tag=blue").path("entries").size());
    assertEquals(3, get("/v1/cache/entries?limit=3").path("entries").size());
    String one = "{\"uri\": \"http://shop.example/shop/1\"}";
    assertEquals(1, done("/v1/cache/purge", one).path("invalidated").asInt());
    assertEquals(2, done("/v1/cache/purge", "{\"tag\": \"blue\"}").path("invalidated").asInt());
    String prefix = "{\"prefix\": \"http://shop.example/shop/\"}";
    assertEquals(1, done("/v1/cache/purge", prefix).path("invalidated").asInt());
    store("/shop/1", "red");
    assertEquals(1, done("/v1/cache/purge", "{\"all\": true}").path("invalidated").asInt());
    assertEquals(0, get("/v1/cache").path("entries").asInt());
  }

  @Test
  void withoutARegistryForPrometheusThereAreNoMetrics() throws Exception {
    assertEquals(404, send(asked("/metrics")).statusCode());
    assertEquals(401, send(HttpRequest.newBuilder(admin("/metrics"))).statusCode());
  }

  @Test
  void settingsThatAreGivenAreGoneBy() throws Exception {
    String shop = "\"clusters\": [{\"name\": \"shop\", \"endpoints\": [\"http://%s\"]}]";
    String routes = "\"routes\": [{\"path\": \"/new\", \"cluster\": \"shop\"}]";
    String listens = "\"proxy\": {\"listeners\": [{\"host\": \"127.0.0.1\", \"port\": 0}]}";
    String all = "{" + shop.formatted(origin.authority()) + ", " + routes + ", " + listens + "}";
    assertEquals(
        "reloaded", done("/v1/reload", "{\"settings\": " + all + "}").path("status").asText());
    String padded = "{\"settings\": " + all + " ".repeat(200_000) + "}";
    assertEquals("reloaded", done("/v1/reload", padded).path("status").asText());
    assertEquals("/new", get("/v1/routes").at("/routes/0/name").asText());
    assertTrue(get("/v1/configuration").at("/proxy").has("admin"), "said by calls of the builder");
    List<String> names = get("/v1/events").path("events").findValuesAsText("name");
    assertEquals("settings-reloaded", names.get(names.size() - 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                | 409 | no file is watched
          {"file": "/etc/passwd"}           | 400 | expected: settings
          {"settings": 7}                   | 422 | $.settings: a number (expected: an object)
          {"settings": {"route": [], "clusters": 1}} | 422 | $.settings.clusters: a number
          {"settings": {"proxy": {"ioThreads": 77}}} | 422 | $.settings.proxy.ioThreads: 77 (expected:
          {"settings": {"proxy": {"admin": {"withoutToken": true}}}} | 422 | $.settings.proxy.admin: other settings
          """)
  void settingsThatWillNotDoChangeNothing(String content, int status, String problem)
      throws Exception {
    String before = get("/v1/configuration").toString();
    HttpResponse<String> response = post("/v1/reload", content);
    assertEquals(status, response.statusCode(), response.body());
    assertTrue(response.body().contains(problem), response.body());
    assertEquals(before, get("/v1/configuration").toString());
  }

  @Test
  void theFileThatIsWatchedIsReadAgain(@TempDir Path directory) throws Exception {
    String written =
        """
        {
          "clusters": [{"name": "shop", "endpoints": ["http://%s"]}],
          "routes": [{"path": "/%s", "cluster": "shop"}],
          "proxy": {
            "listeners": [{"host": "127.0.0.1", "port": 0}],
            "admin": {"port": %d, "withoutToken": true}
          }
        }
        """;
    Path file = directory.resolve("reverse.json");
    Files.writeString(file, written.formatted(origin.authority(), "a", 0));
    proxy.close();
    proxy = ReverseProxy.builder(ReverseProxySettings.fromJson(file)).start().watch(file);
    Files.writeString(file, written.formatted(origin.authority(), "b", 0));
    done("/v1/reload", "{}");
    assertEquals("/b", proxy.routes().get(0).name());
    Files.writeString(file, written.formatted(origin.authority(), "c", 1));
    assertEquals(422, post("/v1/reload", "{}").statusCode());
    Files.writeString(file, "{}");
    assertTrue(post("/v1/reload", "{}").body().contains("$.proxy.admin: other settings"));
    assertEquals("/b", proxy.routes().get(0).name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/cache/purge      | {}                           | one of uri, prefix, tag, all
          /v1/cache/purge      | {"prefix": ""}               | one of uri, prefix, tag, all
          /v1/cache/purge      | {"all": true, "tag": "a"}    | one of uri, prefix, tag, all
          /v1/cache/purge      | {"uri": "/a"}                | an http or https URI with a host
          /v1/cache/purge      | {"uri": " "}                 | an http or https URI with a host
          /v1/cache/purge      | {"al": true}                 | $.al: unknown key
          /v1/cache/purge      | {"all": "yes"}               | $.all
          /v1/cache/purge      | {                            | expected: JSON
          /v1/cache/purge      | ''                           | $: empty
          /v1/endpoints/drain  | {"cluster": "x"}             | cluster: x (expected: one of shop)
          /v1/endpoints/drain  | {"cluster": "shop", "endpoint": "http://b:1"} | endpoint
          /v1/explain          | {"uri": "nowhere"}           | uri: request target
          /v1/explain          | {"uri": "http://a/", "client": "x"} | client: x (expected: an IP
          /v1/loggers          | {"name": "java", "level": "info"}   | name: (expected: io.tidegate
          /v1/loggers          | {"name": "io.tidegate2", "level": "info"} | name: (expected: io.t
          /v1/loggers          | {"name": "io.tidegate", "level": "loud"} | level: (expected: one of
          """)
  void whatIsWrongWithARequestIsSaid(String path, String content, String detail) throws Exception {
    HttpResponse<String> response = post(path, content);
    assertEquals(400, response.statusCode(), response.body());
    assertEquals(
        "application/problem+json", response.headers().firstValue("Content-Type").orElse(""));
    assertTrue(response.body().contains(detail), response.body());
    assertFalse(response.body().contains("\\tat "), "a stack trace");
  }

  @Test
  void whatWouldBecomeOfARequestIsExplained() throws Exception {
    JsonNode told =
        done(
            "/v1/explain", "{\"uri\": \"http://shop.example/shop/1\", \"fields\": {\"A\": \"b\"}}");
    assertEquals("/shop/**", told.path("route").asText());
    assertEquals("shop", told.at("/upstream/cluster/name").asText());
    assertEquals(404, done("/v1/explain", "{\"uri\": \"http://a/\"}").path("status").asInt());
  }

  @Test
  void levelsOfLoggersAreChangedAndTakenBack() throws Exception {
    String name = "io.tidegate.admin.test";
    JsonNode told = done("/v1/loggers", "{\"name\": \"" + name + "\", \"level\": \"debug\"}");
    assertEquals("debug", told.path("level").asText());
    assertTrue(System.getLogger(name).isLoggable(System.Logger.Level.DEBUG));
    assertTrue(get("/v1/loggers").toString().contains(name));
    told = done("/v1/loggers", "{\"name\": \"" + name + "\"}");
    assertEquals("", told.path("level").asText());
    assertFalse(System.getLogger(name).isLoggable(System.Logger.Level.DEBUG));
  }

  @Test
  void whileItDrainsTheProxyIsNotReadyButServes() throws Exception {
    assertEquals(200, send(HttpRequest.newBuilder(admin("/ready"))).statusCode());
    assertEquals("draining", done("/v1/drain", "{}").path("status").asText());
    assertEquals(503, send(HttpRequest.newBuilder(admin("/ready"))).statusCode());
    assertEquals(200, send(HttpRequest.newBuilder(admin("/health"))).statusCode());
    assertFalse(proxy.isReady());
    store("/shop/1", "a");
    assertEquals(1, get("/v1/cache").path("entries").asInt(), "it serves");
    assertEquals("ready", done("/v1/resume", "{}").path("status").asText());
    assertEquals(200, send(HttpRequest.newBuilder(admin("/ready"))).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/overview, 401",
    "GET, /v1/events/stream, 401",
    "GET, /v1/nothing, 401",
    "POST, /v1/drain, 401",
    "GET, /health, 200",
    "GET, /ready, 200",
    "GET, /, 200",
    "POST, /health, 405",
    "POST, /, 405",
    "GET, /page.html, 401",
    "GET, /../page.js, 401",
  })
  void withoutATokenThereIsNextToNothing(String method, String path, int status) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(admin(path));
    HttpResponse<String> response =
        send(
            request
                .header("Content-Type", "application/json")
                .method(
                    method,
                    method.equals("GET")
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString("{}")));
    assertEquals(status, response.statusCode());
    if (status == 401) {
      String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
      assertEquals("Bearer realm=\"tidegate\"", challenge);
    }
    assertTrue(proxy.isReady());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/drain, 405, 'POST'",
    "DELETE, /v1/loggers, 405, 'GET, HEAD, POST'",
    "OPTIONS, /v1/drain, 405, 'POST'",
    "PUT, /v1/overview, 405, 'GET, HEAD'",
    "TRACE, /v1/overview, 405, 'GET, HEAD'",
  })
  void onlyTheMethodsOfAResourceAreTaken(String method, String path, int status, String allow)
      throws Exception {
    HttpResponse<String> response = send(asked(path).method(method, BodyPublishers.noBody()));
    assertEquals(status, response.statusCode());
    assertEquals(allow, response.headers().firstValue("Allow").orElse(""));
  }

  @Test
  void theTokenCountsInItsFieldAlone() throws Exception {
    for (HttpRequest.Builder request :
        List.of(
            HttpRequest.newBuilder(admin("/v1/overview?token=" + TOKEN)),
            HttpRequest.newBuilder(admin("/v1/overview")).header("Cookie", "token=" + TOKEN))) {
      assertEquals(401, send(request).statusCode());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, 'Content-Length: 2', 415",
    "application/json, 'Content-Length: 65537', 413",
    "application/json, 'Transfer-Encoding: chunked', 411",
  })
  void contentOfAnotherKindOrLengthIsRefused(String type, String framing, int status)
      throws Exception {
    try (RawClient client = RawClient.connect(admin("/").getPort())) {
      client.send(
          "POST /v1/drain HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + TOKEN
              + "\r\nContent-Type: "
              + type
              + "\r\n"
              + framing
              + "\r\n\r\n");
      assertEquals(status, client.readResponse().status());
    }
    assertTrue(proxy.isReady());
  }

  @Test
  void contentMayHave64KibiOctets() throws Exception {
    assertEquals(200, post("/v1/drain", "{}" + " ".repeat(65_534)).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "Host: attacker.example, 421",
    "'Host: localhost\r\nOrigin: http://attacker.example', 403",
    "'Host: localhost\r\nSec-Fetch-Site: cross-site', 403",
    "'Host: localhost\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-origin', 200",
  })
  void aPageOfAnotherOriginCannotUseIt(String fields, int status) throws Exception {
    try (RawClient client = RawClient.connect(admin("/").getPort())) {
      client.send(
          "GET /v1/overview HTTP/1.1\r\n"
              + fields.replace("\\r\\n", "\r\n")
              + "\r\nAuthorization: Bearer "
              + TOKEN
              + "\r\n\r\n");
      assertEquals(status, client.readResponse().status());
    }
  }

  @Test
  void onlyOneVersionOfHttpIsSpoken() throws Exception {
    try (RawClient client = RawClient.connect(admin("/").getPort())) {
      client.send("GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n");
      assertEquals(505, client.readResponse().status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/page.css", "/page.js", "/chart.js", "/icon.svg", "/v1", "/x"})
  void everyResponseSaysWhatABrowserMayDo(String path) throws Exception {
    HttpResponse<String> response = send(asked(path));
    assertEquals(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        response.headers().firstValue("Content-Security-Policy").orElse(""));
    assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
    assertEquals("no-store", response.headers().firstValue("Cache-Control").orElse(""));
    assertEquals("no-referrer", response.headers().firstValue("Referrer-Policy").orElse(""));
  }

  /** Its only addresses are names of its own namespaces, which nobody fetches. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/page.css", "/icon.svg"})
  void thePageHasNothingFromElsewhereAndNothingInline(String path) throws Exception {
    assertNothingFromElsewhere(path, send(HttpRequest.newBuilder(admin(path))).body());
  }

  @Test
  void theScriptOfThePageIsThereWithAllItImports() throws Exception {
    List<String> modules = new ArrayList<>(List.of("page.js"));
    for (int i = 0; i < modules.size(); i++) {
      HttpResponse<String> module = send(HttpRequest.newBuilder(admin("/" + modules.get(i))));
      assertEquals(200, module.statusCode(), modules.get(i));
      assertEquals(
          "text/javascript; charset=utf-8", module.headers().firstValue("Content-Type").orElse(""));
      assertNothingFromElsewhere(modules.get(i), module.body());
      Matcher imports = Pattern.compile(" from '\\./([^']+)'").matcher(module.body());
      while (imports.find()) {
        if (!modules.contains(imports.group(1))) {
          modules.add(imports.group(1));
        }
      }
    }
    assertEquals(9, modules.size(), modules::toString);
  }

  private static void assertNothingFromElsewhere(String path, String text) {
    Matcher addresses = Pattern.compile("(?:https?:)?//[\\w.]+[\\w/.]*").matcher(text);
    while (addresses.find()) {
      assertEquals("http://www.w3.org/2000/svg", addresses.group(), path);
    }
    assertFalse(
        Pattern.compile("<script(?![^>]* src=)|<style| style=|\\son\\w+=").matcher(text).find());
    assertFalse(
        Pattern.compile("innerHTML\\s*=[^=]|eval\\(|new Function|@import").matcher(text).find());
  }

  @Test
  void whatNobodyMayChangeStaysAsItIs() throws Exception {
    try (ReverseProxy looked = described().admin(admin -> admin.readOnly()).start()) {
      URI at =
          URI.create(
              "http://127.0.0.1:" + looked.adminAddress().orElseThrow().getPort() + "/v1/drain");
      HttpRequest.Builder request =
          HttpRequest.newBuilder(at)
              .header("Authorization", "Bearer " + TOKEN)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{}"));
      assertEquals(403, send(request).statusCode());
      assertTrue(looked.isReady());
      BodyPublisher asked = BodyPublishers.ofString("{\"uri\": \"http://shop.example/shop/1\"}");
      HttpRequest.Builder question = request.uri(at.resolve("/v1/explain")).POST(asked);
      assertEquals(200, send(question).statusCode(), "it changes nothing");
    }
  }

  @Test
  void theListenerEndsWithTheProxy() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(admin("/health")).build();
    proxy.close();
    assertThrows(ConnectException.class, () -> http.send(request, BodyHandlers.ofString()));
    assertEquals("stopping", assertDoesNotThrow(() -> proxy.isReady() ? "ready" : "stopping"));
  }

  @Test
  void aPortInUseIsSaidAndNothingListens() {
    int port = admin("/").getPort();
    List<ProxyEvent> events = new CopyOnWriteArrayList<>();
    ReverseProxy second =
        described().eventListener(events::add).admin(admin -> admin.listen(port)).build();
    UncheckedIOException e = assertThrows(UncheckedIOException.class, second::start);
    assertTrue(
        e.getMessage().startsWith("admin: cannot listen on 127.0.0.1:" + port + ": "),
        e.getMessage());
    assertThrows(IllegalStateException.class, second::start);
    assertEquals(List.of(), events, "nobody was served");
  }

  @Test
  void whatStopsTheProxyMayBeToldByTheListenerItself() throws Exception {
    CompletableFuture<ReverseProxy> stopped = new CompletableFuture<>();
    CountDownLatch ended = new CountDownLatch(1);
    EventListener listener =
        event -> {
          if (event.name().equals("endpoint-draining")) {
            stopped.join().close();
            ended.countDown();
          }
        };
    ReverseProxy other = described().eventListener(listener).start();
    stopped.complete(other);
    int port = other.adminAddress().orElseThrow().getPort();
    String named = "{\"cluster\": \"shop\", \"endpoint\": \"http://" + origin.authority() + "\"}";
    HttpRequest.Builder drain =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/endpoints/drain"))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(named));
    http.sendAsync(drain.build(), BodyHandlers.ofString());
    assertTrue(ended.await(20, TimeUnit.SECONDS));
  }

  @Test
  void proxiesOfOneBuilderHaveTheirEventsApart() throws Exception {
    ReverseProxy.Builder builder = described();
    try (ReverseProxy first = builder.start();
        ReverseProxy second = builder.start()) {
      first.cluster("shop").drain("http://" + origin.authority());
      assertEquals(1, drainings(first));
      assertEquals(0, drainings(second));
    }
  }

  private long drainings(ReverseProxy of) throws Exception {
    int port = of.adminAddress().orElseThrow().getPort();
    HttpRequest.Builder events =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/events"))
            .header("Authorization", "Bearer " + TOKEN);
    JsonNode told = new ObjectMapper().readTree(send(events).body()).path("events");
    return told.findValuesAsText("name").stream().filter("endpoint-draining"::equals).count();
  }

  @Test
  void aMountedProxyHasItToo() throws Exception {
    try (ReverseProxy mounted = described().build()) {
      assertTrue(mounted.adminAddress().isEmpty());
      Undertow server =
          Undertow.builder().addHttpListener(0, "127.0.0.1", mounted.handler()).build();
      server.start();
      int port = mounted.adminAddress().orElseThrow().getPort();
      URI ready = URI.create("http://127.0.0.1:" + port + "/ready");
      assertEquals(200, send(HttpRequest.newBuilder(ready)).statusCode());
      mounted.close();
      server.stop();
    }
  }

  @Test
  void theTokenMayStandInAFile(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "short\n");
    ReverseProxy.Builder builder = described().admin(admin -> admin.tokenFile(file));
    assertEquals(
        List.of("proxy.admin.token: 5 characters (expected: >= 16)"),
        ReverseProxyBuilderTest.problems(builder));
    assertEquals(
        List.of(
            "proxy.admin.token: file "
                + directory.resolve("none")
                + " (expected: a file in UTF-8 that can be read)"),
        ReverseProxyBuilderTest.problems(
            builder.admin(admin -> admin.tokenFile(directory.resolve("none")))));
    Files.writeString(file, TOKEN + "\n");
    ReverseProxySettings settings = builder.admin(admin -> admin.tokenFile(file)).settings();
    assertEquals(settings, ReverseProxy.builder(settings).settings());
  }

  @Test
  void aTokenThatIsWrittenAnewCountsFromTheNextReloadOn(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("token"), TOKEN);
    proxy.close();
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .admin(admin -> admin.listen("127.0.0.1", 0).tokenFile(file))
            .start();
    String anew = "another-secret-token";
    HttpRequest.Builder withNew =
        HttpRequest.newBuilder(admin("/v1/overview")).header("Authorization", "Bearer " + anew);
    Files.writeString(file, anew);
    assertEquals(200, send(asked("/v1/overview")).statusCode());
    proxy.reload(proxy.settings());
    assertEquals(401, send(asked("/v1/overview")).statusCode());
    assertEquals(200, send(withNew).statusCode());
    Files.writeString(file, "short");
    assertThrows(InvalidSettingsException.class, () -> proxy.reload(proxy.settings()));
    assertEquals(200, send(withNew).statusCode());
  }

  @Test
  void whatIsUnsafeIsRefused() {
    ReverseProxy.Builder builder =
        ReverseProxy.builder().cluster("a", c -> c.endpoint("http://a")).route("/**", "a");
    assertEquals(
        List.of("admin: token: none (expected: a secret)"),
        ReverseProxyBuilderTest.problems(builder.admin(admin -> {})));
    builder.admin(admin -> admin.listen("192.0.2.1", 9901).withoutToken());
    assertEquals(
        List.of(
            "admin: withoutToken: true (expected: a token, as 192.0.2.1 is no loopback address)"),
        ReverseProxyBuilderTest.problems(builder));
    builder.admin(admin -> admin.listen("127.0.0.1", 9901));
    assertDoesNotThrow(builder::settings);
    builder.admin(admin -> admin.token(Secret.of(TOKEN)).hosts("a:1").clients("x"));
    List<String> problems = ReverseProxyBuilderTest.problems(builder);
    assertTrue(
        problems.contains("admin: hosts: a:1 (expected: a name without a port)"),
        problems::toString);
    assertTrue(problems.contains("admin: withoutToken: true (expected: no token beside it)"));
    assertTrue(problems.get(0).startsWith("admin: clients: "), problems::toString);
  }
}
