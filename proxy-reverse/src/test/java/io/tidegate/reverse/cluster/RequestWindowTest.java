package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A window of 100, which moves on by 10. */
class RequestWindowTest {
  private final RequestWindow window = new RequestWindow();

  private void count(int requests, boolean failed, long now) {
    for (int i = 0; i < requests; i++) {
      window.count(failed, now, 100);
    }
  }

  private String seen(long now) {
    return window.failures(now, 100) + " of " + window.requests(now, 100);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1000, -1000, 10L << 56})
  void requestsAreForgottenAfterTheWindow(long start) {
    count(3, true, start);
    count(2, false, start + 9);
    count(1, false, start + 10);
    assertEquals("3 of 6", seen(start + 10));
    assertEquals("3 of 6", seen(start + 99));
    assertEquals("0 of 1", seen(start + 100));
    assertEquals("0 of 0", seen(start + 110));
  }

  @Test
  void aTenthIsUsedAgain() {
    count(3, true, 0);
    count(1, false, 100);
    assertEquals("0 of 1", seen(100));
  }

  @Test
  void aClearedWindowIsEmpty() {
    count(3, true, 0);
    window.clear();
    assertEquals("0 of 0", seen(0));
  }

  @Test
  void theShareStaysWhenThereAreMoreThanCanBeCounted() {
    count(1 << 19, true, 0);
    count(1 << 19, false, 0);
    assertEquals("262144 of 524288", seen(0));
  }

  @Test
  void manyThreadsLoseNoRequest() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> counted = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        boolean failed = t % 2 == 0;
        counted.add(threads.submit(() -> count(5000, failed, 7)));
      }
      for (Future<?> one : counted) {
        one.get();
      }
    } finally {
      threads.shutdown();
    }
    assertEquals("10000 of 20000", seen(7));
  }
}
