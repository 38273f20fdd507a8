package io.tidegate.reverse.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.reverse.Requests;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashKeyTest {
  private static final ForwardedFields FORWARDED =
      new ForwardedFields(
          ForwardedMode.X_FORWARDED, List.of(AddressRange.parse("198.51.100.0/24")));

  private final Random random = new Random(1);

  private long hash(HashKey key, String target, String client, String... fields) {
    ClientRequest request = Requests.request("GET", "h", target, false, client, fields);
    return key.hasher(FORWARDED).hash(request, random);
  }

  @Test
  void theClientAddressIsTheKey() {
    HashKey key = HashKey.clientAddress();
    assertEquals(hash(key, "/a", "192.0.2.7"), hash(key, "/b", "192.0.2.7"));
    assertNotEquals(hash(key, "/a", "192.0.2.7"), hash(key, "/a", "192.0.2.8"));
  }

  @Test
  void behindATrustedProxyTheClientItTellsIsTheKey() {
    HashKey key = HashKey.clientAddress();
    String field = "X-Forwarded-For";
    assertEquals(hash(key, "/", "192.0.2.7"), hash(key, "/", "198.51.100.1", field, "192.0.2.7"));
    assertEquals(
        hash(key, "/", "192.0.2.7"), hash(key, "/", "198.51.100.2", field, "a, 192.0.2.7"));
    assertEquals(hash(key, "/", "192.0.2.7"), hash(key, "/", "192.0.2.7", field, "192.0.2.8"));
  }

  @Test
  void clientsThatATrustedProxyDoesNotKnowGoAnywhere() {
    HashKey key = HashKey.clientAddress();
    assertNotEquals(
        hash(key, "/", "198.51.100.1", "X-Forwarded-For", "unknown"),
        hash(key, "/", "198.51.100.1", "X-Forwarded-For", "unknown"));
  }

  @Test
  void thePathIsTheKeyWithoutTheQuery() {
    HashKey key = HashKey.path();
    assertEquals(hash(key, "/a?x", "192.0.2.7"), hash(key, "/a?y", "192.0.2.8"));
    assertEquals(hash(key, "/a", "192.0.2.7"), hash(key, "/a?", "192.0.2.8"));
    assertNotEquals(hash(key, "/a", "192.0.2.7"), hash(key, "/b", "192.0.2.7"));
  }

  @Test
  void aFieldIsTheKey() {
    HashKey key = HashKey.field("X-User");
    assertEquals(
        hash(key, "/a", "192.0.2.7", "x-user", "u"), hash(key, "/b", "192.0.2.8", "X-User", "u"));
    assertNotEquals(
        hash(key, "/", "192.0.2.7", "X-User", "u"), hash(key, "/", "192.0.2.7", "X-User", "v"));
  }

  @Test
  void aCookieIsTheKey() {
    HashKey key = HashKey.cookie("sid");
    assertEquals(
        hash(key, "/", "192.0.2.7", "Cookie", "sid=1"),
        hash(key, "/", "192.0.2.8", "Cookie", "a=b; sid=1"));
    assertNotEquals(
        hash(key, "/", "192.0.2.7", "Cookie", "sid=1"),
        hash(key, "/", "192.0.2.7", "Cookie", "sid=2"));
  }

  @Test
  void requestsWithoutTheKeyGoAnywhere() {
    HashKey key = HashKey.cookie("sid");
    assertNotEquals(hash(key, "/", "192.0.2.7"), hash(key, "/", "192.0.2.7"));
  }

  /** Proxies that do not know of each other have to agree, and releases of this one too. */
  @Test
  void theHashIsTheSameInEveryProcess() {
    assertEquals(Hash.mix(0xaf63dc4c8601ec8cL), Hash.of("a", 0, 1)); // FNV-1a of "a"
    assertEquals(Hash.mix(0xaf63dc4c8601ec8cL), Hash.of(new byte[] {'a'}));
    assertEquals(0x5692161d100b05e5L, Hash.mix(1));
  }

  @Test
  void onlyFieldsAndCookiesHaveNames() {
    assertThrows(InvalidSettingsException.class, () -> HashKey.field(""));
    assertThrows(InvalidSettingsException.class, () -> HashKey.cookie("a b"));
    assertThrows(InvalidSettingsException.class, () -> new HashKey(HashKey.Kind.PATH, "x"));
  }
}
