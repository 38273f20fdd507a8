package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawField;
import io.tidegate.core.testkit.RawHead;
import io.tidegate.forward.privacy.Anonymity;
import io.tidegate.forward.privacy.PrivacyBuilder;
import io.tidegate.forward.privacy.RefererRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    "Proxy-Authorization: Basic YW5uOnNlY3JldA==",
    "Proxy-Client-IP: 192.0.2.43",
    "Proxy-Connection: keep-alive",
    "Connection: keep-alive, X-Hop",
    "Keep-Alive: timeout=5",
    "TE: trailers",
    "X-Hop: 1"
  };

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
    return ForwardProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .viaName("gate")
        .allowPrivateDestinations()
        .anyConnectPort()
        .privacy(privacy)
        .start();
  }

  /** A request with all the fields. */
  private String request(String method, String target) {
    List<String> lines = new ArrayList<>();
    lines.add(method + " " + target + " HTTP/1.1");
    lines.add("Host: " + origin.authority());
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
    String section = BEGIN + "\n" + table(seen) + "\n" + listings(seen) + END;
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

  /** Of a request that opens a tunnel, nothing but its destination reaches the upstream. */
  @ParameterizedTest
  @EnumSource(Anonymity.class)
  void theFirstOctetInATunnelIsTheClients(Anonymity level) throws Exception {
    origin.onConnection(connection -> connection.send(connection.readText(5)));
    try (Proxy proxy = proxy(privacy -> privacy.anonymity(level));
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(request("CONNECT", origin.authority()));
      assertEquals("HTTP/1.1 200 OK\r\n\r\n", client.readHead());
      client.send("hello");
      assertEquals("hello", client.readText(5));
    }
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
