package io.tidegate.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void everyThreadGetsTheSameThing() throws Exception {
    for (int round = 0; round < 200; round++) {
      Table<Object> table = new Table<>(1, index -> new Object());
      Set<Object> seen = ConcurrentHashMap.newKeySet();
      CountDownLatch together = new CountDownLatch(3);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Thread thread =
            new Thread(
                () -> {
                  together.countDown();
                  while (together.getCount() > 0) {
                    Thread.onSpinWait();
                  }
                  seen.add(table.get(0));
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(1, seen.size());
    }
  }

  @Test
  void aThingIsMadeWhenItIsFirstAskedFor() {
    List<Integer> made = new ArrayList<>();
    Table<String> table =
        new Table<>(
            3,
            index -> {
              made.add(index);
              return "thing " + index;
            });
    assertSame(table.get(2), table.get(2));
    assertEquals(List.of(2), made);
    List<String> all = new ArrayList<>();
    table.forEach(all::add);
    assertEquals(List.of("thing 2"), all);
  }
}
