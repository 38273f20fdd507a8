package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script by which clients find the proxy. */
class ClientSetupTest {
  private static RawResponse ask(Consumer<ForwardProxy.Builder> more, String request)
      throws IOException {
    ForwardProxy.Builder builder =
        ForwardProxy.builder().listen("127.0.0.1", 0).ioThreads(1).viaName("gate");
    more.accept(builder);
    try (ForwardProxy proxy = builder.start()) {
      String port = String.valueOf(proxy.address().getPort());
      return RawClient.ask(proxy.address().getPort(), request.replace("PORT", port));
    }
  }

  private static String script(Consumer<ForwardProxy.Builder> more) throws IOException {
    return ask(more, head("GET /proxy.pac HTTP/1.1", "Host: gate.example:3128")).text();
  }

  /** The line of the script that begins like this. */
  private static String line(String script, String start) {
    return script.lines().map(String::strip).filter(l -> l.startsWith(start)).findFirst().get();
  }

  private static String proxies(String script) {
    return line(script, ": ");
  }

  @Test
  void nothingIsServedUnlessToldTo() throws Exception {
    assertEquals(400, ask(p -> {}, head("GET /proxy.pac HTTP/1.1", "Host: a")).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/proxy.pac", "/wpad.dat", "/wpad.dat?x=y"})
  void theScriptIsServedAtThePlacesWhereClientsLook(String path) throws Exception {
    RawResponse response = ask(p -> p.pac(), head("GET " + path + " HTTP/1.1", "Host: a:1"));
    assertEquals(200, response.status());
    assertEquals("application/x-ns-proxy-autoconfig", response.field("Content-Type"));
    assertEquals("max-age=300", response.field("Cache-Control"));
    assertTrue(response.text().contains("function FindProxyForURL(url, "), response::text);
  }

  @Test
  void headGetsTheHead() throws Exception {
    RawResponse response = ask(p -> p.pac(), head("HEAD /proxy.pac HTTP/1.1", "Host: a"));
    assertEquals(200, response.status());
    assertEquals("", response.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void noOtherMethodIsKnown(String method) throws Exception {
    RawResponse response =
        ask(p -> p.pac(), head(method + " /proxy.pac HTTP/1.1", "Host: a", "Content-Length: 0"));
    assertEquals(405, response.status());
    assertEquals("GET, HEAD", response.field("Allow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1", "GET /proxy.pac/x HTTP/1.1", "GET /Proxy.pac HTTP/1.1"})
  void nothingElseIsServed(String requestLine) throws Exception {
    assertEquals(400, ask(p -> p.pac(), head(requestLine, "Host: a")).status());
  }

  @Test
  void aWebSocketOfAnotherServerIsNotTakenForThePage() throws Exception {
    String request =
        head(
            "GET /proxy.pac HTTP/1.1",
            "Host: 127.0.0.1:9",
            "Connection: upgrade",
            "Upgrade: websocket");
    assertEquals(403, ask(p -> p.pac(), request).status());
  }

  @Test
  void thePageNeedsNoLeaveOfTheRules() throws Exception {
    assertEquals(
        200,
        ask(p -> p.pac().allow(to("a.example")), head("GET /proxy.pac HTTP/1.1", "Host: a"))
            .status());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "gate.example:3128, gate.example:3128",
        "GATE.Example.:3128, gate.example:3128",
        "gate.example, gate.example:80",
        "192.0.2.1:3128, 192.0.2.1:3128",
        "[2001:db8:0:0::1]:3128, [2001:db8::1]:3128",
        "a;SOCKS5:1, 127.0.0.1:PORT",
        "a', 127.0.0.1:PORT",
        "a%22:1, 127.0.0.1:PORT",
        "0x7f.1:1, 127.0.0.1:PORT"
      })
  void clientsAreSentToWhereTheyHaveAsked(String host, String expected) throws Exception {
    ForwardProxy.Builder builder = ForwardProxy.builder().listen("127.0.0.1", 0).pac();
    try (ForwardProxy proxy = builder.start()) {
      int port = proxy.address().getPort();
      RawResponse response = RawClient.ask(port, head("GET /proxy.pac HTTP/1.1", "Host: " + host));
      assertEquals(
          ": \"PROXY " + expected.replace("PORT", String.valueOf(port)) + "\";",
          proxies(response.text()));
    }
  }

  @Test
  void clientsThatNameNoHostAreSentToTheAddressTheyHaveFound() throws Exception {
    ForwardProxy.Builder builder = ForwardProxy.builder().listen("127.0.0.1", 0).pac();
    try (ForwardProxy proxy = builder.start()) {
      int port = proxy.address().getPort();
      RawResponse response = RawClient.ask(port, head("GET /wpad.dat HTTP/1.0"));
      assertEquals(": \"PROXY 127.0.0.1:" + port + "\";", proxies(response.text()));
    }
  }

  @Test
  void clientsAreSentToTheAddressThatWasNamed() throws Exception {
    assertEquals(
        ": \"PROXY way-out.example:8080\";",
        proxies(script(p -> p.clientSetup(setup -> setup.publicAddress("Way-Out.example:8080")))));
  }

  @Test
  void socksIsTheSecondChoiceWhereItIsSpoken() throws Exception {
    assertEquals(
        ": \"PROXY gate.example:3128; SOCKS5 gate.example:3128\";",
        proxies(script(p -> p.pac().socks())));
    assertEquals(
        ": \"PROXY gate.example:3128\";",
        proxies(script(p -> p.pac().listenSocks("127.0.0.1", 0)))); // nobody knows where
  }

  @Test
  void theRulesAreNotToldToStrangers() throws Exception {
    String script =
        script(
            p ->
                p.pac()
                    .allowAddresses("10.1.0.0/16")
                    .deny(to("secret.example"))
                    .allow(to("*.partner.example")));
    assertEquals("var through = [];", line(script, "var through"));
    assertEquals("var ranges = [];", line(script, "var ranges"));
    assertEquals("var everything = true;", line(script, "var everything"));
    assertFalse(script.contains("example\""), script);
  }

  @Test
  void theHostsThatRulesNameAreToldIfThatIsWanted() throws Exception {
    String script =
        script(
            p ->
                p.clientSetup(setup -> setup.fromRules())
                    .deny(to("ads.Partner.example."))
                    .allow(to("*.partner.example").port(443))
                    .allow(to(".other.example"))
                    .allow(to("2001:DB8:0:0:0:0:0:1")));
    assertEquals(
        "var through = [\"ads.partner.example\", \"*.partner.example\", \".other.example\","
            + " \"2001:db8::1\"];",
        line(script, "var through"));
  }

  @Test
  void rulesThatLetSomebodyGoAnywhereSendEverybodyThroughTheProxy() throws Exception {
    List<Consumer<ForwardProxy.Builder>> rules =
        List.of(
            p -> p.allow(to("a.example")).allow(fromClient("10.0.0.0/8")),
            p -> p.allow(to("a.example")).allow(to("*")),
            p -> p.allow(to("a.example")).allow(any()));
    for (Consumer<ForwardProxy.Builder> some : rules) {
      String script = script(some.andThen(p -> p.clientSetup(setup -> setup.fromRules())));
      assertEquals("var through = [\"a.example\"];", line(script, "var through"));
      assertEquals("var everything = true;", line(script, "var everything"));
    }
  }

  @Test
  void rangesThatAreAllowedAreToldWithTheRules() throws Exception {
    String script =
        script(
            p ->
                p.clientSetup(setup -> setup.fromRules())
                    .allowAddresses("10.1.0.0/16", "fd00:1::/32")
                    .allow(to("registry.internal")));
    assertEquals("var ranges = [\"10.1.0.0/16\"];", line(script, "var ranges"));
    assertEquals("var everything = false;", line(script, "var everything"));
  }

  @Test
  void hostsThatTheRulesNameGoThroughTheProxyThoughTheyArePrivate() throws Exception {
    String script = script(p -> p.clientSetup(setup -> setup.fromRules()).allow(to("x.internal")));
    assertEquals(
        "return own || !listed && (!everything || isLocal(host))", line(script, "return own"));
  }

  @Test
  void exceptionsAreNamed() throws Exception {
    assertEquals(
        "var direct = [\".corp.example\", \"203.0.113.7\"];",
        line(
            script(p -> p.clientSetup(setup -> setup.direct(".corp.example", "203.0.113.7"))),
            "var direct"));
  }

  @Test
  void privateHostsAreReachedDirectlyUnlessTheProxyLeadsThere() throws Exception {
    assertTrue(script(p -> p.pac()).contains("192\\.168"));
    assertFalse(script(p -> p.pac().allowPrivateDestinations()).contains("192\\.168"));
  }

  @Test
  void whatCannotWorkIsToldAtOnce() {
    List<String> problems =
        assertThrows(
                InvalidSettingsException.class,
                () ->
                    ForwardProxy.builder()
                        .clientSetup(
                            setup -> setup.publicAddress("gate.example").direct("a\"b", "ok"))
                        .build())
            .problems();
    assertEquals(2, problems.size(), problems::toString);
    assertEquals("publicAddress: gate.example (expected: proxy.example.com:3128)", problems.get(0));
    assertTrue(problems.get(1).startsWith("direct host: a\"b (expected: "), problems.get(1));
  }

  @Test
  void settingsComeBackFromTheBuilder() {
    ForwardProxySettings settings =
        ForwardProxy.builder()
            .clientSetup(setup -> setup.publicAddress("a.example:1").direct("b").fromRules())
            .clientSetup(setup -> setup.direct("c"))
            .settings();
    assertEquals(List.of("b", "c"), settings.clientSetup().get().direct());
    assertEquals(settings, ForwardProxy.builder(settings).settings());
    assertEquals(Optional.empty(), ForwardProxy.builder().settings().clientSetup());
  }
}
