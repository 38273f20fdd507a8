package io.tidegate.core.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.io.BufferPool;
import io.tidegate.core.testkit.Messages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A spool whose disk and whose loop do what they have to when the test says so. */
class SpoolTest implements Spool.Owner {
  private static final int BUFFER = BufferPool.SIZE;
  private static final int BATCH = 64 << 10;
  private static final long AMPLE = 1L << 40;

  private final Queue<Runnable> disk = new ArrayDeque<>();
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final BufferPool buffers = new BufferPool();
  private final List<String> told = new ArrayList<>();
  @TempDir private Path directory;
  private Spools spools;
  private boolean stopped;

  private Spool spool(long memoryBytes, long fileBytes, boolean passing) {
    return spool(memoryBytes, fileBytes, passing, AMPLE, AMPLE);
  }

  private Spool spool(
      long memoryBytes, long fileBytes, boolean passing, long allMemory, long allFiles) {
    spools =
        new Spools(
            new SpoolSettings(Optional.of(directory.toString()), allMemory, allFiles),
            task -> {
              if (stopped) {
                throw new RejectedExecutionException();
              }
              disk.add(task);
            },
            new Random(1));
    return new Spool(spools, buffers, loop::add, memoryBytes, fileBytes, passing, this);
  }

  @Override
  public void drained() {
    told.add("drained");
  }

  @Override
  public void exceeded(Spool.Excess why) {
    told.add("exceeded");
  }

