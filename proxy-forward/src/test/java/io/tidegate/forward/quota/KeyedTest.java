package io.tidegate.forward.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyedTest {
  private final AtomicLong now = new AtomicLong();
  private final Keyed<long[]> counters =
      new Keyed<>(time -> new long[] {time}, Duration.ofNanos(100), now::get);

  @Test
  void eachKeyHasItsOwn() {
    long[] a = counters.of("a");
    assertSame(a, counters.of("a"));
    assertNotSame(a, counters.of("b"));
  }

  @Test
  void oneThatNobodyAsksForIsNotKept() {
    counters.of("a");
    now.set(99);
    counters.of("b");
    assertEquals(2, counters.kept());
    now.set(100);
    assertEquals(1, counters.kept());
  }

  @Test
  void oneThatSomebodyHoldsIsNeverReplaced() {
    long[] held = counters.of("a");
    now.set(1_000_000);
    assertEquals(0, counters.kept());
    assertSame(held, counters.of("a"));
  }

  @Test
  void theirNumberIsBounded() {
    for (int i = 0; i < 110_000; i++) {
      counters.of(i);
    }
    assertTrue(counters.kept() <= 100_000, () -> counters.kept() + " kept");
  }
}
