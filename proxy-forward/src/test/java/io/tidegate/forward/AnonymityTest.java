package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginConnection;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawField;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.forward.egress.EgressBuilder;
import io.tidegate.forward.privacy.Anonymity;
import io.tidegate.forward.privacy.PrivacyBuilder;
import io.tidegate.forward.privacy.RefererRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What upstreams get to see, octet for octet. What is in docs/anonymity.md between two comments is
 * what was seen on the wire; {@code -Dtidegate.write=true} writes it anew.
 */
class AnonymityTest {
  private static final Path PAGE = Path.of("..", "docs", "anonymity.md");
  private static final String BEGIN = "<!-- seen on the wire -->\n";
  private static final String END = "<!-- end -->\n";

  /** What no upstream has to learn, and some of what it may; the last line of each name counts. */
  private static final String[] TELL_TALES = {
    "User-Agent: Example/1.0",
    "Accept: */*",
    "Accept-Language: en",
    "Cookie: a=b",
    "Authorization: Basic dXNlcjp3b3Jk",
    "Referer: http://intranet.example/list",
    "From: ann@example.com",
    "DNT: 1",
    "Sec-GPC: 1",
    "Sec-CH-UA: \"Example\";v=\"1\"",
    "Save-Data: on",
    "X-Requested-With: app",
    "Forwarded: for=192.0.2.43",
    "X-Forwarded-For: 192.0.2.43",
    "X-Real-IP: 192.0.2.43",
    "Via: 1.1 inner",
    "X-Cache: MISS from inner",
    "X-Client-Data: CIa2yQE",
    "Client-Cert: :MIIB:",
    "X-Remote-User: ann",
    "MSISDN: 15550100",
    "Proxy-Authorization: Basic YW5uOnNlY3JldA==",
    "Proxy-Client-IP: 192.0.2.43",
    "Proxy-Connection: keep-alive",
    "Connection: keep-alive, X-Hop",
    "Keep-Alive: timeout=5",
    "TE: trailers",
    "X-Hop: 1"
  };

  private static final String FAR = "www.example.com";

