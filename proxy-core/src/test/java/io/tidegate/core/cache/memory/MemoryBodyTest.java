package io.tidegate.core.cache.memory;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.BodyReader.State;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryBodyTest {
  private static final long ANY = Long.MAX_VALUE;

  private final Arena arena = new Arena(Long.MAX_VALUE);
  private final AtomicInteger woken = new AtomicInteger();

  private static byte[] octets(int count) {
    byte[] octets = new byte[count];
    new Random(count).nextBytes(octets);
    return octets;
  }

  private static void write(MemoryBody body, byte[] octets, int from, int to) {
    body.write(ByteBuffer.wrap(octets, from, to - from));
  }

  private byte[] readAvailable(BodyReader reader) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer part;
    while ((part = reader.next(woken::incrementAndGet)) != null) {
      byte[] copy = new byte[part.remaining()];
      part.get(copy);
      all.writeBytes(copy);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 4096, 4097, 300_000, 3_000_000})
  void whatIsWrittenIsRead(int count) {
    for (long expected : new long[] {-1, count}) {
      byte[] octets = octets(count);
      MemoryBody body = new MemoryBody(arena, expected, ANY);
      for (int at = 0; at < count; ) {
        int to = Math.min(count, at + 100_000);
        write(body, octets, at, to);
        at = to;
      }
      body.complete();
      assertTrue(body.isComplete());
      assertEquals(count, body.length());
      assertEquals((count + 1023) / 1024 * 1024, body.size());
      BodyReader reader = requireNonNull(body.read(0, ANY));
      assertArrayEquals(octets, readAvailable(reader));
      assertEquals(State.ENDED, reader.state());
      reader.close();
      body.drop();
    }
    assertEquals(0, arena.used());
  }

  @Test
  void aPartIsReadAsAPart() {
    byte[] octets = octets(600_000);
    MemoryBody body = new MemoryBody(arena, -1, ANY);
    write(body, octets, 0, octets.length);
    for (int[] range : new int[][] {{0, 1}, {4095, 4097}, {599_999, 600_000}, {5, 555_555}}) {
      BodyReader reader = requireNonNull(body.read(range[0], range[1]));
      assertArrayEquals(Arrays.copyOfRange(octets, range[0], range[1]), readAvailable(reader));
      assertEquals(State.ENDED, reader.state());
      reader.close();
    }
  }

  @Test
  void aReaderIsWokenWhenMoreComesAndAtTheEnd() {
    byte[] octets = octets(10);
    MemoryBody body = new MemoryBody(arena, -1, ANY);
    BodyReader reader = requireNonNull(body.read(0, ANY));
    assertNull(reader.next(woken::incrementAndGet));
    assertEquals(State.OPEN, reader.state());
    write(body, octets, 0, 7);
    assertEquals(1, woken.get());
    assertArrayEquals(Arrays.copyOf(octets, 7), readAvailable(reader));
    write(body, octets, 7, 10);
    assertEquals(2, woken.get());
    assertArrayEquals(Arrays.copyOfRange(octets, 7, 10), readAvailable(reader));
    assertEquals(State.OPEN, reader.state());
    body.complete();
    assertEquals(3, woken.get());
    assertNull(reader.next(woken::incrementAndGet));
    assertEquals(State.ENDED, reader.state());
    assertEquals(3, woken.get());
  }

  @Test
  void aReaderWhoseContentBreaksOffReadsWhatThereIs() {
    MemoryBody body = new MemoryBody(arena, 10, ANY);
    BodyReader reader = requireNonNull(body.read(0, ANY));
    write(body, octets(10), 0, 4);
    body.abandon();
    assertFalse(body.isComplete());
    assertEquals(State.OPEN, reader.state());
    assertEquals(4, readAvailable(reader).length);
    assertEquals(State.BROKEN, reader.state());
    reader.close();
    body.drop();
    assertEquals(0, arena.used());
  }

  @Test
  void whatSomebodyReadsIsNotGivenBack() {
    MemoryBody body = new MemoryBody(arena, -1, ANY);
    write(body, octets(5000), 0, 5000);
    BodyReader reader = requireNonNull(body.read(0, ANY));
    body.complete();
    body.drop();
    assertArrayEquals(octets(5000), readAvailable(reader));
    assertEquals(5120, arena.used());
    reader.close();
    assertEquals(0, arena.used());
    assertNull(body.read(0, ANY));
    assertFalse(body.keep());
  }

  @Test
  void contentTooLongToStoreIsForgottenAsItIsRead() {
    byte[] block = octets(1 << 20);
    MemoryBody body = new MemoryBody(arena, -1, 2 << 20);
    BodyReader reader = requireNonNull(body.read(0, ANY));
    body.whenDrained(woken::incrementAndGet);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      write(body, block, 0, block.length);
      ByteBuffer part;
      while ((part = reader.next(() -> {})) != null) {
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        read.writeBytes(copy);
      }
    }
    body.complete();
    assertFalse(body.isComplete());
    assertEquals(20 << 20, read.size());
    for (int i = 0; i < 20; i++) {
      assertArrayEquals(block, Arrays.copyOfRange(read.toByteArray(), i << 20, (i + 1) << 20));
    }
    assertNull(body.read(0, ANY));
    assertTrue(arena.size() <= 5 << 20, () -> "grown to " + arena.size());
    reader.close();
    body.drop();
    assertEquals(0, arena.used());
  }

  @Test
  void contentThatTheStoreLetsGoOfIsForgottenAsItIsRead() {
    byte[] block = octets(1 << 20);
    MemoryBody body = new MemoryBody(arena, 3 << 20, ANY);
    write(body, block, 0, block.length);
    BodyReader reader = requireNonNull(body.read(0, ANY));
    assertTrue(body.keep());
    body.drop();
    write(body, block, 0, block.length);
    assertFalse(body.isPassage());
    body.drop();
    assertFalse(body.isPassage());
    assertArrayEquals(block, Arrays.copyOf(readAvailable(reader), 1 << 20));
    write(body, block, 0, block.length);
    assertTrue(body.isPassage());
    assertFalse(body.isTooLong());
    assertTrue(arena.used() < 2 << 20, () -> arena.used() + " octets are kept");
    assertArrayEquals(block, readAvailable(reader));
    assertTrue(body.isWanted());
    reader.close();
    assertFalse(body.isWanted());
    body.complete();
    assertEquals(0, arena.used());
  }

  @Test
  void theWriterOfAPassageWaitsForTheSlowestReader() {
    byte[] block = octets(1 << 20);
    MemoryBody body = new MemoryBody(arena, -1, 100);
    body.whenDrained(woken::incrementAndGet);
    BodyReader slow = requireNonNull(body.read(0, ANY));
    BodyReader fast = requireNonNull(body.read(0, ANY));
    write(body, block, 0, block.length);
    assertFalse(body.backlogged());
    write(body, block, 0, block.length);
    assertTrue(body.backlogged());
    while (fast.next(() -> {}) != null) {}
    assertTrue(body.backlogged());
    while (slow.next(() -> {}) != null) {}
    assertFalse(body.backlogged());
    assertEquals(1, woken.get());
  }

  @Test
  void aReaderThatTakesNothingIsLeftBehindByThoseWhoWait() {
    MemoryBody body = new MemoryBody(arena, -1, 100);
    body.whenDrained(woken::incrementAndGet);
    BodyReader slow = requireNonNull(body.read(0, ANY));
    BodyReader fast = requireNonNull(body.read(0, ANY));
    byte[] octets = octets(3 << 20);
    write(body, octets, 0, octets.length);
    ByteBuffer had = requireNonNull(slow.next(() -> {}));
    assertArrayEquals(octets, readAvailable(fast));
    body.leaveBehind();
    assertTrue(body.backlogged());
    body.leaveBehind();
    assertFalse(body.backlogged());
    write(body, octets, 0, octets.length); // where the slow one was, but for what it still has
    assertEquals(ByteBuffer.wrap(octets, 0, had.remaining()), had);
    assertNull(slow.next(() -> {}));
    assertEquals(State.BROKEN, slow.state());
    assertArrayEquals(octets, readAvailable(fast));
    slow.close();
    fast.close();
    body.complete();
    body.drop();
    assertEquals(0, arena.used());
  }

  @Test
  void aReaderThatGoesOnOrIsAloneIsWaitedFor() {
    MemoryBody body = new MemoryBody(arena, -1, 100);
    BodyReader slow = requireNonNull(body.read(0, ANY));
    byte[] octets = octets(3 << 20);
    write(body, octets, 0, octets.length);
    body.leaveBehind();
    body.leaveBehind();
    assertEquals(State.OPEN, slow.state());
    MemoryBody other = new MemoryBody(arena, -1, 100);
    BodyReader steady = requireNonNull(other.read(0, ANY));
    BodyReader fast = requireNonNull(other.read(0, ANY));
    write(other, octets, 0, octets.length);
    readAvailable(fast);
    other.leaveBehind();
    for (int taken = 0; taken <= 5 << 18; ) {
      taken += requireNonNull(steady.next(() -> {})).remaining();
    }
    other.leaveBehind();
    assertEquals(State.OPEN, steady.state());
  }

  @Test
  void aReaderThatFailsKeepsNobodyFromReading() {
    MemoryBody body = new MemoryBody(arena, -1, ANY);
    BodyReader failing = requireNonNull(body.read(0, ANY));
    BodyReader other = requireNonNull(body.read(0, ANY));
    failing.next(
        () -> {
          throw new IllegalStateException("stopped");
        });
    other.next(woken::incrementAndGet);
    write(body, octets(10), 0, 10);
    assertEquals(1, woken.get());
  }

  @Test
  void aReaderThatLeavesIsNotWaitedFor() {
    MemoryBody body = new MemoryBody(arena, -1, 100);
    body.whenDrained(woken::incrementAndGet);
    BodyReader slow = requireNonNull(body.read(0, ANY));
    write(body, octets(3 << 20), 0, 3 << 20);
    assertTrue(body.backlogged());
    slow.close();
    assertFalse(body.backlogged());
    assertEquals(1, woken.get());
  }

  @Test
  void readersOnOtherThreadsSeeEveryOctet() throws Exception {
    byte[] octets = octets(2_000_000);
    MemoryBody body = new MemoryBody(arena, -1, ANY);
    CountDownLatch done = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      BodyReader reader = requireNonNull(body.read(0, ANY));
      new Thread(() -> readAll(reader, octets, done)).start();
    }
    for (int at = 0; at < octets.length; at += 1000) {
      write(body, octets, at, at + 1000);
    }
    body.complete();
    body.drop();
    assertTrue(done.await(10, TimeUnit.SECONDS));
    assertEquals(0, arena.used());
  }

  private static void readAll(BodyReader reader, byte[] expected, CountDownLatch done) {
    java.util.concurrent.Semaphore more = new java.util.concurrent.Semaphore(0);
    int at = 0;
    while (reader.state() == State.OPEN) {
      ByteBuffer part = reader.next(more::release);
      if (part == null) {
        if (reader.state() == State.OPEN) {
          more.acquireUninterruptibly();
        }
        continue;
      }
      for (; part.hasRemaining(); at++) {
        if (part.get() != expected[at]) {
          return;
        }
      }
    }
    reader.close();
    if (at == expected.length) {
      done.countDown();
    }
  }
}
