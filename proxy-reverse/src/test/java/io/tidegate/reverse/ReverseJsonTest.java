package io.tidegate.reverse;

import static io.tidegate.reverse.EverySetting.everything;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.AdminBuilder;
import io.tidegate.core.json.DamagedJson;
import io.tidegate.core.json.SchemaCheck;
import io.tidegate.core.json.SettingsCoverage;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.InvalidSettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReverseJsonTest {
  /** What cannot be said together with everything else. */
  private static final ReverseProxy.Builder OPEN =
      ReverseProxy.builder().admin(AdminBuilder::withoutToken);

  private static final ReverseProxySettings DEFAULT = ReverseProxy.builder().settings();
  private static final SchemaCheck SCHEMA = new SchemaCheck(ReverseProxySettings.jsonSchema());

  private static List<String> problems(String json) {
    return assertThrows(InvalidSettingsException.class, () -> ReverseProxySettings.fromJson(json))
        .problems();
  }

  @Test
  void whatIsNotSaidIsAsABuilderHasIt() {
    assertEquals(DEFAULT, ReverseProxySettings.fromJson("{}"));
    assertEquals("{ }\n", DEFAULT.toJson());
    assertEquals(
        ReverseProxy.builder().cache(cache -> {}).settings(),
        ReverseProxySettings.fromJson("{\"proxy\": {\"cache\": {}}}"));
  }

  @Test
  void partsThatAreNotSaidAreAsTheirBuildersHaveThem() {
    assertEquals(
        ReverseProxy.builder()
            .cluster(
                "a",
                c ->
                    c.endpoint("http://a")
                        .health(h -> h.check("/up", check -> {}).ejection(e -> {}))
                        .balance(b -> b.affinity("node")))
            .route(
                Routes.path("/**").field("X-A").query("q", "1"),
                r ->
                    r.to("a")
                        .mirror("a")
                        .resilience(s -> s.hedge(95))
                        .buffering(b -> {})
                        .compression(c -> {})
                        .protect(
                            p ->
                                p.rateLimit("l", 5, Duration.ofSeconds(1), l -> l.perClient())
                                    .cors(c -> c.origins("*"))
                                    .securityFields(f -> {})))
            .settings(),
        ReverseProxySettings.fromJson(
            """
            {
              "clusters": [{
                "name": "a",
                "endpoints": ["http://a"],
                "health": {"check": "/up", "ejection": {}},
                "balance": {"affinity": "node"}
              }],
              "routes": [{
                "cluster": "a",
                "routing": {"conditions": {
                  "fields": ["x-a"], "query": [{"name": "q", "kind": "exact", "value": "1"}]}},
                "traffic": {"mirror": "a"},
                "resilience": {"hedge": 95},
                "buffering": {},
                "compression": {},
                "protection": {
                  "rateLimits": [{"name": "l", "requests": 5, "per": "1s", "key": "client"}],
                  "cors": {"origins": ["*"]},
                  "securityFields": {}
                }
              }]
            }
            """));
  }

  private static Stream<ReverseProxySettings> settings() {
    return Stream.of(everything().settings(), OPEN.settings());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void nothingIsLostBetweenBuilderAndJson(ReverseProxySettings all) {
    ReverseProxySettings read = ReverseProxySettings.fromJson(all.toJson());
    assertEquals(all, read);
    assertEquals(all, ReverseProxy.builder(read).settings());
    assertEquals(all.toJson(), read.toJson());
  }

  /**
   * A component that nobody has thought of in {@link EverySetting} is named; protocols of listeners
   * are always the same, for a reverse proxy does not speak SOCKS.
   */
  @Test
  void everySettingIsAmongWhatIsTried() {
    assertEquals(
        Set.of(ListenerSettings.class.getName() + ".protocols"),
        SettingsCoverage.missing(ReverseFormat.get(), everything().settings(), OPEN.settings()));
  }

  @Test
  void theSchemaTakesWhatSettingsAreWrittenAs() {
    assertEquals(List.of(), SCHEMA.problems(everything().settings().toJson()));
    assertEquals(List.of(), SCHEMA.problems("{\"$schema\": \"reverse.schema.json\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"routes\": {}}",
        "{\"route\": []}",
        "{\"routes\": [{\"upstreamHost\": \"named\"}]}",
        "{\"routes\": [{\"upstreamHost\": \"me\"}]}",
        "{\"routes\": [{\"upstreamHost\": {\"named\": \"a\", \"client\": {}}}]}",
        "{\"routes\": [{\"upstreamHost\": {\"name\": \"a\"}}]}",
        "{\"routes\": [{\"routing\": {\"action\": {\"redirect\": {\"path\": \"/\"}}}}]}",
        "{\"clusters\": [{\"endpoints\": [\"http://a\"]}]}",
        "{\"clusters\": [{\"name\": \"a\", \"endpoints\": [5]}]}",
        "{\"clusters\": [{\"name\": \"a\", \"endpoints\": [{\"weight\": 5}]}]}",
        "{\"clusters\": [{\"name\": \"a\", \"endpoints\": \"http://a\"}]}",
        "{\"forwarded\": \"some\"}",
        "{\"forwarded\": \"x forwarded\"}",
        "{\"https\": null}"
      })
  void whatTheSchemaRefusesIsRefused(String json) {
    assertFalse(SCHEMA.problems(json).isEmpty(), json);
    assertFalse(problems(json).isEmpty(), json);
  }

  /** Settings, or a refusal that begins with a path; and what is taken is as the schema says. */
  @Test
  @Timeout(120)
  void aDamagedTextIsReadOrRefusedWithAPath() {
    DamagedJson damaged = new DamagedJson(everything().settings().toJson(), 7);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      String text = damaged.get();
      try {
        ReverseProxySettings read = ReverseProxySettings.fromJson(text);
        assertEquals(read, ReverseProxySettings.fromJson(read.toJson()), text);
        assertEquals(read, ReverseProxy.builder(read).settings(), text);
        assertEquals(List.of(), SCHEMA.problems(text), text);
      } catch (InvalidSettingsException e) {
        refused++;
        e.problems().forEach(problem -> assertTrue(problem.startsWith("$"), problem));
      }
    }
    assertTrue(refused > 200 && refused < 480, refused + " of 500 refused");
  }

  @Test
  void aFileSaysWhatABuilderSays(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("gate.json");
    Files.writeString(
        file,
        """
        {
          "proxy": {"listeners": [{"port": 8080}]},
          "clusters": [
            {"name": "orders", "endpoints": [
              "http://10.0.0.1:8080", {"uri": "http://10.0.0.2:8080", "weight": 2}]}
          ],
          "routes": [
            {"path": "/orders/**", "cluster": "orders", "upstreamHost": "endpoint",
             "resilience": {"fallback": {"response": {
               "status": 503, "contentType": "text/plain", "content": "later"}}}},
            {"path": "/old/**", "routing": {"action": {"redirect": {"status": 308, "path": "/orders"}}}},
            {"path": "/gone", "routing": {"action": {"respond": {"status": 410, "content": ""}}}}
          ]
        }
        """);
    assertEquals(
        ReverseProxy.builder()
            .listen(8080)
            .cluster(
                "orders",
                c ->
                    c.endpoint("http://10.0.0.1:8080")
                        .endpoint("http://10.0.0.2:8080", e -> e.weight(2)))
            .route(
                Routes.path("/orders/**"),
                r ->
                    r.to("orders")
                        .endpointHost()
                        .resilience(s -> s.fallback(503, "text/plain", "later")))
            .route(Routes.path("/old/**"), r -> r.redirect(308, to -> to.path("/orders")))
            .route(Routes.path("/gone"), r -> r.respond(410, ""))
            .settings(),
        ReverseProxySettings.fromJson(file));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"clusters": [{"name": "a", "endpoints": ["ftp://a"]}]} | $.clusters[0].endpoints[0]: ftp://a (expected: http://host, https://host or with a port; no path, query or user)
          {"clusters": [{"name": "a", "endpoints": [{"uri": "http://a", "weight": 0}]}]} | $.clusters[0].endpoints[0].weight: 0 (expected: 1 to 1000)
          {"clusters": [{"name": "a"}]} | $.clusters[0].endpoints: none (expected: at least one)
          {"clusters": [{"endpoints": ["http://a"]}]} | $.clusters[0].name: missing (expected: a text)
          {"clusters": [{"name": "a", "endpoints": ["http://a", "http://b", "http://b"]}]} | $.clusters[0]: cluster a: endpoint: http://b (expected: each endpoint once)
          {"clusters": [{"name": "a", "endpoints": ["http://a"], "loadBalancer": "best"}]} | $.clusters[0].loadBalancer: best (expected: one of round-robin, least-requests, random, power-of-two-choices, least-load, consistent-hash)
          {"clusters": [{"name": "a", "endpoints": ["http://a"], "health": {"check": {"path": "/", "rise": 0}}}]} | $.clusters[0].health.check.rise: 0 (expected: 1 to 1000)
          {"clusters": [{"name": "a", "endpoints": ["http://a"], "health": {"ejection": {"failureRate": {"percent": 0, "minRequests": 1, "window": "1s"}}}}]} | $.clusters[0].health.ejection.failureRate.percent: 0 (expected: 1 to 100)
          {"clusters": [{"name": "a", "endpoints": ["http://a"], "health": {"ejection": {"failureStatuses": ["600"]}}}]} | $.clusters[0].health.ejection.failureStatuses[0]: "600" (expected: a range within 100 to 599)
          {"clusters": [{"name": "a", "endpoints": ["http://a"]}], "routes": [{"cluster": "a"}, {"path": "/b", "cluster": "b"}]} | $.routes[1].cluster: b (expected: one of a)
          {"routes": [{"path": "a"}]} | $.routes[0].path: a (expected: a path like /a, /a/{id}/b, /a/* or /a/**, other characters than those of a path percent-encoded)
          {"routes": [{"cluster": "a", "upstreamHost": "me"}]} | $.routes[0].upstreamHost: "me" (expected: one of "client", "endpoint", {"named": …})
          {"routes": [{"cluster": "a", "upstreamHost": {"name": "x"}}]} | $.routes[0].upstreamHost.name: unknown key, perhaps named (expected: one of client, endpoint, named)
          {"routes": [{"cluster": "a", "upstreamHost": {"named": "a b"}}]} | $.routes[0].upstreamHost.named: a b (expected: a host, or a host and port)
          {"routes": [{"cluster": "a", "upstreamHost": {"named": 5}}]} | $.routes[0].upstreamHost.named: 5 (expected: a text)
          {"routes": [{"cluster": "a", "resilience": {"retry": {"attempts": 0}}}]} | $.routes[0].resilience.retry.attempts: 0 (expected: 1 to 100)
          {"routes": [{"cluster": "a", "resilience": {"timeouts": {"connect": "0s"}}}]} | $.routes[0].resilience.timeouts.connect: PT0S (expected: more than 0, at most 365 days)
          {"routes": [{"cluster": "a", "requestFields": [{"action": "set", "name": "Host", "value": "x"}]}]} | $.routes[0].requestFields[0].name: Host (expected: neither Host, nor framing, nor connection-specific)
          {"routes": [{"routing": {"action": {"redirect": {"status": 200, "path": "/x"}}}}]} | $.routes[0].routing.action.redirect.status: 200 (expected: 301, 302, 303, 307 or 308)
          {"routes": [{"routing": {"action": {"respond": {"status": 99, "content": ""}}}}]} | $.routes[0].routing.action.respond.status: 99 (expected: 200 to 599)
          {"routes": [{"cluster": "a", "routing": {"conditions": {"methods": ["GET", "CONNECT"]}}}]} | $.routes[0].routing.conditions.methods[1]: CONNECT (expected: a method other than CONNECT)
          {"routes": [{"cluster": "a", "routing": {"conditions": {"clients": ["10.0.0.0/99"]}}}]} | $.routes[0].routing.conditions.clients[0]: 10.0.0.0/99 (expected: a prefix of 0 to 32)
          {"protection": {"filters": {"maxPathBytes": 0}}} | $.protection.filters.maxPathBytes: 0 (expected: >= 1)
          {"protection": {"rateLimits": [{"name": "x", "requests": 0, "per": "1s"}]}} | $.protection.rateLimits[0].requests: 0 (expected: 1 to 1000000000)
          {"protection": {"cors": {"origins": ["example"]}}} | $.protection.cors.origins[0]: example (expected: an origin like https://app.example or https://*.app.example, without default port, or null, or *)
          {"https": {"redirect": {"status": 200}}} | $.https.redirect.status: 200 (expected: 301, 302, 303, 307 or 308)
          {"passthrough": [{"name": "db", "cluster": "a"}]} | $.passthrough[0].name: db (expected: a listener that speaks TLS)
          """)
  void whatIsWrongIsSaidWithItsPath(String json, String problem) {
    assertTrue(problems(json).contains(problem), () -> problems(json).toString());
  }

  @Test
  void secretsAreReferencesAndNeverShown() {
    assertEquals(
        List.of(
            "$.clusters[0].balance.affinity.key: a text"
                + " (expected: {\"file\": path} or {\"env\": name of a variable})"),
        problems(
            """
            {"clusters": [{"name": "a", "endpoints": ["http://a"],
              "balance": {"affinity": {"cookie": "c", "key": "hunter2hunter2hunter2"}}}]}
            """));
    ReverseProxySettings told =
        ReverseProxy.builder()
            .cluster(
                "a",
                c ->
                    c.endpoint("http://a")
                        .balance(b -> b.affinity("c", a -> a.key("hunter2hunter2hunter2"))))
            .route(
                Routes.path("/**").field("X-Key", "hunter2"),
                r -> r.to("a").requestField("Authorization", "Bearer hunter2"))
            .settings();
    assertFalse(told.toString().contains("hunter2"), told.toString());
    assertFalse(told.showJson().contains("hunter2"), told.showJson());
    assertTrue(told.showJson().contains("hidden"), told.showJson());
    assertEquals(
        List.of(
            "$.clusters[0].balance.affinity.key: a secret as it is"
                + " (expected: one in a file or an environment variable)"),
        assertThrows(InvalidSettingsException.class, told::toJson).problems());
  }

  @Test
  void thePathOfAnAccessLogThatCannotBeOneIsRefused() {
    assertEquals(
        List.of("$.proxy.accessLogs[0].file: a\0b (expected: a path)"),
        problems("{\"proxy\": {\"accessLogs\": [{\"file\": \"a\\u0000b\"}]}}"));
  }

  @Test
  void aLongNameOfSurrogatesIsRefusedLikeAnyOther() {
    String name = "a\ud83d\ude00".repeat(20_000);
    List<String> refused = problems("{\"proxy\": {\"viaName\": \"" + name + "\"}}");
    assertEquals(1, refused.size());
    assertTrue(refused.get(0).startsWith("$.proxy.viaName: a\ud83d\ude00"));
  }

  @Test
  void ofManyProblemsTheFirstHundredAreTold() {
    String keys =
        IntStream.range(0, 1000)
            .mapToObj(i -> "\"wrong" + i + "\": 1")
            .collect(Collectors.joining(",", "{", "}"));
    List<String> refused = problems(keys);
    assertEquals(101, refused.size());
    assertTrue(refused.get(99).startsWith("$.wrong99: unknown key"), refused.get(99));
    assertEquals("$: and 900 more (expected: none)", refused.get(100));
  }
}