  /** RFC 1928 §6. */
  private static final byte[] GRANTED = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};

  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
  }

  @AfterEach
  void closeOrigin() throws Exception {
    origin.close();
  }

  private static Proxy proxy(Consumer<PrivacyBuilder> privacy) {
    return proxy(privacy, egress -> {});
  }

  private static Proxy proxy(Consumer<PrivacyBuilder> privacy, Consumer<EgressBuilder> egress) {
    return ForwardProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .viaName("gate")
        .socks()
        .allowPrivateDestinations()
        .anyConnectPort()
        .privacy(privacy)
        .egress(egress)
        .start();
  }

  /** All that goes out goes through the upstream, which is a proxy of this kind. */
  private Consumer<EgressBuilder> through(String scheme) {
    return egress ->
        egress.parent("up", parent -> parent.proxy(scheme + "://" + origin.authority()));
  }

  /** A request with all the fields. */
  private String request(String method, String target) {
    return request(method, target, origin.authority());
  }

  private static String request(String method, String target, String host) {
    List<String> lines = new ArrayList<>();
    lines.add(method + " " + target + " HTTP/1.1");
    lines.add("Host: " + host);
    lines.addAll(List.of(TELL_TALES));
    return head(lines.toArray(String[]::new));
  }

  /** What the upstream gets of it. */
  private String seen(Consumer<PrivacyBuilder> privacy) throws IOException {
    try (Proxy proxy = proxy(privacy)) {
      String target = "http://" + origin.authority() + "/page";
      RawClient.ask(proxy.address().getPort(), request("GET", target));
    }
    List<String> heads = origin.heads();
    return heads.get(heads.size() - 1).replace(origin.authority(), "www.example.com");
  }

  @Test
  void theGuideShowsWhatUpstreamsSee() throws Exception {
    Map<String, String> seen = new LinkedHashMap<>();
    for (Anonymity level : Anonymity.values()) {
      seen.put(level.name(), seen(privacy -> privacy.anonymity(level)));
    }
    seen.put("HIGH and every rule", seen(AnonymityTest::everyRule));
    String section = BEGIN + "\n" + table(seen) + "\n" + listings(seen) + tunnels() + END;
    String page = Files.readString(PAGE).replace("\r\n", "\n");
    String now = page.substring(0, page.indexOf(BEGIN)) + section + rest(page);
    if (Boolean.getBoolean("tidegate.write")) {
      Files.writeString(PAGE, now);
      return;
    }
    assertEquals(now, page, "docs/anonymity.md; -Dtidegate.write=true writes it anew");
  }

  private static void everyRule(PrivacyBuilder privacy) {
    privacy
        .anonymity(Anonymity.HIGH)
        .referer(RefererRule.ORIGIN)
        .userAgent("Mozilla/5.0")
        .removeClientHints();
  }

  private static String rest(String page) {
    return page.substring(page.indexOf(END) + END.length());
  }

  private static String table(Map<String, String> seen) {
    StringBuilder table = new StringBuilder("| the client sends |");
    seen.keySet().forEach(name -> table.append(' ').append(name).append(" |"));
    table.append("\n|---|").append("---|".repeat(seen.size())).append('\n');
    for (String line : TELL_TALES) {
      String name = line.substring(0, line.indexOf(':'));
      table.append("| `").append(line).append("` |");
      seen.values().forEach(head -> table.append(' ').append(cell(line, name, head)).append(" |"));
      table.append('\n');
    }
    return table.toString();
  }

  private static String cell(String sent, String name, String head) {
    List<String> values =
        RawHead.parse(head).fields().stream()
            .filter(field -> field.name().equalsIgnoreCase(name))
            .map(RawField::value)
            .toList();
    String value = String.join(", ", values);
    return values.isEmpty() ? "–" : sent.equals(name + ": " + value) ? "the same" : code(value);
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String listings(Map<String, String> seen) {
    StringBuilder listings = new StringBuilder();
    seen.forEach(
        (name, head) ->
            listings
                .append(name)
                .append(":\n\n```\n")
                .append(head.replace("\r\n", "\n").strip())
                .append("\n```\n\n"));
    return listings.toString();
  }

  // Tunnels

  /** What the upstream gets, all of it, when a tunnel is opened for a client that says hello. */
  private String tunnels() throws Exception {
    StringBuilder table = new StringBuilder("| tunnel |");
    for (Anonymity level : Anonymity.values()) {
      table.append(' ').append(level).append(" |");
    }
    table.append("\n|---|").append("---|".repeat(Anonymity.values().length)).append('\n');
    for (Upstream upstream : Upstream.values()) {
      for (boolean socks : new boolean[] {false, true}) {
        table.append("| ").append(socks ? "SOCKS5" : "CONNECT").append(upstream.words).append(" |");
        for (Anonymity level : Anonymity.values()) {
          table.append(' ').append(cell(inTunnel(level, upstream, socks))).append(" |");
        }
        table.append('\n');
      }
    }
    return table.append('\n').toString();
  }

  /** Who gets the first octet. */
  private enum Upstream {
    ORIGIN(""),
    HTTP(", through an HTTP proxy"),
    SOCKS5(", through a SOCKS5 proxy");

    final String words;

    Upstream(String words) {
      this.words = words;
    }

    /** Opens the way, if that is what it does, and gets all that comes. */
    void take(OriginConnection connection) throws IOException {
      if (this == HTTP) {
        connection.readHead();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
      } else if (this == SOCKS5) {
        connection.readBytes(3);
        connection.send(new byte[] {5, 0});
        connection.readBytes(7 + FAR.length());
        connection.send(GRANTED);
      }
      connection.readUntilClose();
    }
  }

  private String inTunnel(Anonymity level, Upstream upstream, boolean socks) throws Exception {
    CompletableFuture<byte[]> seen = new CompletableFuture<>();
    try (OriginServer server = OriginServer.start()) {
      server.onConnection(
          connection -> {
            upstream.take(connection);
            seen.complete(connection.received());
          });
      String host = upstream == Upstream.ORIGIN ? "127.0.0.1" : FAR;
      int port = upstream == Upstream.ORIGIN ? server.port() : 443;
      String scheme = upstream.name().toLowerCase(Locale.ROOT) + "://";
      Consumer<EgressBuilder> egress =
          upstream == Upstream.ORIGIN
              ? e -> {}
              : e -> e.parent("up", parent -> parent.proxy(scheme + server.authority()));
      try (Proxy proxy = proxy(privacy -> privacy.anonymity(level), egress);
          RawClient client = RawClient.connect(proxy.address().getPort())) {
        open(client, host, port, socks);
        client.send("hello");
        client.halfClose();
        return new String(seen.get(10, TimeUnit.SECONDS), ISO_8859_1);
      }
    }
  }

  private static void open(RawClient client, String host, int port, boolean socks)
      throws IOException {
    if (!socks) {
      String authority = host + ":" + port;
      client.send(request("CONNECT", authority, authority));
      assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
      return;
    }
    client.send(new byte[] {5, 1, 0});
    assertArrayEquals(new byte[] {5, 0}, client.readBytes(2));
    client.send(new byte[] {5, 1, 0, 3, (byte) host.length()});
    client.send(host);
    client.send(new byte[] {(byte) (port >> 8), (byte) port});
    assertArrayEquals(GRANTED, client.readBytes(GRANTED.length));
  }

  /** Lines as they are, and octets that are no text as their numbers. */
  private static String cell(String octets) {
    return octets
        .lines()
        .filter(line -> !line.isEmpty())
        .map(line -> code(line.codePoints().mapToObj(AnonymityTest::shown).collect(joining())))
        .collect(joining("<br>"));
  }

  private static String shown(int octet) {
    return octet >= ' ' && octet <= '~'
        ? Character.toString(octet)
        : String.format("\\x%02x", octet);
  }

  /** Of a request that opens a tunnel, nothing but its destination reaches the upstream. */
  @ParameterizedTest
  @EnumSource(Anonymity.class)
  void nothingButTheClientsOctetsIsInATunnel(Anonymity level) throws Exception {
    for (boolean socks : new boolean[] {false, true}) {
      assertEquals("hello", inTunnel(level, Upstream.ORIGIN, socks));
    }
  }

  @ParameterizedTest
  @EnumSource(Anonymity.class)
  void anHttpParentIsToldOfTheProxyWhereOriginsAre(Anonymity level) throws Exception {
    String via = level == Anonymity.HIGH ? "" : "Via: 1.1 gate\r\n";
    for (boolean socks : new boolean[] {false, true}) {
      assertEquals(
          "CONNECT www.example.com:443 HTTP/1.1\r\nHost: www.example.com:443\r\n"
              + via
              + "\r\nhello",
          inTunnel(level, Upstream.HTTP, socks));
    }
  }

  @ParameterizedTest
  @EnumSource(Anonymity.class)
  void anHttpParentGetsWhatOriginsGetButForTheUri(Anonymity level) throws Exception {
    String direct = seen(privacy -> privacy.anonymity(level));
    try (Proxy proxy = proxy(privacy -> privacy.anonymity(level), through("http"))) {
      String request = request("GET", "http://" + FAR + "/page", FAR);
      RawClient.ask(proxy.address().getPort(), request);
    }
    List<String> heads = origin.heads();
    assertEquals(
        direct
            .replace("GET /page", "GET http://www.example.com/page")
            .replace("host=\"www.example.com\"", "host=www.example.com"), // there is no port
        heads.get(heads.size() - 1));
  }

  @Test
  void theClientIsToldOfTheProxyAtEveryLevel() throws Exception {
    for (Anonymity level : Anonymity.values()) {
      try (Proxy proxy = proxy(privacy -> privacy.anonymity(level))) {
        String target = "http://" + origin.authority() + "/page";
        assertEquals(
            "1.1 gate",
            RawClient.ask(proxy.address().getPort(), request("GET", target)).field("Via"));
      }
    }
  }

  @Test
  void aLoopIsFoundByItsAddressWhereViaDoesNotTell() throws Exception {
    try (Proxy proxy = proxy(privacy -> privacy.anonymity(Anonymity.HIGH))) {
      int port = proxy.address().getPort();
      String self = "127.0.0.1:" + port;
      String request = head("GET http://" + self + "/ HTTP/1.1", "Host: " + self);
      assertEquals(
          "gate; error=proxy_loop_detected", RawClient.ask(port, request).field("Proxy-Status"));
    }
  }
}
