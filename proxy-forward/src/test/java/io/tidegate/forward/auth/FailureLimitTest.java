package io.tidegate.forward.auth;

import static io.tidegate.forward.Sample.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureLimitTest {
  private static final InetAddress CLIENT = ip("192.0.2.1");

  private final AtomicLong now = new AtomicLong(5);
  private final FailureLimit limit =
      new FailureLimit(
          3, Duration.ofSeconds(60), Duration.ofMillis(250), Duration.ofSeconds(1), now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private void count(InetAddress client, int times) {
    for (int i = 0; i < times; i++) {
      limit.count(client);
    }
  }

  @Test
  void afterThreeFailuresTheFirstMustBeAWindowAgo() {
    limit.count(CLIENT);
    pass(Duration.ofSeconds(10));
    limit.count(CLIENT);
    assertEquals(0, limit.retryAfter(CLIENT));
    limit.count(CLIENT);
    assertEquals(50, limit.retryAfter(CLIENT));
    pass(Duration.ofMillis(49_999));
    assertEquals(1, limit.retryAfter(CLIENT));
    pass(Duration.ofMillis(1));
    assertEquals(0, limit.retryAfter(CLIENT));
  }

  @Test
  void aFailureInTheNextWindowIsTheFirstAgain() {
    count(CLIENT, 3);
    pass(Duration.ofSeconds(60));
    limit.count(CLIENT);
    assertEquals(0, limit.retryAfter(CLIENT));
    assertEquals(Duration.ofMillis(250), limit.delay(CLIENT));
  }

  @Test
  void eachFailureIsSlowedTwiceAsMuchUpToAMost() {
    Duration[] delays = new Duration[4];
    for (int i = 0; i < delays.length; i++) {
      limit.count(CLIENT);
      delays[i] = limit.delay(CLIENT);
    }
    assertEquals(Duration.ofMillis(250), delays[0]);
    assertEquals(Duration.ofMillis(500), delays[1]);
    assertEquals(Duration.ofSeconds(1), delays[2]);
    assertEquals(Duration.ofSeconds(1), delays[3]);
    count(CLIENT, 100);
    assertEquals(Duration.ofSeconds(1), limit.delay(CLIENT));
  }

  @Test
  void aSuccessMakesUpForFailures() {
    count(CLIENT, 3);
    limit.succeeded(CLIENT);
    assertEquals(0, limit.retryAfter(CLIENT));
    limit.count(CLIENT);
    assertEquals(Duration.ofMillis(250), limit.delay(CLIENT));
  }

  @Test
  void addressesCountForThemselvesButIpv6NetworksTogether() {
    count(CLIENT, 3);
    assertEquals(0, limit.retryAfter(ip("192.0.2.2")));
    limit.count(ip("2001:db8:1:2::1"));
    limit.count(ip("2001:db8:1:2:ffff::2"));
    limit.count(ip("2001:db8:1:2:3:4:5:6"));
    assertEquals(60, limit.retryAfter(ip("2001:db8:1:2::4")));
    assertEquals(0, limit.retryAfter(ip("2001:db8:1:3::1")));
  }

  @Test
  void notMoreThanSoManyAddressesAreRemembered() throws Exception {
    for (int i = 0; i < 150_000; i++) {
      byte[] octets = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      limit.count(InetAddress.getByAddress(octets));
    }
    assertTrue(limit.size() <= 100_000, "remembers " + limit.size());
  }
}
