package io.tidegate.forward.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NoncesTest {
  private final AtomicLong now = new AtomicLong(1000);
  private final KeyedHash hashes = new KeyedHash(new byte[32]);
  private final Nonces nonces = new Nonces(hashes, Duration.ofSeconds(60), now::get, 3);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void eachCountIsGoodOnce() {
    String nonce = nonces.next();
    assertTrue(nonces.take(nonce, 1, "a"));
    assertFalse(nonces.take(nonce, 1, "a"));
    assertTrue(nonces.take(nonce, 2, "a"));
    assertFalse(nonces.take(nonce, 0, "a"));
  }

  @Test
  void countsMayOvertakeOneAnotherWithin64() {
    String nonce = nonces.next();
    assertTrue(nonces.take(nonce, 70, "a"));
    assertFalse(nonces.take(nonce, 6, "a"));
    assertTrue(nonces.take(nonce, 7, "a"));
    assertFalse(nonces.take(nonce, 7, "a"));
    assertTrue(nonces.take(nonce, 69, "a"));
    assertTrue(nonces.take(nonce, 200, "a"));
    assertFalse(nonces.take(nonce, 70, "a"));
    assertTrue(nonces.take(nonce, 199, "a"));
  }

  @Test
  void noCountIsEverTakenTwice() {
    Random random = new Random(3);
    String nonce = nonces.next();
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      long count = 1 + i / 8 + random.nextInt(100);
      if (nonces.take(nonce, count, "a")) {
        assertTrue(taken.add(count), "twice " + count);
      }
    }
    assertTrue(taken.size() > 2000);
  }

  @Test
  void aNonceIsGoodForItsLifetime() {
    String nonce = nonces.next();
    pass(Duration.ofSeconds(60));
    assertTrue(nonces.take(nonce, 1, "a"));
    pass(Duration.ofNanos(1));
    assertFalse(nonces.take(nonce, 2, "a"));
  }

  @Test
  void aNonceIsGoodForOneUser() {
    String nonce = nonces.next();
    assertFalse(nonces.isUsedBy("a", nonce));
    assertTrue(nonces.take(nonce, 1, "a"));
    assertTrue(nonces.isUsedBy("a", nonce));
    assertFalse(nonces.isUsedBy("b", nonce));
    assertFalse(nonces.take(nonce, 2, "b"));
  }

  @Test
  void nobodyElseMakesNonces() {
    String nonce = nonces.next();
    assertEquals(43, nonce.length());
    assertNotEquals(nonce, nonces.next());
    assertFalse(nonces.take("", 1, "a"));
    assertFalse(nonces.take("!".repeat(43), 1, "a"));
    assertFalse(nonces.take(nonce.substring(1), 1, "a"));
    assertFalse(nonces.take("B" + nonce.substring(1), 1, "a"));
    Nonces others = new Nonces(new KeyedHash(new byte[] {1}), Duration.ofSeconds(60), now::get);
    assertFalse(nonces.take(others.next(), 1, "a"));
  }

  @Test
  void whatHasBeenForgottenIsNotGoodAgain() {
    String first = nonces.next();
    assertTrue(nonces.take(first, 1, "a"));
    assertTrue(nonces.take(nonces.next(), 1, "a"));
    assertTrue(nonces.take(nonces.next(), 1, "a"));
    pass(Duration.ofSeconds(1));
    String fourth = nonces.next();
    assertFalse(nonces.take(fourth, 1, "a")); // there is no room for it: everybody begins anew
    assertFalse(nonces.take(first, 1, "a"));
    assertFalse(nonces.take(first, 2, "a"));
    pass(Duration.ofNanos(1));
    assertTrue(nonces.take(nonces.next(), 1, "a"));
  }

  @Test
  void roomIsMadeAsNoncesGrowOld() {
    for (int i = 0; i < 20; i++) {
      assertTrue(nonces.take(nonces.next(), 1, "a"), "the nonce of round " + i);
      pass(Duration.ofSeconds(61));
    }
  }
}
