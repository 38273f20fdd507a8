package io.tidegate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.ListenerBuilder;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import io.tidegate.core.tls.TlsSettings;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardJsonTest {
  private static final ForwardProxySettings DEFAULT = ForwardProxy.builder().settings();

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

  @Test
  void nothingIsLostBetweenBuilderAndJson() {
    ForwardProxySettings all = ForwardProxyTest.everything().settings();
    ForwardProxySettings read = ForwardProxySettings.fromJson(all.toJson());
    assertEquals(all, read);
    assertEquals(all, ForwardProxy.builder(read).settings());
    assertEquals(all.toJson(), read.toJson());
  }

  /** A component that nobody has thought of in {@link ForwardProxyTest#everything} is named. */
  @Test
  void everyComponentIsAmongWhatIsTried() throws Exception {
    List<String> same = new ArrayList<>();
    compare("", ForwardProxyTest.everything().settings(), DEFAULT, same);
    assertEquals(List.of(), same);
  }

  /** The same of the first listener: how clients speak stands in a list. */
  @Test
  void everyComponentOfAListenerIsAmongWhatIsTried() throws Exception {
    ListenerSettings byDefault =
        new ListenerSettings(
            Optional.empty(),
            0,
            List.of(ListenerProtocol.HTTP),
            Optional.of(TlsSettings.DEFAULT),
            ForwardProxy.builder()
                .listen(3128)
                .proxyProtocol(told -> told.from("192.0.2.1"))
                .settings()
                .proxy()
                .listeners()
                .get(0)
                .proxyProtocol(),
            false);
    List<String> same = new ArrayList<>();
    compare(
        "", ForwardProxyTest.everything().settings().proxy().listeners().get(0), byDefault, same);
    assertEquals(List.of(), same);
  }

  private static void compare(String path, Object tried, Object byDefault, List<String> same)
      throws ReflectiveOperationException {
    for (RecordComponent component : tried.getClass().getRecordComponents()) {
      String here = path + "." + component.getName();
      Object value = unwrapped(component.getAccessor().invoke(tried));
      Object other = unwrapped(component.getAccessor().invoke(byDefault));
      Object base = here.equals(".proxy.cache") ? CacheSettings.FORWARD : other;
      if (value instanceof Record && value.getClass() == base.getClass()) {
        compare(here, value, base, same);
      } else if (value.equals(base)) {
        same.add(here);
      }
    }
  }

  private static Object unwrapped(Object value) {
    return value instanceof Optional<?> some && some.isPresent() ? some.get() : value;
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

  /** Octets changed, lost, doubled and swapped: settings, or a refusal that begins with a path. */
  @Test
  void damagedTextIsReadOrRefusedWithAPath() {
    byte[] whole =
        ForwardProxyTest.everything().settings().toJson().getBytes(StandardCharsets.ISO_8859_1);
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      String damaged = new String(damage(whole, random), StandardCharsets.ISO_8859_1);
      try {
        ForwardProxySettings read = ForwardProxySettings.fromJson(damaged);
        assertEquals(read, ForwardProxySettings.fromJson(read.toJson()), damaged);
      } catch (InvalidSettingsException e) {
        refused++;
        assertTrue(e.problems().stream().allMatch(problem -> problem.startsWith("$")), damaged);
      }
    }
    assertTrue(refused > 500 && refused < 1000, refused + " of 1000 refused");
  }

  private static byte[] damage(byte[] whole, Random random) {
    byte[] damaged = whole.clone();
    for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
      int at = random.nextInt(damaged.length);
      int length = Math.min(1 + random.nextInt(8), damaged.length - at);
      switch (random.nextInt(3)) {
        case 0 -> damaged[at] = (byte) (' ' + random.nextInt(95));
        case 1 -> {
          byte[] without = new byte[damaged.length - length];
          System.arraycopy(damaged, 0, without, 0, at);
          System.arraycopy(damaged, at + length, without, at, without.length - at);
          damaged = without;
        }
        default ->
            System.arraycopy(
                damaged, random.nextInt(damaged.length - length + 1), damaged, at, length);
      }
    }
    return damaged;
  }
}
