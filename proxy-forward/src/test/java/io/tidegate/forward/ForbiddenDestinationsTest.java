package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.forward.access.ForwardAccess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where nobody gets through a forward proxy, whatever they call it. */
class ForbiddenDestinationsTest {
  private static final String PREFIX = ForbiddenDestinations.NAT64_PREFIX;

  private SilentListener silent;

  @BeforeEach
  void listen() throws IOException {
    silent = SilentListener.everywhere();
  }

  @AfterEach
  void close() throws IOException {
    silent.close();
  }

  /** A proxy whose only restriction is that of addresses. */
  private ForwardProxy.Builder builder(Names names) {
    return ForwardProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .viaName("gate")
        .nat64Prefixes(PREFIX)
        .nameResolver(names.resolver())
        .httpPorts(silent.port())
        .connectPorts(silent.port());
  }

  private static String http(String authority) {
    return get("http://" + authority + "/", "a");
  }

  private static String tunnel(String authority) {
    return head("CONNECT " + authority + " HTTP/1.1", "Host: a");
  }

  private static String webSocket(String authority) {
    return head(
        "GET / HTTP/1.1",
        "Host: " + authority,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13");
  }

  private static RawResponse ask(int port, String request) throws IOException {
    return RawClient.ask(port, new String(request.getBytes(UTF_8), ISO_8859_1));
  }

  private void assertNoneIsDialled(UnaryOperator<String> request) throws IOException {
    List<String> passed = new ArrayList<>();
    Names names = new Names();
    try (Proxy proxy = builder(names).start()) {
      for (String host : ForbiddenDestinations.spellings()) {
        RawResponse response =
            ask(proxy.address().getPort(), request.apply(host + ":" + silent.port()));
        if (response.status() != 400 && response.status() != 403) {
          passed.add(host + " " + response);
        }
      }
    }
    assertEquals(List.of(), passed);
    assertEquals(List.of(), names.asked());
    silent.assertSilent();
  }

  @Test
  void thereAreManySpellings() {
    assertTrue(ForbiddenDestinations.spellings().size() >= 200);
    assertTrue(ForbiddenDestinations.addresses().size() >= 80);
  }

  @Test
  void noSpellingGetsThroughWithHttp() throws Exception {
    assertNoneIsDialled(ForbiddenDestinationsTest::http);
  }

  @Test
  void noSpellingGetsThroughWithConnect() throws Exception {
    assertNoneIsDialled(ForbiddenDestinationsTest::tunnel);
  }

  @Test
  void noSpellingGetsThroughWithAWebSocketHandshake() throws Exception {
    assertNoneIsDialled(ForbiddenDestinationsTest::webSocket);
  }

  @Test
  void noSpellingGetsThroughWithSocks() throws Exception {
    Names names = new Names();
    try (Proxy proxy = builder(names).socks().start()) {
      for (String host : ForbiddenDestinations.spellings()) {
        byte[] octets = host.getBytes(UTF_8);
        if (octets.length < 256) {
          assertRefused(proxy, host, 3, new byte[] {(byte) octets.length}, octets);
        }
      }
      for (String host : ForbiddenDestinations.addresses()) {
        byte[] octets = Sample.ip(host).getAddress();
        assertRefused(proxy, host, octets.length == 4 ? 1 : 4, new byte[0], octets);
      }
    }
    assertEquals(List.of(), names.asked());
    silent.assertSilent();
  }

  /** SOCKS 5 (RFC 1928 §4, §6): an address of this type, with its length in front or without. */
  private void assertRefused(Proxy proxy, String host, int type, byte[] length, byte[] octets)
      throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(new byte[] {5, 1, 0, 5, 1, 0, (byte) type});
    request.writeBytes(length);
    request.writeBytes(octets);
    request.write(silent.port() >> 8);
    request.write(silent.port());
    try (RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(request.toByteArray());
      client.readBytes(2);
      assertNotEquals(0, client.readBytes(2)[1], host);
    }
  }

  @Test
  void noNameThatResolvesToOneGetsThrough() throws Exception {
    Names names = new Names();
    List<String> addresses = ForbiddenDestinations.addresses();
    for (int i = 0; i < addresses.size(); i++) {
      names.add("n" + i + ".example", addresses.get(i));
    }
    try (Proxy proxy = builder(names).start()) {
      for (int i = 0; i < addresses.size(); i++) {
        String authority = "n" + i + ".example:" + silent.port();
        for (String request : List.of(http(authority), tunnel(authority), webSocket(authority))) {
          RawResponse response = ask(proxy.address().getPort(), request);
          assertEquals(403, response.status(), addresses.get(i));
          assertEquals("gate; error=destination_ip_prohibited", response.field("Proxy-Status"));
        }
      }
    }
    silent.assertSilent();
  }

