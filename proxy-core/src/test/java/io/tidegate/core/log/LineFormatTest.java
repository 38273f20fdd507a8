package io.tidegate.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.ExchangeListener.Times;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Stage;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lines look like. */
class LineFormatTest {
  /** 2026-11-22T01:38:40.125Z. */
  private static final long NOW = 1_795_311_520_125L;

  /** In New York: 2026-11-01T06:00:00Z. */
  private static final long SUMMER_ENDS = 1_793_512_800_000L;

  private static final String AGENT = "Probe/1 (x)";
  private static final Outcome SERVED =
      Outcomes.served("/a?b=c", "User-Agent", AGENT, "Referer", "https://x.example/");

  private static String line(LineFormat format, Outcome outcome, String zone) {
    Line line = new Line(format.escape(), new LogTime(ZoneId.of(zone)));
    line.start(NOW);
    format.write(outcome, line);
    return new String(line.octets(), 0, line.length(), StandardCharsets.UTF_8);
  }

  private static String line(LogFormat format, Outcome outcome) {
    return line(
        LineFormat.of(format, Optional.empty(), List.of(), MaskingSettings.DEFAULT),
        outcome,
        "UTC");
  }

  private static String pattern(String pattern, Outcome outcome, MaskingSettings masking) {
    return line(
        LineFormat.of(LogFormat.CLF, Optional.of(pattern), List.of(), masking), outcome, "UTC");
  }

  private static String pattern(String pattern, Outcome outcome) {
    return pattern(pattern, outcome, MaskingSettings.DEFAULT);
  }

  @Test
  void eachFormatSaysWhatItsReadersExpect() {
    String common =
        "203.0.113.77 - alice [22/Nov/2026:01:38:40 +0000] \"GET /a?b=c HTTP/1.1\" 200 1234";
    assertEquals(common, line(LogFormat.CLF, SERVED));
    assertEquals(
        common + " \"https://x.example/\" \"Probe/1 (x)\"", line(LogFormat.COMBINED, SERVED));
    assertEquals(
        "1795311520.125     15 203.0.113.77 TCP_MISS/200 1234 GET https://shop.example/a?b=c alice"
            + " HIER_DIRECT/10.0.0.1 text/html",
        line(LogFormat.SQUID, SERVED));
    assertEquals(
        "{\"time\":\"2026-11-22T01:38:40.125Z\",\"client\":\"203.0.113.77\",\"client_port\":50123,"
            + "\"user\":\"alice\",\"method\":\"GET\",\"host\":\"shop.example\","
            + "\"target\":\"/a?b=c\",\"version\":\"HTTP/1.1\",\"status\":200,\"bytes\":1234,"
            + "\"bytes_received\":7,\"ms_total\":15.098,\"ms_head\":0.500,\"ms_select\":0.001,"
            + "\"ms_connect\":0.250,\"ms_response\":12.345,\"ms_transfer\":2.000,"
            + "\"route\":\"/shop/**\",\"cluster\":\"shop\",\"endpoint\":\"10.0.0.1:9000\","
            + "\"attempts\":1,\"cache\":\"uri-miss\",\"stage\":\"respond\","
            + "\"tls_version\":\"TLSv1.3\",\"field_referer\":\"https://x.example/\","
            + "\"field_user_agent\":\"Probe/1 (x)\"}",
        line(LogFormat.JSON, SERVED));
  }

  private static String json(Outcome outcome, String... members) {
    LineFormat format =
        LineFormat.of(LogFormat.JSON, Optional.empty(), List.of(members), MaskingSettings.DEFAULT);
    return line(format, outcome, "UTC");
  }

  private static String member(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[.:-]", "_");
  }

  /** A number with as many decimals as {@code like} has: parsing it has lost zeros. */
  private static String decimals(JsonNode member, String like) {
    int point = like.indexOf('.');
    return member.isNumber() && point >= 0
        ? member.decimalValue().setScale(like.length() - point - 1).toPlainString()
        : member.asText();
  }

