package io.tidegate.core.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ActiveCountTest {
  private final ActiveCount active = new ActiveCount(2);

  @Test
  void eachKeyHasItsOwnCountAndNoneIsKeptWithoutNeed() {
    assertTrue(active.begin("a"));
    assertTrue(active.begin("a"));
    assertFalse(active.begin("a"));
    assertTrue(active.isFull("a"));
    assertTrue(active.begin("b"));
    assertFalse(active.isFull("b"));
    assertEquals(2, active.keysInUse());
    active.end("a");
    assertTrue(active.begin("a"));
    assertFalse(active.begin("a"));
    active.end("a");
    active.end("a");
    active.end("b");
    assertEquals(0, active.keysInUse());
  }

  @Test
  void threadsTogetherNeverExceedTheLimit() throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        clients.add(() -> hammer(underWay, most));
      }
      int begun = 0;
      for (Future<Integer> one : threads.invokeAll(clients)) {
        begun += one.get();
      }
      assertTrue(begun > 0);
    } finally {
      threads.shutdownNow();
    }
    assertTrue(most.get() <= 2, most::toString);
    assertEquals(0, active.keysInUse());
  }

  private int hammer(AtomicInteger underWay, AtomicInteger most) {
    int begun = 0;
    for (int i = 0; i < 50_000; i++) {
      if (active.begin("a")) {
        begun++;
        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        underWay.decrementAndGet();
        active.end("a");
      }
    }
    return begun;
  }
}
