package io.tidegate.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of lines between those who write them and the thread that takes them. */
class LineQueueTest {
  private final LineQueue queue = new LineQueue(1 << 20, System::nanoTime);

  private boolean put(String text) {
    Line line = new Line(Escape.HEX, new LogTime(ZoneOffset.UTC));
    line.start(0);
    return queue.put(line.raw(text));
  }

  /** What there is now: nobody waits for more, as the queue has been closed. */
  private @Nullable String take() throws InterruptedException {
    queue.close();
    ByteBuffer taken = queue.take(0);
    return taken == null ? null : StandardCharsets.US_ASCII.decode(taken.duplicate()).toString();
  }

  @Test
  void aLineIsTakenWholeHoweverLongItIs() throws Exception {
    put("short");
    assertEquals("short\n", take());
    queue.done(); // the buffer is used again
    String lengthy = "x".repeat(500_000);
    put(lengthy);
    put("after");
    assertEquals(lengthy + "\n", take());
    queue.done();
    assertEquals("after\n", take());
    queue.done();
    assertNull(take());
  }

  @Test
  void halfOfASmallQueueIsTakenBeforeTheRestIsFull() throws Exception {
    LineQueue small = new LineQueue(64 << 10, System::nanoTime);
    Line line = new Line(Escape.HEX, new LogTime(ZoneOffset.UTC));
    line.start(0);
    line.raw("x".repeat(1023));
    for (int i = 0; i < 33; i++) {
      small.put(line);
    }
    for (int i = 0; i < 2; i++) {
      ByteBuffer taken = small.take(0);
      assertEquals(16 << 10, taken == null ? 0 : taken.remaining(), "without waiting for more");
      small.done();
    }
    assertEquals(0, small.dropped());
  }

  @Test
  void aThreadIsWantedWhenThereIsNone() throws Exception {
    assertTrue(put("1"), "the first");
    assertFalse(put("2"));
    assertEquals("1\n2\n", take());
    assertFalse(queue.leave(), "it has not done with them");
    assertFalse(put("3"));
    queue.done();
    assertFalse(queue.leave());
    assertEquals("3\n", take());
    queue.done();
    assertTrue(queue.leave());
    assertTrue(put("4"));
  }

  @Test
  void whatTheThreadHasTakenAlongIsDropped() throws Exception {
    put("1");
    put("2");
    take();
    put("3");
    queue.desert();
    assertEquals(2, queue.dropped());
    assertTrue(put("4"), "there is none any more");
    assertEquals("3\n4\n", take());
  }

  @Test
  void anEmptyQueueWantsNoThreadToBeClosed() {
    assertFalse(queue.close());
    assertTrue(put("1"));
    assertFalse(queue.close(), "it has one");
    queue.desert();
    assertTrue(queue.close());
  }
}
