package io.tidegate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.AdminBuilder;
import io.tidegate.core.ListenerBuilder;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.json.DamagedJson;
import io.tidegate.core.json.SchemaCheck;
import io.tidegate.core.json.SettingsCoverage;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

class ForwardJsonTest {
  /** What cannot be said together with everything else. */
  private static final ForwardProxy.Builder OPEN =
      ForwardProxy.builder().admin(AdminBuilder::withoutToken);

  private static final ForwardProxySettings DEFAULT = ForwardProxy.builder().settings();
  private static final SchemaCheck SCHEMA = new SchemaCheck(ForwardProxySettings.jsonSchema());

  private static List<String> problems(String json) {
    return assertThrows(InvalidSettingsException.class, () -> ForwardProxySettings.fromJson(json))
        .problems();
  }

  @Test
  void whatIsNotSaidIsAsABuilderHasIt() {
    assertEquals(DEFAULT, ForwardProxySettings.fromJson("{}"));
    assertEquals("{ }\n", DEFAULT.toJson());
    assertEquals(
        ForwardProxy.builder().cache(cache -> {}).settings(),
        ForwardProxySettings.fromJson("{\"proxy\": {\"cache\": {}}}"));
    assertEquals(
        ForwardProxy.builder().cache(cache -> cache.maxBytes(1000)).settings(),
        ForwardProxySettings.fromJson("{\"proxy\": {\"cache\": {\"maxBytes\": 1000}}}"));
  }