  @Test
  void whatWasNoRequestHasALineToo() {
    Outcome malformed = Outcomes.malformed();
    assertEquals(
        "203.0.113.77 - - [22/Nov/2026:01:38:40 +0000] \"-\" 400 1234 \"-\" \"-\"",
        line(LogFormat.COMBINED, malformed));
    assertEquals(
        "1795311520.125      0 203.0.113.77 NONE/400 1234 - - - HIER_NONE/- -",
        line(LogFormat.SQUID, malformed));
    assertEquals(
        "- - http_request_error invalid method validate",
        pattern("{method} {target} {error} {error.detail} {stage}", malformed));
    assertEquals(
        "{\"time\":\"2026-11-22T01:38:40.125Z\",\"client\":\"203.0.113.77\",\"client_port\":50123,"
            + "\"status\":400,\"bytes\":1234,\"bytes_received\":7,\"ms_total\":0.042,"
            + "\"ms_head\":0.000,\"attempts\":0,\"error\":\"http_request_error\","
            + "\"error_detail\":\"invalid method\",\"stage\":\"validate\","
            + "\"tls_version\":\"TLSv1.3\"}",
        line(LogFormat.JSON, malformed));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          client              | 203.0.113.77
          client.port         | 50123
          peer                | 10.0.0.9
          peer.port           | 40000
          listener            | 192.0.2.1:8080
          user                | alice
          time                | 2026-11-22T01:38:40.125Z
          time.clf            | 22/Nov/2026:01:38:40 +0000
          time.epoch          | 1795311520.125
          request             | GET /a?b=c HTTP/1.1
          method              | GET
          target              | /a?b=c
          path                | /a
          query               | b=c
          version             | HTTP/1.1
          scheme              | https
          host                | shop.example
          status              | 200
          bytes               | 1234
          bytes.received      | 7
          ms.head             | 0.500
          ms.select           | 0.001
          ms.connect          | 0.250
          ms.response         | 12.345
          ms.transfer         | 2.000
          ms.total            | 15.098
          route               | /shop/**
          cluster             | shop
          endpoint            | 10.0.0.1:9000
          attempts            | 1
          upstream.reused     | 1
          cache               | uri-miss
          error               | -
          error.detail        | -
          stage               | respond
          connection.request  | 3
          trace               | -
          tls.version         | TLSv1.3
          tls.cipher          | TLS_AES_128_GCM_SHA256
          tls.server-name     | shop.example
          field:user-agent    | Probe/1 (x)
          field:X-None        | -
          response-field:Content-Type | text/html
          """)
  void eachNameHasItsValue(String name, String value) throws Exception {
    assertEquals("<" + value + ">", pattern("<{" + name + "}>", SERVED));
    JsonNode member = new ObjectMapper().readTree(json(SERVED, name)).path(member(name));
    assertEquals(value, member.isMissingNode() ? "-" : decimals(member, value));
  }

  @Test
  void theTraceOfTheClientIsThereIfThereIsNoneOfOurs() {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assertEquals(
        "0af7651916cd43dd8448eb211c80319c",
        pattern("{trace}", Outcomes.served("/", "traceparent", parent)));
  }

  @Test
  void doubledBracesStandForThemselvesAndTabsForTabs() {
    assertEquals("{200}\tGET}", pattern("{{{status}}}\t{method}}}", SERVED));
  }

  @Test
  void aPatternThatIsWrongIsToldWhereItIs() {
    List<String> problems =
        assertThrows(
                InvalidSettingsException.class,
                () -> pattern("{client} {statsu} } \n{field:a b}{", SERVED))
            .problems();
    assertEquals(5, problems.size(), problems::toString);
    assertTrue(problems.get(0).startsWith("pattern at 10: {statsu} (expected: one of attempts, "));
    assertTrue(problems.get(0).endsWith(", user, version, field:NAME, response-field:NAME)"));
    assertEquals(
        "pattern at 19: } (expected: a name in braces, or {{ or }} for a brace)", problems.get(1));
    assertEquals("pattern at 21: a control character (expected: text without)", problems.get(2));
    assertTrue(problems.get(3).startsWith("pattern at 22: {field:a b} (expected: one of "));
    assertTrue(problems.get(4).startsWith("pattern at 33: { (expected: a name in braces"));
  }

  @Test
  void membersOfJsonAreChosenByName() {
    LineFormat chosen =
        LineFormat.of(
            LogFormat.JSON,
            Optional.empty(),
            List.of("error", "status", "field:X-Id", "ms.total"),
            MaskingSettings.DEFAULT);
    assertEquals("{\"status\":200,\"ms_total\":15.098}", line(chosen, SERVED, "UTC"));
    LineFormat absent =
        LineFormat.of(LogFormat.JSON, Optional.empty(), List.of("error"), MaskingSettings.DEFAULT);
    assertEquals("{}", line(absent, SERVED, "UTC"));
  }

  @Test
  void membersThatAreUnknownOrTheSameAreRefused() {
    List<String> problems =
        assertThrows(
                InvalidSettingsException.class,
                () ->
                    LineFormat.of(
                        LogFormat.JSON,
                        Optional.empty(),
                        List.of("status", "statsu", "field:a-b", "field:A_B"),
                        MaskingSettings.DEFAULT))
            .problems();
    assertEquals(2, problems.size(), problems::toString);
    assertTrue(problems.get(0).startsWith("members: statsu (expected: one of attempts, "));
    assertEquals("members: field:A_B (expected: another key than field_a_b)", problems.get(1));
  }

  @Test
  void timesAreInTheZoneOfTheLog() {
    LineFormat times =
        LineFormat.of(
            LogFormat.CLF,
            Optional.of("{time} {time.clf} {time.epoch}"),
            List.of(),
            MaskingSettings.DEFAULT);
    assertEquals(
        "2026-11-21T20:38:40.125-05:00 21/Nov/2026:20:38:40 -0500 1795311520.125",
        line(times, SERVED, "America/New_York"));
  }

  @Test
  void eachMillisecondIsAnotherTime() {
    LogTime time = new LogTime(ZoneId.of("America/New_York"));
    Line line = new Line(Escape.HEX, time);
    for (long now : new long[] {0, NOW, NOW, NOW + 1, NOW + 875, SUMMER_ENDS - 1, SUMMER_ENDS}) {
      line.start(now);
      forms(time, line);
      LogTime anew = new LogTime(ZoneId.of("America/New_York"));
      Line fresh = new Line(Escape.HEX, anew);
      fresh.start(now);
      forms(anew, fresh);
      assertEquals(text(fresh), text(line));
    }
  }

  private static void forms(LogTime time, Line line) {
    time.iso(line);
    time.clf(line.octet(' '));
    time.epoch(line.octet(' '));
  }

  private static String text(Line line) {
    return new String(line.octets(), 0, line.length(), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest(name = "{0} ns")
  @CsvSource({
    "0, 0.000",
    "999, 0.000",
    "1000, 0.001",
    "120_000, 0.120",
    "9_999_999, 9.999",
    "10_000_000, 10.000",
    "1_234_567_890, 1234.567",
    "2_147_483_648_000_000, 2147483648.000",
    "9_223_372_036_854_775_807, 9223372036854.775",
  })
  void timesAreMillisecondsToTheMicrosecond(String nanos, String told) {
    Times times = new Times(0, 0, 0, 0, 0, Long.parseLong(nanos.replace("_", "")));
    Outcome outcome =
        Outcomes.of(null, 200, null, Stage.RESPOND, times, new InetSocketAddress("10.0.0.1", 1));
    assertEquals(told, pattern("{ms.total}", outcome));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(longs = {0, 9, 10, 99, 2147483647L, 2147483648L, 4294967296L, Long.MAX_VALUE})
  void numbersAreWhole(long number) {
    Line line = new Line(Escape.HEX, new LogTime(ZoneId.of("UTC")));
    line.number(number);
    assertEquals(
        Long.toString(number),
        new String(line.octets(), 0, line.length(), StandardCharsets.US_ASCII));
  }

  // ---- results

  @Test
  void aClientThatWentAwayHasGot499OrWhatWasSent() {
    Failure gone = Failure.badRequest(499, "the client went away");
    ClientRequest request = Outcomes.request("GET", "/", Fields.empty());
    assertEquals("499", pattern("{status}", Outcomes.of(request, 0, gone)));
    assertEquals("200", pattern("{status}", Outcomes.of(request, 200, gone)));
    assertEquals("-", pattern("{status}", Outcomes.of(request, 0, null)));
    assertTrue(
        line(LogFormat.SQUID, Outcomes.of(request, 0, gone)).contains(" TCP_MISS_ABORTED/000 "));
  }

  @Test
  void whatWasRefusedOrATunnelIsToldAsSquidTellsIt() {
    ClientRequest connect = Outcomes.request("CONNECT", "a.example:443", Fields.empty());
    Outcome refused = Outcomes.of(connect, 403, Failure.denied("no"));
    assertTrue(
        line(LogFormat.SQUID, refused)
            .endsWith(" TCP_DENIED/403 1234 CONNECT a.example:443 - HIER_NONE/- -"));
    Outcome tunnel =
        Outcomes.of(
            connect,
            200,
            null,
            Stage.TUNNEL,
            Outcomes.TIMES,
            new InetSocketAddress("203.0.113.77", 1));
    assertTrue(line(LogFormat.SQUID, tunnel).contains(" TCP_TUNNEL/200 1234 CONNECT "));
    Outcome refusedUpstream =
        Outcomes.of(connect, 502, Failure.of(ProxyError.CONNECTION_REFUSED, "refused"));
    assertEquals("connection_refused 502", pattern("{error} {status}", refusedUpstream));
  }

  @Test
  void aLineSaysTheSameWhateverThoseBeforeHaveSaid() {
    saysTheSame();
    saysTheSame("method", "error", "route"); // what is remembered comes first
  }

  private static void saysTheSame(String... members) {
    LineFormat format =
        LineFormat.of(LogFormat.JSON, Optional.empty(), List.of(members), MaskingSettings.DEFAULT);
    List<Outcome> outcomes =
        List.of(
            SERVED,
            hostile("/", "eve", "a"),
            Outcomes.malformed(),
            Outcomes.from("203.0.113.9"),
            Outcomes.of(Outcomes.request("PUT", "/", Fields.empty()), 403, Failure.denied("no")),
            Outcomes.of(Outcomes.request("A".repeat(900), "/", Fields.empty()), 200, null),
            Outcomes.of(Outcomes.request("A\"\u00e9", "/", Fields.empty()), 200, null));
    Line used = new Line(format.escape(), new LogTime(ZoneId.of("UTC")));
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      Outcome outcome = outcomes.get(random.nextInt(outcomes.size()));
      used.start(NOW);
      format.write(outcome, used);
      assertEquals(
          line(format, outcome, "UTC"),
          new String(used.octets(), 0, used.length(), StandardCharsets.UTF_8));
    }
  }

  // ---- what is not written down

  private static MaskingSettings masking(int v4, int v6) {
    return new MaskingSettings(v4, v6, false, List.of(), List.of(), false);
  }

  @ParameterizedTest(name = "{0} /{1} /{2}")
  @CsvSource({
    "203.0.113.77, 32, 128, 203.0.113.77",
    "203.0.113.77, 24, 48, 203.0.113.0",
    "203.0.113.77, 20, 48, 203.0.112.0",
    "203.0.113.77, 0, 0, 0.0.0.0",
    "2001:db8:1:2::7:8, 24, 128, 2001:db8:1:2::7:8",
    "2001:db8:1:2::7:8, 24, 48, 2001:db8:1::",
    "2001:db8:0:2:0:3:0:4, 24, 128, 2001:db8:0:2:0:3:0:4",
    "2001:0:0:1:0:0:0:1, 24, 128, 2001:0:0:1::1",
    "2001:0:0:1:0:0:1:1, 24, 128, 2001::1:0:0:1:1",
    "::1, 24, 128, ::1",
    "::1, 24, 0, ::",
    "1:2:3:4:5:6:7:8, 24, 128, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:0:0, 24, 128, 1:2:3:4:5:6::",
  })
  void addressesOfClientsAreToldAsFarAsWanted(String address, int v4, int v6, String told) {
    assertEquals(told, pattern("{client}", Outcomes.from(address), masking(v4, v6)));
  }

  private static MaskingSettings redacting(boolean withoutQuery, String... parameters) {
    return new MaskingSettings(32, 128, withoutQuery, List.of(parameters), List.of("X-Key"), false);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/a, /a",
    "/a?token=1, /a?token=redacted",
    "/a?x=1&token=2&y=3, /a?x=1&token=redacted&y=3",
    "/a?x=1;token=2, /a?x=1;token=redacted",
    "/a?t%6Fken=2, /a?t%6Fken=redacted",
    "/a?my+key=1&my%20key=2, /a?my+key=redacted&my%20key=redacted",
    "/a?token, /a?token",
    "/a?token=, /a?token=redacted",
    "/a?tokens=1&Token=2, /a?tokens=1&Token=2",
    "/a?, /a?",
    "/a?b=c?token=1, /a?b=c?token=1",
    "/a?token%=1&%zz=2, /a?token%=1&%zz=2",
  })
  void namedParametersAreRedacted(String target, String told) {
    assertEquals(
        told + " " + told,
        pattern(
            "{target} {field:Referer}",
            Outcomes.served(target, "Referer", target),
            redacting(false, "token", "my key")));
  }

  @Test
  void queriesAreLeftOutEverywhere() {
    Outcome served = Outcomes.served("/a?b=c", "Referer", "https://x/y?z");
    assertEquals(
        "GET /a HTTP/1.1|/a|-|https://x/y",
        pattern("{request}|{target}|{query}|{field:Referer}", served, redacting(true)));
  }

  @Test
  void credentialsAreNotWrittenUnlessThatIsSaidLoudly() {
    Outcome served =
        Outcomes.served(
            "/",
            "Authorization",
            "Basic YTpi",
            "Cookie",
            "s=1",
            "Proxy-Authorization",
            "x y",
            "X-Key",
            "k");
    String all =
        "{field:Authorization} {field:cookie} {field:Proxy-Authorization} {field:X-Key}"
            + " {response-field:Set-Cookie}";
    assertEquals("redacted redacted redacted redacted -", pattern(all, served, redacting(false)));
    assertEquals(
        "Basic YTpi s=1 x y k -",
        pattern(all, served, new MaskingSettings(32, 128, false, List.of(), List.of(), true)));
  }

  // ---- hostile values

  private static Outcome hostile(String target, String user, String agent) {
    RequestHead head =
        new RequestHead(
            "GET", target, HttpVersion.HTTP_1_1, Fields.of("User-Agent", agent, "Host", "a"));
    ClientRequest request =
        new ClientRequest(
                head,
                new RequestTarget.OriginForm(target),
                "http",
                new Authority("a", -1),
                false,
                new InetSocketAddress("203.0.113.77", 1),
                new InetSocketAddress("192.0.2.1", 80))
            .from(Identity.of(user));
    return Outcomes.of(request, 200, null);
  }

  @Test
  void nothingThatAClientSaysEndsALineOrAValue() {
    Outcome hostile = hostile("/\"\\", "eve\n\u001b[2J\u2028\ud83d\ude00", "\u00c3\u00a9\t\u00ff");
    assertEquals(
        "eve\\x0A\\x1B[2J\\xE2\\x80\\xA8\\xF0\\x9F\\x98\\x80 /\\x22\\x5C \\xC3\\xA9\\x09\\xFF",
        pattern("{user} {target} {field:User-Agent}", hostile));
    LineFormat json =
        LineFormat.of(
            LogFormat.JSON,
            Optional.empty(),
            List.of("user", "target", "field:User-Agent"),
            MaskingSettings.DEFAULT);
    assertEquals(
        "{\"user\":\"eve\\u000A\\u001B[2J\\u2028\\uD83D\\uDE00\",\"target\":\"/\\\"\\\\\","
            + "\"field_user_agent\":\"\\u00E9\\u0009\\u00FF\"}",
        line(json, hostile, "UTC"));
    assertTrue(line(LogFormat.SQUID, hostile).contains(" eve%0A%1B[2J%E2%80%A8%F0%9F%98%80 "));
  }

  @Test
  void valuesThatAreTooLongAreCutAndMarked() {
    Outcome longest = Outcomes.served("/" + "a".repeat(16 << 10));
    assertEquals("/" + "a".repeat(4095) + "[cut]", pattern("{target}", longest));
    Outcome field = Outcomes.served("/", "X-A", "b".repeat(4097), "X-B", "c".repeat(4096));
    assertEquals(
        "b".repeat(4096) + "[cut] " + "c".repeat(4096), pattern("{field:X-A} {field:X-B}", field));
    Outcome fits = Outcomes.served("/" + "a".repeat(4095));
    assertEquals("/" + "a".repeat(4095), pattern("{target}", fits));
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void anyRequestIsOneLineOfPrintableAscii(LogFormat format) throws Exception {
    Random random = new Random(7);
    ObjectMapper mapper = new ObjectMapper();
    for (int i = 0; i < 20_000; i++) {
      String user = noise(random, 0x2100);
      String line = line(format, hostile("/" + noise(random, 256), user, agent(random)));
      assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), line);
      if (format == LogFormat.JSON) {
        JsonNode parsed = mapper.readTree(line);
        assertEquals("203.0.113.77", parsed.get("client").textValue());
        assertEquals(200, parsed.get("status").intValue());
        if (user.chars().anyMatch(c -> c > 255)) {
          assertEquals(user, parsed.get("user").textValue());
        }
      } else if (format == LogFormat.COMBINED) {
        assertEquals(6, line.chars().filter(c -> c == '"').count(), line);
      } else if (format == LogFormat.SQUID) {
        assertEquals(10, line.split(" +").length, line);
      }
    }
  }

  private static String noise(Random random, int bound) {
    StringBuilder noise = new StringBuilder();
    for (int length = 1 + random.nextInt(40); noise.length() < length; ) {
      noise.append((char) random.nextInt(random.nextInt(4) == 0 ? bound : 128));
    }
    return noise.toString();
  }

  private static String agent(Random random) {
    return noise(random, 256).replaceAll("[^\\x20-\\x7e\\x80-\\xff]", "x").strip() + "x";
  }

  @Test
  void charactersThatAreNoUtf8AreTakenOctetByOctet() {
    for (String octets :
        List.of("\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00e2\u0082")) {
      LineFormat json =
          LineFormat.of(
              LogFormat.JSON,
              Optional.empty(),
              List.of("field:User-Agent"),
              MaskingSettings.DEFAULT);
      StringBuilder expected = new StringBuilder();
      octets.chars().forEach(c -> expected.append(String.format("\\u%04X", c)));
      assertEquals(
          "{\"field_user_agent\":\"" + expected + "\"}",
          line(json, hostile("/", "", octets), "UTC"));
    }
    assertFalse(line(LogFormat.JSON, hostile("/", "", "\u00c3\u00a9")).contains("\\u00C3"));
  }
}