  @Test
  void whoeverIsAllowedToGetsThrough() throws Exception {
    Names names = new Names().add("n.example", "127.0.0.1");
    try (Proxy proxy = builder(names).allowAddresses("127.0.0.1").start()) {
      int port = proxy.address().getPort();
      silent.assertReachedThrough(port, http("n.example:" + silent.port()));
      silent.assertReachedThrough(port, http("127.0.0.1:" + silent.port()));
      silent.assertReachedThrough(port, http("[::ffff:127.0.0.1]:" + silent.port()));
    }
  }

  // Their neighbours

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "[2606:4700:4700::1111]",
        "[2001:200::1]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::8.8.8.8]",
        "[64:ff9b::808:808]",
        "[64:ff9b:1::8.8.8.8]",
        "[fd64::8:808:800:0]",
        "[2002:808:808::1]",
        "[2001:0:808:808::f7f7:f7f7]",
        "[2a00:1450::5efe:8.8.8.8]"
      })
  void publicAddressesPass(String host) {
    ForwardAccess access = Sample.access(ForwardProxy.builder().nat64Prefixes(PREFIX));
    assertNull(access.refuses(Sample.get("http://" + host + "/")));
    assertNull(access.refuses(Sample.get("http://a.example/"), Sample.ip(host)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "www.example.com",
        "WWW.EXAMPLE.COM.",
        "xn--bcher-kva.example",
        "localhost.example.com",
        "notlocalhost",
        "metadata.example.com",
        "127.0.0.1.example.com",
        "0x7f.example",
        "1.2.3.x4",
        "a_b.example",
        "0x7g"
      })
  void namesPassUntilTheirAddressIsKnown(String host) {
    assertNull(Sample.access(ForwardProxy.builder()).refuses(Sample.get("http://" + host + "/")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          2001:db8::/32,     2001:db8:808:808::,               true
          2001:db8::/32,     2001:db8:7f00:1::,                false
          2001:db8:100::/40, 2001:db8:108:808:8::,             true
          2001:db8:100::/40, 2001:db8:1a9:fea9:fe::,           false
          2001:db8:1::/48,   2001:db8:1:808:8:800::,           true
          2001:db8:1::/48,   2001:db8:1:a00:0:100::,           false
          2001:db8:1::/56,   2001:db8:1:8:8:808::,             true
          2001:db8:1::/56,   2001:db8:1:a:0:1::,               false
          2001:db8:1::/64,   2001:db8:1:0:8:808:800:0,         true
          2001:db8:1::/64,   2001:db8:1:0:a:0:100:0,           false
          2001:db8:64::/96,  2001:db8:64::8.8.8.8,             true
          2001:db8:64::/96,  2001:db8:64::10.0.0.1,            false
          2001:db8:64::/96,  2001:db8:64::0.0.0.0,             false
          2001:db8:64::/96,  2001:db8:64::1:8.8.8.8,           false
          2001:db8:64::/96,  64:ff9b::8.8.8.8,                 true
          64:ff9b:1:fffe::/96, 64:ff9b:1:fffe::8.8.8.8,        true
          64:ff9b:1:fffe::/96, 64:ff9b:1:fffe::10.0.0.1,       false
          """)
  void inANetworkWithoutIpv4TheTranslatedAddressCounts(
      String prefix, String address, boolean passes) {
    ForwardAccess access = Sample.access(ForwardProxy.builder().nat64Prefixes(prefix));
    ClientRequest request = Sample.get("http://a.example/");
    assertEquals(passes, access.refuses(request, Sample.ip(address)) == null);
  }

  @Test
  void whatIsDeniedIsDeniedBehindATranslatorToo() {
    ForwardAccess access =
        Sample.access(ForwardProxy.builder().nat64Prefixes(PREFIX).denyAddresses("8.8.8.0/24"));
    ClientRequest request = Sample.get("http://a.example/");
    assertTrue(access.refuses(request, Sample.ip("fd64::8:808:800:0")) != null);
    assertNull(access.refuses(request, Sample.ip("fd64::8:807:800:0")));
  }

  @Test
  void theLongestOfSeveralPrefixesTellsWhereTheIpv4AddressIs() {
    ForwardAccess access =
        Sample.access(ForwardProxy.builder().nat64Prefixes("fd64::/48", "fd64:0:0:fffe::/96"));
    ClientRequest request = Sample.get("http://a.example/");
    assertNull(access.refuses(request, Sample.ip("fd64:0:0:fffe::8.8.8.8")));
    assertNull(access.refuses(request, Sample.ip("fd64:0:0:808:8:800::")));
  }

  // Names that change

  /**
   * The origin is at 127.0.0.1, which is allowed, and the silent one at 127.0.0.2, which is not.
   */
  private static ForwardProxy.Builder forgetful(Names names) {
    return ForwardProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .viaName("gate")
        .allowAddresses("127.0.0.1")
        .anyHttpPort()
        .anyConnectPort()
        .nameTtl(Duration.ofNanos(1))
        .nameResolver(names.resolver());
  }

  @Test
  void aNameIsCheckedAgainWheneverItIsLookedUp() throws Exception {
    Names names = new Names().add("n.example", "127.0.0.1").add("n.example", "127.0.0.2");
    try (OriginServer origin = OriginServer.start();
        SilentListener other = SilentListener.at("127.0.0.2", origin.port());
        Proxy proxy = forgetful(names).start()) {
      String authority = "n.example:" + origin.port();
      origin.respond(head("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 0"));
      assertEquals(200, ask(proxy.address().getPort(), http(authority)).status());
      assertEquals(403, ask(proxy.address().getPort(), http(authority)).status());
      assertEquals(403, ask(proxy.address().getPort(), tunnel(authority)).status());
      other.assertSilent();
    }
  }

  @Test
  void whatIsDialledIsWhatWasCheckedAndNotLookedUpTwice() throws Exception {
    Names names = new Names().add("n.example", "127.0.0.1").add("n.example", "127.0.0.2");
    try (OriginServer origin = OriginServer.start();
        Proxy proxy = forgetful(names).start()) {
      String authority = "n.example:" + origin.port();
      assertEquals(200, ask(proxy.address().getPort(), http(authority)).status());
      assertEquals(List.of("n.example"), names.asked());
    }
  }

  @Test
  void ofSeveralAddressesOnlyThoseThatMayBeAreDialled() throws Exception {
    Names names = new Names().add("n.example", "127.0.0.2", "::1", "127.0.0.1", "10.0.0.1");
    try (OriginServer origin = OriginServer.start();
        SilentListener other = SilentListener.at("127.0.0.2", origin.port());
        Proxy proxy = forgetful(names).start()) {
      String authority = "n.example:" + origin.port();
      assertEquals(200, ask(proxy.address().getPort(), http(authority)).status());
      other.assertSilent();
    }
  }

  @Test
  void aSecondAttemptLooksAndChecksAgain() throws Exception {
    Names names = new Names().add("n.example", "127.0.0.1").add("n.example", "127.0.0.2");
    try (OriginServer origin = OriginServer.start();
        SilentListener other = SilentListener.at("127.0.0.2", origin.port());
        Proxy proxy = forgetful(names).start()) {
      origin.onRequest(c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 0")), c -> c.close());
      String authority = "n.example:" + origin.port();
      assertEquals(200, ask(proxy.address().getPort(), http(authority)).status());
      RawResponse second = ask(proxy.address().getPort(), http(authority));
      assertEquals("gate; error=destination_ip_prohibited", second.field("Proxy-Status"));
      assertEquals(2, names.asked().size());
      other.assertSilent();
    }
  }

  // The proxy itself

  private static List<String> addressesOfThisMachine() throws IOException {
    List<String> hosts = new ArrayList<>(List.of("127.0.0.1", "127.9.8.7", "[::1]"));
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLinkLocalAddress())
        .map(InetAddress::getHostAddress)
        .map(text -> text.replaceAll("%.*", ""))
        .forEach(text -> hosts.add(text.indexOf(':') < 0 ? text : "[" + text + "]"));
    return hosts;
  }

  @Test
  void aProxyThatListensEverywhereIsNowhereADestination() throws Exception {
    Names names =
        new Names().add("self.example", "127.9.8.7").add("translated.example", "64:ff9b::7f00:1");
    try (Proxy proxy =
        forgetful(names).listen("0.0.0.0", 0).openToEveryone().allowPrivateDestinations().start()) {
      int port = proxy.address().getPort();
      List<String> hosts = addressesOfThisMachine();
      hosts.add("self.example");
      hosts.addAll(List.of("[64:ff9b::7f00:1]", "[2002:7f00:1::1]", "[64:ff9b:1::7f00:1]"));
      hosts.add("translated.example");
      for (String host : hosts) {
        String authority = host + ":" + port;
        for (String request : List.of(http(authority), tunnel(authority))) {
          RawResponse response = ask(port, request);
          assertEquals(508, response.status(), host);
          assertEquals("gate; error=proxy_loop_detected", response.field("Proxy-Status"));
        }
      }
    }
  }

  @Test
  void whatElseListensOnThatPortOrThisMachineIsADestination() throws Exception {
    Names names = new Names().add("n.example", "127.0.0.2");
    try (Proxy proxy = forgetful(names).allowPrivateDestinations().start();
        SilentListener other = SilentListener.at("127.0.0.2", proxy.address().getPort())) {
      int port = proxy.address().getPort();
      other.assertReachedThrough(port, http("127.0.0.2:" + port));
      other.assertReachedThrough(port, http("n.example:" + port));
      silent.assertReachedThrough(port, http("127.0.0.1:" + silent.port()));
    }
  }
}
