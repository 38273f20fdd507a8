package io.tidegate.core.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask the admin listener for what. */
class GateTest {
  private static final String TOKEN = "correct-horse-battery";

  private final AtomicLong now = new AtomicLong(1);

  private record Asked(InetAddress client, Map<String, String> fields) implements Gate.Request {
    @Override
    public @Nullable String field(String name) {
      return fields.get(name);
    }
  }

  private static Asked asked(String client, String... fields) {
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      if (fields[i + 1] != null) {
        named.put(fields[i], fields[i + 1]);
      }
    }
    return new Asked(Objects.requireNonNull(Ip.parse(client)), named);
  }

  private static AdminSettings settings(boolean readOnly, String... ranges) {
    return new AdminSettings(
        "127.0.0.1",
        0,
        Optional.empty(),
        false,
        List.of("ADMIN.example"),
        List.of(ranges).stream().map(AddressRange::parse).toList(),
        readOnly,
        false,
        false);
  }

  private Gate gate(boolean readOnly, String token, String... ranges) {
    return new Gate(settings(readOnly, ranges), token, now::get);
  }

  private static int status(Optional<Gate.Refusal> refusal) {
    return refusal.map(Gate.Refusal::status).orElse(200);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:9901, 200",
    "localhost:9901, 200",
    "LOCALHOST, 200",
    "[::1]:9901, 200",
    "192.0.2.7, 200",
    "admin.example, 200",
    "Admin.Example:80, 200",
    "attacker.example:9901, 421",
    "localhost.attacker.example, 421",
    "127.0.0.1.attacker.example, 421",
    "127.1, 421",
    "'', 421",
    ", 421",
    "'localhost, attacker.example', 421",
  })
  void onlyNamesThatNobodyElseOwnsAreOurs(String host, int status) {
    assertEquals(status, status(gate(false, TOKEN).atAll(asked("127.0.0.1", "Host", host))));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 127.0.0.1, true",
    "'', ::1, true",
    "'', 192.0.2.1, false",
    "10.0.0.0/8, 10.1.2.3, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, 127.0.0.1, false",
  })
  void onlyThisMachineMayAskUnlessOthersAreNamed(String range, String client, boolean known) {
    Gate gate = range.isEmpty() ? gate(false, TOKEN) : gate(false, TOKEN, range);
    assertEquals(known, gate.knows(Objects.requireNonNull(Ip.parse(client))));
  }

  @ParameterizedTest(name = "Sec-Fetch-Site {0}, Origin {1}")
  @CsvSource({
    ", , 200",
    "same-origin, http://localhost:9901, 200",
    "same-origin, https://localhost:9901, 200",
    "same-origin, HTTP://LOCALHOST:9901, 200",
    "none, , 200",
    "cross-site, , 403",
    "same-site, , 403",
    "cross-site, http://localhost:9901, 403",
    ", http://localhost, 403",
    ", http://localhost:9902, 403",
    ", http://attacker.example, 403",
    ", null, 403",
    ", 'http://localhost:9901, http://localhost:9901', 403",
    "'same-origin, cross-site', http://localhost:9901, 403",
  })
  void aPageOfAnotherOriginGetsNothing(String site, String origin, int status) {
    Asked asked =
        asked(
            "127.0.0.1",
            "Host",
            "localhost:9901",
            "Sec-Fetch-Site",
            site,
            "Origin",
            origin,
            "Authorization",
            "Bearer " + TOKEN);
    assertEquals(status, status(gate(false, TOKEN).atResources(asked)));
    assertEquals(status, status(gate(false, "").atResources(asked)), "also without a token");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 200",
    "application/json; charset=utf-8, 200",
    "APPLICATION/JSON, 200",
    "text/plain, 415",
    "application/x-www-form-urlencoded, 415",
    "multipart/form-data, 415",
    "application/jsonp, 415",
    "'text/plain, application/json', 415",
    ", 415",
  })
  void whatChangesSomethingIsJson(String type, int status) {
    Asked asked = asked("127.0.0.1", "Content-Type", type);
    for (boolean changes : new boolean[] {true, false}) {
      assertEquals(status, status(gate(false, TOKEN).atContent(asked, changes)));
    }
    assertEquals(403, status(gate(true, TOKEN).atContent(asked, true)));
    assertEquals(status, status(gate(true, TOKEN).atContent(asked, false)), "a question");
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer correct-horse-battery, 200",
    "bearer correct-horse-battery, 200",
    "Bearer   correct-horse-battery, 200",
    "Bearer correct-horse-batter, 401",
    "Bearer correct-horse-battery1, 401",
    "Bearer, 401",
    "'Bearer ', 401",
    "Basic correct-horse-battery, 401",
    "correct-horse-battery, 401",
    "'Bearer x, Bearer correct-horse-battery', 401",
    ", 401",
  })
  void theTokenIsAskedFor(String authorization, int status) {
    Asked asked = asked("127.0.0.1", "Authorization", authorization);
    assertEquals(status, status(gate(false, TOKEN).atResources(asked)));
  }

  @Test
  void whoHasTriedTenWrongTokensWaitsSixSecondsForEachMore() {
    Gate gate = gate(false, TOKEN);
    Asked wrong = asked("192.0.2.1", "Authorization", "Bearer wrong");
    Asked right = asked("192.0.2.1", "Authorization", "Bearer " + TOKEN);
    Asked none = asked("192.0.2.1");
    for (int i = 0; i < 10; i++) {
      assertEquals(401, status(gate.atResources(wrong)));
      assertEquals(401, status(gate.atResources(none)), "no token is no wrong one");
    }
    Gate.Refusal refusal = gate.atResources(wrong).orElseThrow();
    assertEquals(429, refusal.status());
    assertEquals("Retry-After", refusal.field());
    assertEquals("6", refusal.value());
    assertEquals(200, status(gate.atResources(right)), "others may be behind that address");
    assertEquals(
        200,
        status(gate.atResources(asked("192.0.2.2", "Authorization", "Bearer " + TOKEN))),
        "another client");
    now.addAndGet(999_999_999);
    assertEquals("6", gate.atResources(wrong).orElseThrow().value(), "of a part, the next second");
    now.addAndGet(5_000_000_000L);
    assertEquals("1", gate.atResources(wrong).orElseThrow().value());
    now.incrementAndGet();
    assertEquals(401, status(gate.atResources(wrong)));
    assertEquals(429, status(gate.atResources(wrong)));
  }

  @Test
  void aPageOfAnotherOriginUsesUpNoAttempts() {
    Gate gate = gate(false, TOKEN);
    Asked foreign =
        asked("127.0.0.1", "Sec-Fetch-Site", "cross-site", "Authorization", "Bearer wrong");
    for (int i = 0; i < 30; i++) {
      assertEquals(403, status(gate.atResources(foreign)));
    }
    assertEquals(
        200, status(gate.atResources(asked("127.0.0.1", "Authorization", "Bearer " + TOKEN))));
  }
}
