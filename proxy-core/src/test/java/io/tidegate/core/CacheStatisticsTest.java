package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.cache.CacheStatistics;
import io.tidegate.core.cache.Invalidator;
import io.tidegate.core.cache.memory.CacheCounters;
import io.tidegate.core.cache.memory.CacheCounters.Counter;
import io.tidegate.core.cache.memory.MemoryStore;
import org.junit.jupiter.api.Test;

class CacheStatisticsTest {
  private final CacheCounters counters = new CacheCounters();
  private final Invalidator invalidator = new Invalidator(new MemoryStore(1000, 1000, 1));

  private void count(Counter counter, int times) {
    for (int i = 0; i < times; i++) {
      counters.count(counter);
    }
  }

  @Test
  void everyCounterHasItsPlace() {
    int times = 1;
    for (Counter counter : Counter.values()) {
      count(counter, counter == Counter.FILLS_ENDED ? 3 : times++);
    }
    assertEquals(
        new CacheStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10 - 3, 11, 12, 13, 0),
        HttpCache.statistics(counters, invalidator));
  }

  @Test
  void ratiosAreAboutWhatCouldHaveBeenAHit() {
    assertEquals(0, HttpCache.statistics(counters, invalidator).hitRatio());
    assertEquals(0, HttpCache.statistics(counters, invalidator).byteHitRatio());
    count(Counter.HITS, 6);
    count(Counter.VALIDATED, 1);
    count(Counter.MISSES, 1);
    count(Counter.PASSED, 9);
    counters.add(Counter.HIT_OCTETS, 3000);
    counters.add(Counter.MISS_OCTETS, 1000);
    assertEquals(0.75, HttpCache.statistics(counters, invalidator).hitRatio());
    assertEquals(0.75, HttpCache.statistics(counters, invalidator).byteHitRatio());
  }
}