  private static Stream<ForwardProxySettings> settings() {
    return Stream.of(ForwardProxyTest.everything().settings(), OPEN.settings());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void nothingIsLostBetweenBuilderAndJson(ForwardProxySettings all) {
    ForwardProxySettings read = ForwardProxySettings.fromJson(all.toJson());
    assertEquals(all, read);
    assertEquals(all, ForwardProxy.builder(read).settings());
    assertEquals(all.toJson(), read.toJson());
  }

  /** A component that nobody has thought of in {@link ForwardProxyTest#everything} is named. */
  @Test
  void everySettingIsAmongWhatIsTried() {
    assertEquals(
        Set.of(),
        SettingsCoverage.missing(
            ForwardProxySettings.format(),
            ForwardProxyTest.everything().settings(),
            OPEN.settings()));
  }

  @Test
  void theSchemaTakesWhatSettingsAreWrittenAs() {
    assertEquals(List.of(), SCHEMA.problems(ForwardProxyTest.everything().settings().toJson()));
    assertEquals(List.of(), SCHEMA.problems("{\"$schema\": \"forward.schema.json\"}"));
  }

  @Test
  void aFileSaysWhatABuilderSays(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("gate.json");
    Files.writeString(
        file,
        """
        {
          // who listens
          "proxy": {"listeners": [{"host": null, "port": 3128}], "exchange": {"connectTimeout": "3s"}},
          "rules": [
            {"action": "deny", "requests": {"clients": ["10.9.0.0/16"]}},
            {"action": "allow", "requests": {"hosts": ["*.example.com"], "ports": [443, "8000-8999"]}}
          ],
          "requestFields": [{"action": "remove", "name": "Referer"}]
        }
        """);
    ForwardProxySettings settings = ForwardProxySettings.fromJson(file);
    assertEquals(
        ForwardProxy.builder()
            .deny(Requests.fromClient("10.9.0.0/16"))
            .allow(Requests.to("*.example.com").port(443).portRange(8000, 8999))
            .settings()
            .rules(),
        settings.rules());
    assertEquals(
        List.of(ListenerSettings.http(Optional.empty(), 3128)), settings.proxy().listeners());
    assertEquals(Duration.ofSeconds(3), settings.proxy().exchange().connectTimeout());
    assertEquals(List.of(FieldRule.remove("Referer")), settings.requestFields());
  }

  @Test
  void howClientsSpeakStandsWithTheirListener() {
    assertEquals(
        ForwardProxy.builder()
            .listen("127.0.0.1", 3129)
            .tls(
                tls ->
                    tls.certificate(Path.of("gate.pem"), Path.of("gate.key"))
                        .clientCertificates(Demand.REQUIRED, Path.of("clients-ca.pem")))
            .proxyProtocol(told -> told.from("10.0.0.0/24"))
            .alsoListen("127.0.0.1", 3128, ListenerBuilder::http2WithoutTls)
            .http2(http2 -> http2.maxConcurrentStreams(64))
            .settings(),
        ForwardProxySettings.fromJson(
            """
            {
              "proxy": {
                "listeners": [
                  {
                    "host": "127.0.0.1",
                    "port": 3129,
                    "tls": {
                      "certificates": [{"certificate": "gate.pem", "key": "gate.key"}],
                      "clientCertificates": {"demand": "required", "trusted": ["clients-ca.pem"]}
                    },
                    "proxyProtocol": {"from": ["10.0.0.0/24"]}
                  },
                  {"host": "127.0.0.1", "port": 3128, "http2WithoutTls": true}
                ],
                "server": {"http2": {"maxConcurrentStreams": 64}}
              }
            }
            """));
    assertEquals(
        ForwardProxy.builder().http2(http2 -> http2.off()).settings(),
        ForwardProxySettings.fromJson("{\"proxy\": {\"server\": {\"http2\": null}}}"));
  }

  @Test
  void aListenerIsOnLoopbackUnlessItSaysWhere() {
    assertEquals(
        ForwardProxy.builder().listen(3128).settings(),
        ForwardProxySettings.fromJson("{\"proxy\": {\"listeners\": [{\"port\": 3128}]}}"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"rules": [{"action": "allow", "requests": {"ports": ["http"]}}]} | $.rules[0].requests.ports[0]: "http" (expected: a port or a range like 8000-8999)
          {"rules": [{"action": "allow", "requests": {"hosts": ["a", "*b"]}}]} | $.rules[0].requests.hosts[1]: *b (expected: *, a name in ASCII, *.example.com for its subdomains, .example.com for both, or an IP address)
          {"rules": [{"action": "allow"}]} | $.rules[0].requests: missing (expected: an object)
          {"rules": [{"requests": {}}]} | $.rules[0].action: missing (expected: one of allow, deny)
          {"connectPorts": ["443", "9-8"]} | $.connectPorts[1]: 9-8 (expected: 1 to 65535, the lower one first)
          {"proxy": {"listeners": [{"host": "0.0.0.0"}]}} | $.proxy.listeners[0].host: 0.0.0.0 (expected: a loopback address, or allow rules that all name clients or destinations, or authentication, or openToEveryone)
          {"proxy": {"listeners": [{"host": null}]}} | $: listen: all addresses (expected: a loopback address, or allow rules that all name clients or destinations, or authentication, or openToEveryone)
          {"proxy": {"upstream": {"maxConnections": 0}}} | $.proxy.upstream.maxConnections: 0 (expected: >= 1)
          {"requestFields": [{"action": "set", "name": "A"}]} | $.requestFields[0].name: A (expected: a value)
          {"proxy": {"cache": {"maxResponseBytes": "1GiB"}}} | $.proxy.cache.maxResponseBytes: 1073741824 (expected: 0 to 67108864)
          {"proxy": {"cache": {"targets": ["a b"]}}} | $.proxy.cache.targets[0]: "a b" (expected: a token)
          """)
  void whatIsWrongIsSaidWithItsPath(String json, String problem) {
    assertEquals(List.of(problem), problems(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rules\": {}}",
        "{\"rules\": [{\"action\": \"forbid\", \"requests\": {}}]}",
        "{\"rules\": [{\"requests\": {}}]}",
        "{\"rule\": []}",
        "{\"proxy\": {\"ioThreads\": \"two\"}}",
        "{\"proxy\": {\"ioThreads\": 3000000000}}",
        "{\"proxy\": {\"exchange\": {\"connectTimeout\": \"3 s\"}}}",
        "{\"proxy\": {\"exchange\": {\"connectTimeout\": 3}}}",
        "{\"proxy\": {\"cache\": {\"maxBytes\": \"1 TeB\"}}}",
        "{\"authentication\": {\"users\": {\"alice\": \"hunter2\"}}}",
        "{\"authentication\": {\"users\": {\"alice\": {\"file\": \"a\", \"env\": \"b\"}}}}",
        "{\"reportOnly\": null}",
        "[]"
      })
  void whatTheSchemaRefusesIsRefused(String json) {
    assertFalse(SCHEMA.problems(json).isEmpty(), json);
    assertFalse(problems(json).toString().contains("hunter2"), json);
  }

  /** Settings, or a refusal that begins with a path; and what is taken is as the schema says. */
  @Test
  @Timeout(120)
  void aDamagedTextIsReadOrRefusedWithAPath() {
    DamagedJson damaged = new DamagedJson(ForwardProxyTest.everything().settings().toJson(), 5);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      String text = damaged.get();
      try {
        ForwardProxySettings read = ForwardProxySettings.fromJson(text);
        assertEquals(read, ForwardProxySettings.fromJson(read.toJson()), text);
        assertEquals(read, ForwardProxy.builder(read).settings(), text);
        assertEquals(List.of(), SCHEMA.problems(text), text);
      } catch (InvalidSettingsException e) {
        refused++;
        e.problems().forEach(problem -> assertTrue(problem.startsWith("$"), problem));
      }
    }
    assertTrue(refused > 200 && refused < 480, refused + " of 500 refused");
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
