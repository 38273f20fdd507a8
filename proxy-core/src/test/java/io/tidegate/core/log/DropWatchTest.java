package io.tidegate.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When those who run a proxy are told that lines of its access log are dropped. */
@Timeout(30)
class DropWatchTest {
  private static final String BEGAN = "access-log-drops-began: it does not keep up";

  private final List<String> told = new ArrayList<>();
  private long dropped;
  private long now = -5;

  private final DropWatch watch =
      new DropWatch(
          "file",
          () -> dropped,
          event -> {
            assertEquals("file", event.subject());
            told.add(event.name() + ": " + event.detail());
          },
          () -> now);

  private static String ended(long lines) {
    return "access-log-drops-ended: lines dropped: " + lines;
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    watch.look();
  }

  @Test
  void asLongAsNoneIsDroppedNothingIsTold() {
    watch.put();
    pass(100_000);
    watch.end();
    assertEquals(List.of(), told);
    assertFalse(watch.isOn());
  }

  @Test
  void itIsToldOnceThatItBeginsAndOnceThatItIsOver() {
    dropped = 3;
    watch.put();
    dropped = 7;
    watch.put();
    pass(9_999);
    dropped = 8; // there was room in between
    watch.put();
    pass(0);
    pass(9_999);
    assertEquals(List.of(BEGAN), told);
    assertTrue(watch.isOn());
    pass(1);
    assertEquals(List.of(BEGAN, ended(8)), told);
    assertFalse(watch.isOn());
    pass(20_000);
    dropped = 10;
    watch.look();
    pass(10_000);
    assertEquals(List.of(BEGAN, ended(8), BEGAN, ended(2)), told);
  }

  @Test
  void itIsOverWhenNobodyWritesAnyMore() {
    dropped = 3;
    watch.put();
    watch.end();
    watch.end();
    assertEquals(List.of(BEGAN, ended(3)), told);
    dropped = 4; // lost by the last one who wrote
    watch.end();
    assertEquals(List.of(BEGAN, ended(3), BEGAN, ended(1)), told);
  }

  @Test
  void whoeverWritesIsWokenToLookWhetherItIsOver() throws Exception {
    LineQueue queue = new LineQueue(1 << 16, System::nanoTime);
    ByteBuffer nothing = queue.take(1);
    assertEquals(0, nothing.remaining());
    queue.done();
    queue.close();
    assertNull(queue.take(1));
    assertNull(queue.take(0));
  }
}
