package io.tidegate.core.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long INTERVAL = 100;
  private static final long CAPACITY = 3;

  private static long take(TokenBucket bucket, long now) {
    return bucket.take(now, INTERVAL, CAPACITY);
  }

  /** Times of {@link System#nanoTime} may be anything, and pass from positive to negative. */
  @ParameterizedTest
  @ValueSource(
      longs = {0, -50, 1_000_000_007, Long.MAX_VALUE, Long.MAX_VALUE - 250, Long.MIN_VALUE})
  void aFullBucketHoldsItsCapacityAndOneTokenComesBackAfterEachInterval(long start) {
    TokenBucket bucket = new TokenBucket(start);
    assertEquals(0, take(bucket, start));
    assertEquals(0, take(bucket, start));
    assertEquals(0, take(bucket, start));
    assertEquals(100, take(bucket, start));
    assertEquals(1, take(bucket, start + 99));
    assertEquals(0, take(bucket, start + 100));
    assertEquals(100, take(bucket, start + 100));
    assertEquals(300, bucket.untilFull(start + 100));
    assertEquals(0, bucket.untilFull(start + 400));
  }

  @Test
  void aRefusalCostsNothing() {
    TokenBucket bucket = new TokenBucket(0);
    for (int i = 0; i < 100; i++) {
      take(bucket, 0);
    }
    assertEquals(0, take(bucket, 100));
  }

  @Test
  void anIdleBucketHoldsNoMoreThanItsCapacity() {
    TokenBucket bucket = new TokenBucket(0);
    long later = 1_000_000;
    assertEquals(0, take(bucket, later));
    assertEquals(0, take(bucket, later));
    assertEquals(0, take(bucket, later));
    assertEquals(100, take(bucket, later));
  }

  @Test
  void whatIsSpentComesBackAndMayBeMoreThanThereIs() {
    TokenBucket bucket = new TokenBucket(50);
    assertEquals(0, bucket.spend(100, 0));
    assertEquals(700, bucket.spend(100, 700));
    assertEquals(601, bucket.spend(200, 1));
    assertEquals(301, take(bucket, 300)); // 501 are missing, and 200 may be when one is taken
    assertEquals(1, bucket.untilFull(800));
    assertEquals(0, bucket.untilFull(801));
  }

  @Test
  void threadsTogetherGetNotOneTokenMore() throws Exception {
    TokenBucket bucket = new TokenBucket(0);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Integer>> takers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        takers.add(
            () -> {
              int taken = 0;
              for (int n = 0; n < 50_000; n++) {
                taken += bucket.take(n / 1_000, 1, 100_000) == 0 ? 1 : 0;
              }
              return taken;
            });
      }
      int taken = 0;
      for (Future<Integer> one : threads.invokeAll(takers)) {
        taken += one.get();
      }
      // At most what it held and what came back by 49, the last time; at least what it held.
      assertEquals(100_000 + bucketGain(taken), taken);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int bucketGain(int taken) {
    return Math.max(0, Math.min(49, taken - 100_000));
  }
}