  private static boolean run(Queue<Runnable> tasks) {
    Runnable task = tasks.poll();
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  private void runAll() {
    boolean more;
    do {
      more = run(disk) | run(loop);
    } while (more);
  }

  private static byte[] octets(int count) {
    return Messages.octets(count);
  }

  /** Writes in pieces of this size. */
  private static void write(Spool spool, byte[] octets, int piece) {
    for (int from = 0; from < octets.length; from += piece) {
      ByteBuffer data =
          ByteBuffer.wrap(octets, from, Math.min(piece, octets.length - from)).slice();
      spool.write(data);
      assertFalse(data.hasRemaining());
    }
  }

  /** Reads until there is nothing more, with a disk that does its work at once. */
  private byte[] readAll(ContentReader reader) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      ByteBuffer part = reader.next(() -> {});
      if (part != null) {
        copy(part, all);
      } else if (!disk.isEmpty() || !loop.isEmpty()) {
        runAll();
      } else {
        return all.toByteArray();
      }
    }
  }

  private static void copy(ByteBuffer part, ByteArrayOutputStream target) {
    assertTrue(part.hasRemaining());
    byte[] octets = new byte[part.remaining()];
    part.get(octets);
    target.writeBytes(octets);
  }

  private void assertNothingLeft() {
    runAll();
    assertEquals(0, spools.memoryUsed());
    assertEquals(0, spools.filesUsed());
    assertNull(openFile());
  }

  /** The file behind the only descriptor that leads to the directory, where they can be listed. */
  private Path openFile() {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return null;
    }
    try (var all = Files.list(descriptors)) {
      return all.filter(this::leadsToDirectory).findFirst().orElse(null);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean leadsToDirectory(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains(directory.toString());
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  // Sizes

  @ParameterizedTest(name = "{0} octets in pieces of {1}, {2} in memory")
  @CsvSource({
    "0, 1, 0",
    "1, 1, 0",
    "1, 1, 1",
    "2, 1, 1",
    "16383, 1000, 16384",
    "16384, 16384, 16384",
    "16385, 16384, 16384",
    "16385, 100000, 16384",
    "65536, 3000, 0",
    "65537, 65537, 0",
    "65536, 65536, 65536",
    "131071, 65536, 65536",
    "131072, 65536, 65536",
    "131073, 65536, 65536",
    "300000, 7, 100",
    "1000000, 262144, 20000",
    "1000000, 9999, 65536"
  })
  void whatWasWrittenIsReadAsOftenAsItTakes(int length, int piece, long memory) {
    Spool spool = spool(memory, AMPLE, false);
    byte[] octets = octets(length);
    write(spool, octets, piece);
    assertEquals(length, spool.length());
    for (int i = 0; i < 2; i++) {
      try (ContentReader reader = spool.read()) {
        assertEquals(length, reader.left());
        assertArrayEquals(octets, readAll(reader));
        assertTrue(reader.isAtEnd());
        assertEquals(0, reader.left());
      }
    }
    assertNull(spool.excess());
    spool.close();
    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5000, 16384, 65536, 262144})
  void aReaderThatKeepsUpWithTheWriterNeedsNoDisk(int piece) {
    Spool spool = spool(0, AMPLE, true);
    ContentReader reader = spool.read();
    byte[] octets = octets(piece);
    for (int i = 0; i < 5; i++) {
      write(spool, octets, Math.min(piece, BATCH - 1));
      disk.clear(); // slower than anything
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (ByteBuffer part = reader.next(() -> {}); part != null; part = reader.next(() -> {})) {
        copy(part, all);
      }
      assertArrayEquals(Arrays.copyOf(octets, all.size()), all.toByteArray());
      assertEquals(piece, all.size());
      if (piece >= BATCH) {
        return; // it was to be written, and so is kept
      }
      assertEquals(0, spool.length());
      assertEquals(0, spools.memoryUsed());
    }
  }

  @Test
  void theReaderGoesOnWhileItIsWritten() {
    Spool spool = spool(10, AMPLE, true);
    ContentReader reader = spool.read();
    Random random = new Random(7);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (int i = 0; i < 5000; i++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          byte[] more = new byte[random.nextInt(60_000)];
          random.nextBytes(more);
          if (!spool.isBacklogged()) {
            written.writeBytes(more);
            spool.write(ByteBuffer.wrap(more));
          }
        }
        case 1 -> {
          ByteBuffer part = reader.next(() -> {});
          if (part != null) {
            copy(part, read);
          }
        }
        case 2 -> run(disk);
        default -> run(loop);
      }
    }
    read.writeBytes(readAll(reader));
    assertArrayEquals(written.toByteArray(), read.toByteArray());
    assertTrue(written.size() > 1 << 20);
    reader.close();
    spool.close();
    assertNothingLeft();
  }

  // Bounds

  @ParameterizedTest(name = "{0} in memory, {1} in a file")
  @CsvSource({"0, 100000", "100, 0", "16384, 16384", "65536, 200000"})
  void moreThanItMayHaveIsTooMuch(int memory, int file) {
    Spool spool = spool(memory, file, false);
    write(spool, octets(memory + file), 30_000);
    runAll();
    assertNull(spool.excess());
    assertFalse(spool.isBacklogged());
    spool.write(ByteBuffer.wrap(new byte[1]));
    assertEquals(Spool.Excess.OF_ITS_OWN, spool.excess());
    assertTrue(spool.isBacklogged());
    spool.write(ByteBuffer.wrap(new byte[1]));
    assertEquals(List.of("exceeded"), told);
    assertEquals(memory + file + 2, readAll(spool.read()).length);
    spool.close();
    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, BUFFER, 2 * BATCH})
  void whatPassesMayBeMoreOnceAllHasBeenRead(int memory) {
    int file = 3 * BATCH;
    Spool spool = spool(memory, file, true);
    ContentReader reader = spool.read();
    for (int i = 0; i < 3; i++) {
      byte[] octets = octets(memory + file + 1);
      write(spool, octets, BATCH);
      runAll();
      assertEquals(Spool.Excess.OF_ITS_OWN, spool.excess());
      assertArrayEquals(octets, readAll(reader));
      assertNull(spool.excess());
      assertFalse(spool.isBacklogged());
    }
    reader.close();
    spool.close();
    assertNothingLeft();
  }

  @Test
  void whenAllHaveTooMuchInMemoryItGoesToTheFile() {
    Spool spool = spool(3 * BUFFER, AMPLE, false, 2 * BUFFER, AMPLE);
    byte[] octets = octets(3 * BUFFER + BATCH);
    write(spool, octets, BUFFER);
    runAll();
    assertEquals(3 * BUFFER, spools.memoryUsed()); // the last one waits for more to be written with
    assertEquals(BATCH, spools.filesUsed());
    assertArrayEquals(octets, readAll(spool.read()));
    spool.close();
    assertNothingLeft();
  }

  @Test
  void whenAllHaveTooMuchInMemoryAndThereIsNoFileItIsTooMuch() {
    Spool spool = spool(3 * BUFFER, 0, false, 2 * BUFFER, AMPLE);
    write(spool, octets(2 * BUFFER), BUFFER);
    assertNull(spool.excess());
    spool.write(ByteBuffer.wrap(new byte[1]));
    assertEquals(Spool.Excess.OF_ALL, spool.excess());
    spool.close();
    assertNothingLeft();
  }

  @Test
  void whenAllHaveTooMuchInFilesItIsTooMuch() {
    Spool spool = spool(0, AMPLE, false, AMPLE, 3 * BATCH);
    for (int i = 0; i < 3; i++) {
      spool.write(ByteBuffer.wrap(new byte[BATCH]));
      runAll();
    }
    assertEquals(3 * BATCH, spools.filesUsed());
    spool.write(ByteBuffer.wrap(new byte[BATCH - 1]));
    assertNull(spool.excess());
    spool.write(ByteBuffer.wrap(new byte[1]));
    assertEquals(Spool.Excess.OF_ALL, spool.excess());
    assertEquals(List.of("exceeded"), told);
    assertEquals(3 * BATCH, spools.filesUsed());
    spool.close();
    assertNothingLeft();
  }

  // A slow disk

  @Test
  void theWriterWaitsForTheDisk() {
    Spool spool = spool(0, AMPLE, true);
    ContentReader reader = spool.read();
    byte[] octets = octets(4 * BATCH);
    spool.write(ByteBuffer.wrap(octets, 0, 4 * BATCH - 1).slice());
    assertFalse(spool.isBacklogged());
    spool.write(ByteBuffer.wrap(octets, 4 * BATCH - 1, 1).slice());
    assertTrue(spool.isBacklogged());
    assertTrue(run(disk));
    assertTrue(spool.isBacklogged());
    assertTrue(run(loop));
    assertFalse(spool.isBacklogged());
    assertEquals(List.of("drained"), told);
    assertArrayEquals(octets, readAll(reader));
  }

  @Test
  void theReaderIsToldWhenTheDiskHasDelivered() {
    Spool spool = spool(0, AMPLE, true);
    ContentReader reader = spool.read();
    byte[] octets = octets(BATCH);
    write(spool, octets, BATCH);
    runAll();
    assertNull(reader.next(() -> told.add("ready")));
    assertFalse(reader.isAtEnd());
    assertNull(reader.next(() -> told.add("asked twice")));
    assertTrue(run(disk));
    assertEquals(List.of(), told);
    assertTrue(run(loop));
    assertEquals(List.of("ready"), told);
    ByteBuffer part = reader.next(() -> {});
    assertNotNull(part);
    byte[] first = new byte[part.remaining()];
    part.get(first);
    assertArrayEquals(Arrays.copyOf(octets, BUFFER), first);
  }

  // Files

  @Test
  void theFileIsForItsOwnerAloneAndHasNoName() throws IOException {
    Spool spool = spool(0, AMPLE, false);
    write(spool, octets(BATCH), BATCH);
    runAll();
    try (var names = Files.list(directory)) {
      assertEquals(0, names.count());
    }
    Path descriptor = openFile();
    if (descriptor != null) {
      assertEquals(0600, (int) Files.getAttribute(descriptor, "unix:mode") & 0777);
    }
    spool.close();
    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDiskThatCannotBeWrittenToLosesNothing(boolean passing) throws IOException {
    Spool spool = spool(BUFFER, AMPLE, passing);
    Files.delete(directory);
    byte[] octets = octets(BUFFER + BATCH);
    ContentReader reader = spool.read();
    write(spool, octets, BATCH);
    runAll();
    assertEquals(Spool.Excess.OF_DISK, spool.excess());
    assertEquals(List.of("exceeded"), told);
    assertEquals(BATCH, spools.filesUsed());
    assertArrayEquals(octets, readAll(reader));
    assertEquals(passing ? null : Spool.Excess.OF_DISK, spool.excess());
    spool.close();
    assertNothingLeft();
  }

  @Test
  void aFileThatCannotBeReadBreaksTheReader() throws Exception {
    Spool spool = spool(0, AMPLE, false);
    write(spool, octets(BATCH), BATCH);
    runAll();
    ContentReader reader = spool.read();
    stopped = true;
    assertNull(reader.next(() -> told.add("ready")));
    runAll();
    assertEquals(List.of("ready"), told);
    assertTrue(reader.isBroken());
    assertNull(reader.next(() -> told.add("never")));
    assertFalse(reader.isAtEnd());
    spool.close();
    assertNothingLeft();
  }

  // Closing

  @ParameterizedTest(name = "after {0} steps")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void itMayBeClosedAtAnyTimeAndNothingStays(int steps) {
    Spool spool = spool(BUFFER, AMPLE, false);
    ContentReader reader = spool.read();
    for (int step = 0; step < steps; step++) {
      switch (step % 4) {
        case 0 -> write(spool, octets(BATCH), 10_000);
        case 1 -> reader.next(() -> told.add("ready"));
        case 2 -> run(disk);
        default -> run(loop);
      }
    }
    told.clear();
    if (steps % 2 == 0) {
      reader.close();
    }
    spool.close();
    spool.close();
    spool.write(ByteBuffer.wrap(new byte[10]));
    assertNull(reader.next(() -> told.add("ready")));
    assertNothingLeft();
    reader.close();
    assertEquals(List.of(), told);
    assertNothingLeft();
  }

  @Test
  void aReaderMayBeClosedWhileItsDiskReads() {
    Spool spool = spool(0, AMPLE, false);
    write(spool, octets(BATCH), BATCH);
    runAll();
    ContentReader reader = spool.read();
    assertNull(reader.next(() -> told.add("ready")));
    reader.close();
    runAll();
    assertEquals(0, spools.memoryUsed());
    assertEquals(List.of(), told);
    spool.close();
    assertNothingLeft();
  }
}
