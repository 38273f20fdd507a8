package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.HttpCache;
import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.forward.access.AccessReport;
import io.tidegate.forward.access.AccessRule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a forward proxy does, on the wire. */
class ForwardOnlyWireTest {
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
  }

  @AfterEach
  void closeOrigin() throws Exception {
    origin.close();
  }

  private static RawResponse ask(Consumer<ForwardProxy.Builder> more, String request)
      throws IOException {
    ForwardProxy.Builder builder =
        ForwardProxy.builder().listen("127.0.0.1", 0).ioThreads(1).viaName("gate");
    more.accept(builder);
    try (Proxy proxy = builder.start()) {
      return RawClient.ask(proxy.address().getPort(), request);
    }
  }

  private RawResponse ask(Consumer<ForwardProxy.Builder> more) throws IOException {
    return ask(more, get("http://" + origin.authority() + "/x", origin.authority()));
  }

  private static void assertFailure(int status, String error, RawResponse response) {
    assertEquals(status, response.status(), response::toString);
    assertEquals("gate; error=" + error, response.field("Proxy-Status"));
  }

  // Addresses

  @Test
  void privateAddressesAreRefused() throws Exception {
    assertFailure(403, "destination_ip_prohibited", ask(p -> {}));
    assertEquals(0, origin.connections());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost.",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "[::]"
      })
  void noSpellingOfAPrivateAddressGetsThrough(String host) throws Exception {
    String authority = host + ":" + origin.port();
    RawResponse response = ask(p -> {}, get("http://" + authority + "/", authority));
    assertEquals(true, response.status() == 403 || response.status() == 400, response::toString);
    assertEquals(0, origin.connections());
  }

  @Test
  void aNameIsRefusedForTheAddressItResolvesTo() throws Exception {
    // "localhost" is refused as a name; the rule lets every name pass, and the address is checked
    // before it is dialled.
    String authority = "localhost:" + origin.port();
    RawResponse response =
        ask(
            p -> p.allowPrivateDestinations().denyAddresses("127.0.0.0/8", "::1"),
            get("http://" + authority + "/", authority));
    assertFailure(403, "destination_ip_prohibited", response);
    assertEquals(0, origin.connections());
  }

  @Test
  void aNameIsDialledAtTheAddressThatWasChecked() throws Exception {
    String authority = "localhost:" + origin.port();
    RawResponse response =
        ask(p -> p.allowPrivateDestinations(), get("http://" + authority + "/", authority));
    assertEquals("ok", response.text());
    assertEquals(authority, origin.lastRequest().field("Host"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://nowhere.invalid/ HTTP/1.1",
        "POST http://nowhere.invalid/ HTTP/1.1",
        "CONNECT nowhere.invalid:443 HTTP/1.1"
      })
  void aNameWithoutAddressIsABadGateway(String requestLine) throws Exception {
    String host = requestLine.startsWith("CONNECT") ? "nowhere.invalid:443" : "nowhere.invalid";
    RawResponse response = ask(p -> {}, head(requestLine, "Host: " + host));
    assertFailure(502, "dns_error", response);
  }

  @Test
  void singleAddressesCanBeAllowed() throws Exception {
    assertEquals("ok", ask(p -> p.allowAddresses("127.0.0.1")).text());
  }

  @Test
  void theProxyDoesNotTalkToItself() throws Exception {
    try (Proxy proxy =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .viaName("gate")
            .allowPrivateDestinations()
            .start()) {
      String self = "127.0.0.1:" + proxy.address().getPort();
      RawResponse response =
          RawClient.ask(proxy.address().getPort(), get("http://" + self + "/", self));
      assertFailure(508, "proxy_loop_detected", response);
    }
  }

  // Rules and ports

  @Test
  void whatTheRulesDoNotAllowIsRefused() throws Exception {
    RawResponse response = ask(p -> p.allowPrivateDestinations().allow(to("*.example.com")));
    assertFailure(403, "http_request_denied", response);
    assertEquals(0, origin.connections());
  }

  @Test
  void whatTheRulesAllowPasses() throws Exception {
    assertEquals("ok", ask(p -> p.allowPrivateDestinations().allow(to("127.0.0.1"))).text());
  }

  @Test
  void rulesThatOnlyReportLetPassWhatTheyWouldRefuse() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    try (ForwardProxy proxy =
        ForwardProxy.builder()
            .listen("127.0.0.1", 0)
            .allowPrivateDestinations()
            .deny(toAddress("127.0.0.0/8").path("/secret"))
            .allow(to("localhost"))
            .reportOnly()
            .accessListener(request -> told.add(request.pathAndQuery()))
            .start()) {
      int port = proxy.address().getPort();
      String ip = origin.authority();
      String name = "localhost:" + origin.port();
      for (String request :
          List.of(
              get("http://" + ip + "/unnamed", ip),
              get("http://" + name + "/allowed", name),
              get("http://" + ip + "/secret", ip))) {
        assertEquals("ok", RawClient.ask(port, request).text());
      }
      assertFailure403(RawClient.ask(port, get("http://" + ip.replaceAll(":.*", ":25/"), "a")));
      assertEquals(List.of("/unnamed", "/secret"), told);
      assertEquals(new AccessReport(2, 2, 0), proxy.accessReport());
      assertEquals(
          List.of(new AccessRule(AccessRule.Action.ALLOW, to("127.0.0.1").ports(origin.port()))),
          proxy.learnedRules());
    }
  }

  private static void assertFailure403(RawResponse response) {
    assertEquals(403, response.status(), response::toString);
  }

  @Test
  void aStoredResponseIsNotForAClientWhoMayOnlyReachAnotherAddress() throws Exception {
    origin.respond(
        head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", "Content-Length: 2") + "ok");
    String request = get("http://localhost:" + origin.port() + "/", "localhost");
    HttpCache cache = HttpCache.inMemory(1 << 20);
    assertEquals("ok", ask(p -> stored(p, cache).allow(to("localhost")), request).text());
    RawResponse hit = ask(p -> stored(p, cache).allow(to("localhost")), request);
    assertTrue(String.valueOf(hit.field("Cache-Status")).startsWith("gate;hit;"), hit::toString);
    assertEquals(1, origin.heads().size());
    RawResponse elsewhere = ask(p -> stored(p, cache).allow(toAddress("192.0.2.0/24")), request);
    assertFailure(403, "http_request_denied", elsewhere);
    assertEquals(1, origin.heads().size());
    RawResponse there =
        ask(p -> stored(p, cache).allow(toAddress("127.0.0.0/8").toAddress("::1")), request);
    assertEquals("gate;fwd=bypass;detail=passed", there.field("Cache-Status"));
    assertEquals(2, origin.heads().size());
  }

  private static ForwardProxy.Builder stored(ForwardProxy.Builder proxy, HttpCache cache) {
    return proxy.allowPrivateDestinations().cache(cache).cache(rules -> rules.statusDetail());
  }

  @Test
  void portsOfOtherProtocolsAreRefused() throws Exception {
    RawResponse response =
        ask(p -> p.allowPrivateDestinations(), get("http://127.0.0.1:25/", "127.0.0.1:25"));
    assertFailure(403, "http_request_denied", response);
  }

  // Targets

  @ParameterizedTest
  @ValueSource(strings = {"/", "/x?y", "*"})
  void aTargetWithoutAuthorityIsRefused(String target) throws Exception {
    String method = target.equals("*") ? "OPTIONS " : "GET ";
    String request = head(method + target + " HTTP/1.1", "Host: " + origin.authority());
    assertFailure(400, "http_request_error", ask(p -> p.allowPrivateDestinations(), request));
    assertEquals(0, origin.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"https", "ftp", "ws", "file"})
  void onlyHttpCanBeAskedFor(String scheme) throws Exception {
    String request = get(scheme + "://" + origin.authority() + "/", origin.authority());
    assertFailure(400, "http_request_error", ask(p -> p.allowPrivateDestinations(), request));
    assertEquals(0, origin.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?a=b"})
  void aTargetWithoutPathGetsOne(String rest) throws Exception {
    String request = get("http://" + origin.authority() + rest, origin.authority());
    ask(p -> p.allowPrivateDestinations(), request);
    assertEquals("GET /" + rest + " HTTP/1.1", origin.lastRequest().startLine());
  }

  @Test
  void anOptionsRequestWithoutPathIsForTheWholeServer() throws Exception {
    String request =
        head("OPTIONS http://" + origin.authority() + " HTTP/1.1", "Host: " + origin.authority());
    ask(p -> p.allowPrivateDestinations(), request);
    assertEquals("OPTIONS * HTTP/1.1", origin.lastRequest().startLine()); // RFC 9112 §3.2.4
  }

  // Fields

  @Test
  void theOriginLearnsNothingAboutTheClient() throws Exception {
    String request =
        head(
            "GET http://" + origin.authority() + "/ HTTP/1.1",
            "Host: " + origin.authority(),
            "Proxy-Authorization: Basic x",
            "Proxy-Connection: keep-alive",
            "Forwarded: for=192.0.2.1",
            "X-Forwarded-For: 192.0.2.1",
            "X-Real-IP: 192.0.2.1",
            "Authorization: Basic y");
    assertEquals("ok", ask(p -> p.allowPrivateDestinations(), request).text());
    RawHead sent = origin.lastRequest();
    for (String gone :
        List.of(
            "Proxy-Authorization",
            "Proxy-Connection",
            "Forwarded",
            "X-Forwarded-For",
            "X-Real-IP")) {
      assertNull(sent.field(gone), gone);
    }
    assertEquals("Basic y", sent.field("Authorization"));
  }

  @Test
  void noOriginAsksForTheProxysCredentials() throws Exception {
    origin.respond(
        head("HTTP/1.1 200 OK", "Proxy-Authenticate: Basic realm=\"x\"", "Content-Length: 0"));
    assertNull(ask(p -> p.allowPrivateDestinations()).field("Proxy-Authenticate"));
  }

  @Test
  void whatMayNotBeAskedForIsNotPurged() throws Exception {
    String purge = head("PURGE http://192.0.2.1/ HTTP/1.1", "Host: a");
    assertFailure(
        403,
        "http_request_denied",
        ask(p -> p.deny(to("192.0.2.1")).allow(any()).cache(c -> c.purgeFrom("127.0.0.1")), purge));
    RawResponse purged = ask(p -> p.cache(c -> c.purgeFrom("127.0.0.1")), purge);
    assertEquals(403, purged.status());
    RawResponse allowed =
        ask(p -> p.allowPrivateDestinations().cache(c -> c.purgeFrom("127.0.0.1")), purge);
    assertEquals("{\"invalidated\":0}", allowed.text());
  }
}
