package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.cache.CacheStatus.Forward;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9211. */
class CacheStatusTest {
  private static List<String> added(String... received) {
    FieldEdits response = new FieldEdits(Fields.of(received));
    CacheStatus.hit().addTo(response, "gate");
    return response.all(FieldName.CACHE_STATUS);
  }

  @Test
  void aHitIsToldWithItsFreshness() {
    assertEquals("gate;hit", CacheStatus.hit().member("gate"));
    assertEquals("gate;hit;ttl=30", CacheStatus.hit().ttl(30).member("gate"));
    assertEquals("gate;hit;ttl=-412", CacheStatus.hit().ttl(-412).member("gate"));
  }

  @ParameterizedTest
  @CsvSource({
    "BYPASS, bypass",
    "METHOD, method",
    "URI_MISS, uri-miss",
    "VARY_MISS, vary-miss",
    "MISS, miss",
    "REQUEST, request",
    "STALE, stale",
    "PARTIAL, partial"
  })
  void everyReasonHasItsToken(Forward why, String token) {
    assertEquals("gate;fwd=" + token, CacheStatus.forwarded(why).member("gate"));
  }

  @Test
  void whatBecameOfAForwardedRequestIsTold() {
    CacheStatus status =
        CacheStatus.forwarded(Forward.STALE)
            .forwardStatus(304)
            .ttl(600)
            .stored()
            .collapsed(true)
            .key("GET https://a/?\"b\\")
            .detail("SOFT_TTL");
    assertEquals(
        "gate;fwd=stale;fwd-status=304;ttl=600;stored;collapsed;key=\"GET https://a/?\\\"b\\\\\""
            + ";detail=SOFT_TTL",
        status.member("gate"));
  }

  @Test
  void aStatusIsNotChangedByWhatIsAdded() {
    CacheStatus hit = CacheStatus.hit();
    hit.ttl(1);
    assertEquals("gate;hit", hit.member("gate"));
  }

  @Test
  void wordsThatAreNoTokensAreQuoted() {
    assertEquals("\"my cache\";hit", CacheStatus.hit().member("my cache"));
    assertEquals("\"2nd\";hit;detail=\"a b\"", CacheStatus.hit().detail("a b").member("2nd"));
    assertEquals("a.example:80;hit", CacheStatus.hit().member("a.example:80"));
  }

  @Test
  void whatNoFieldCanTellIsLeftOutOrRefused() {
    assertEquals("gate;hit", CacheStatus.hit().key("\u00fc").member("gate"));
    assertThrows(IllegalArgumentException.class, () -> CacheStatus.hit().detail("\n"));
    assertThrows(IllegalArgumentException.class, () -> CacheStatus.hit().member("\u00fc"));
    assertEquals("gate;hit;ttl=999999999999999", CacheStatus.hit().ttl(1L << 62).member("gate"));
    assertEquals("gate;hit;ttl=-999999999999999", CacheStatus.hit().ttl(-1L << 62).member("gate"));
  }

  @Test
  void ourMemberComesLast() {
    assertEquals(List.of("gate;hit"), added());
    assertEquals(List.of("a; hit, gate;hit"), added("Cache-Status", "a; hit"));
    assertEquals(
        List.of("a; hit, b;fwd=miss, gate;hit"),
        added("Cache-Status", "a; hit", "Cache-Status", "b;fwd=miss"));
  }

  @Test
  void whatWouldMakeOursUnreadableIsReplaced() {
    assertEquals(List.of("gate;hit"), added("Cache-Status", "HIT from a&b"));
    assertEquals(List.of("gate;hit"), added("Cache-Status", ""));
    assertEquals(List.of("gate;hit"), added("Cache-Status", "a;hit", "Cache-Status", ""));
  }
}
