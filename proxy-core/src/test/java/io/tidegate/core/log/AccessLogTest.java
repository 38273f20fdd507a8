package io.tidegate.core.log;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How lines get from exchanges to where they are kept. */
@Timeout(30)
class AccessLogTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir private Path directory;

  private static AccessLogSettings settings(Optional<String> file, Optional<String> logger) {
    return new AccessLogSettings(
        file,
        logger,
        false,
        LogFormat.CLF,
        Optional.of("{target}"),
        List.of(),
        "UTC",
        RotationSettings.DEFAULT,
        MaskingSettings.DEFAULT,
        4 << 20);
  }

  private Path file() {
    return directory.resolve("access.log");
  }

  private AccessLog logToFile() {
    return AccessLog.of(settings(Optional.of(file().toString()), Optional.empty()), CLOCK);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertTrue(condition.getAsBoolean(), "still waiting");
  }

  private static boolean has(Path file, String content) {
    try {
      return Files.exists(file) && Files.readString(file).equals(content);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void linesAreInTheFileWithoutAnyoneClosingIt() {
    try (AccessLog log = logToFile()) {
      log.completed(Outcomes.served("/1"));
      log.completed(Outcomes.served("/2"));
      await(() -> has(file(), "/1\n/2\n"));
    }
  }

  @Test
  void whatIsThereIsWrittenWhenTheLogIsClosed() throws Exception {
    Files.writeString(file(), "before\n");
    AccessLog log = logToFile();
    IntStream.range(0, 1000).forEach(i -> log.completed(Outcomes.served("/" + i)));
    log.close();
    List<String> expected = new ArrayList<>(List.of("before"));
    IntStream.range(0, 1000).forEach(i -> expected.add("/" + i));
    assertEquals(expected, Files.readAllLines(file()));
    assertEquals(0, log.dropped());
    log.completed(Outcomes.served("/late"));
    expected.add("/late");
    await(() -> has(file(), String.join("\n", expected) + "\n"));
    assertEquals(0, log.dropped());
  }

  @Test
  void aNewFileIsForItsOwnerAndGroup() throws Exception {
    AccessLog log = logToFile();
    log.completed(Outcomes.served("/1"));
    log.close();
    String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
    assertTrue(List.of("rw-r-----", "rw-------").contains(permissions), permissions);
  }

  @Test
  void nothingIsMadeBeforeTheFirstLine() {
    AccessLog log = logToFile();
    log.reopen();
    log.close();
    assertTrue(Files.notExists(file()));
  }

  @Test
  void aFileThatWasMovedAwayIsBegunAnew() throws Exception {
    Path moved = directory.resolve("moved");
    try (AccessLog log = logToFile()) {
      log.completed(Outcomes.served("/1"));
      await(() -> has(file(), "/1\n"));
      Files.move(file(), moved);
      log.completed(Outcomes.served("/2"));
      await(() -> has(file(), "/2\n"));
      Files.move(file(), directory.resolve("another"));
      Files.writeString(file(), "/3\n"); // as somebody does who makes the next one too
      log.completed(Outcomes.served("/4"));
      await(() -> has(file(), "/3\n/4\n"));
    }
    assertEquals("/1\n", Files.readString(moved));
  }

  @Test
  void reopeningMakesTheFileAnewAtOnce() throws Exception {
    try (AccessLog log = logToFile()) {
      log.completed(Outcomes.served("/1"));
      await(() -> has(file(), "/1\n"));
      Files.move(file(), directory.resolve("moved"));
      log.reopen();
      await(() -> Files.exists(file()));
      log.completed(Outcomes.served("/2"));
      await(() -> has(file(), "/2\n"));
    }
  }

  @Test
  void whatCannotBeWrittenIsWrittenLater() throws Exception {
    Files.createDirectory(file());
    try (AccessLog log = logToFile()) {
      log.completed(Outcomes.served("/1"));
      Thread writer =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("tidegate-access-log"))
              .findFirst()
              .orElseThrow();
      await(() -> List.of(writer.getStackTrace()).toString().contains("pause"));
      Files.delete(file());
      await(() -> has(file(), "/1\n"));
      assertEquals(0, log.dropped());
    }
  }

  @Test
  void aLogThatCanNotBeWrittenEndsAllTheSame() throws Exception {
    Files.createDirectory(file());
    AccessLog log = logToFile();
    log.completed(Outcomes.served("/1"));
    log.completed(Outcomes.served("/2"));
    log.close();
    assertEquals(2, log.dropped());
  }

  @Test
  void linesOfManyThreadsStayWhole() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    AccessLogSettings settings = settings(Optional.empty(), Optional.empty());
    AccessLog log = AccessLog.to(lines::add, settings, CLOCK);
    CountDownLatch start = new CountDownLatch(1);
    List<CompletableFuture<Void>> threads =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          start.countDown();
                          for (int i = 0; i < 5000; i++) {
                            log.completed(Outcomes.served("/" + thread + "/" + i));
                          }
                        }))
            .toList();
    threads.forEach(CompletableFuture::join);
    log.close();
    assertEquals(0, log.dropped());
    TreeSet<String> expected =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "/" + i / 5000 + "/" + i % 5000)
            .collect(toCollection(TreeSet::new));
    assertEquals(20_000, lines.size());
    assertEquals(expected, new TreeSet<>(lines));
  }

  @Test
  void whoHasWaitedForRoomInVainIsCounted() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    AccessLogSettings settings =
        new AccessLogSettings(
            Optional.empty(),
            Optional.empty(),
            false,
            LogFormat.CLF,
            Optional.of("{target}"),
            List.of(),
            "UTC",
            RotationSettings.DEFAULT,
            MaskingSettings.DEFAULT,
            64 << 10);
    List<String> lines = new ArrayList<>();
    AccessLog log =
        AccessLog.to(
            line -> {
              taken.countDown();
              try {
                held.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              lines.add(line);
            },
            settings,
            CLOCK);
    String target = "/" + "x".repeat(1022); // a line of 1,024 octets with its end
    log.completed(Outcomes.served(target));
    taken.await();
    for (int i = 0; i < 100; i++) {
      log.completed(Outcomes.served(target)); // returns, whoever is stuck
    }
    assertEquals(37, log.dropped(), "64 have room, the one that is being written among them");
    held.countDown();
    log.close();
    assertEquals(64, lines.size());
  }

  @Test
  void aConsumerThatFailsGetsTheNextLine() {
    List<String> lines = new ArrayList<>();
    AccessLog log =
        AccessLog.to(
            line -> {
              if (line.equals("/1")) {
                throw new IllegalStateException("no");
              }
              lines.add(line);
            },
            settings(Optional.empty(), Optional.empty()),
            CLOCK);
    Stream.of("/0", "/1", "/2").forEach(target -> log.completed(Outcomes.served(target)));
    log.close();
    assertEquals(List.of("/0", "/2"), lines);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"an error", "a flag"})
  void whateverAConsumerDoesTheNextLineIsWritten(String harm) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    AccessLog log =
        AccessLog.to(
            line -> {
              lines.add(line);
              if (line.equals("/1") && harm.equals("an error")) {
                throw new NoClassDefFoundError("no");
              } else if (line.equals("/1")) {
                Thread.currentThread().interrupt();
              }
            },
            settings(Optional.empty(), Optional.empty()),
            CLOCK);
    log.completed(Outcomes.served("/1"));
    await(() -> lines.size() == 1);
    log.completed(Outcomes.served("/2"));
    await(() -> lines.size() == 2);
    log.close();
    assertEquals(List.of("/1", "/2"), List.copyOf(lines));
    assertEquals(0, log.dropped());
  }

  @Test
  void aThreadThatSomebodyInterruptsIsReplacedByTheNextLine() {
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    AccessLog log =
        AccessLog.to(
            line -> threads.add(Thread.currentThread()),
            settings(Optional.empty(), Optional.empty()),
            CLOCK);
    log.completed(Outcomes.served("/1"));
    await(() -> threads.size() == 1);
    Thread first = threads.element();
    await(() -> first.getState() == Thread.State.WAITING);
    first.interrupt();
    await(() -> first.getState() == Thread.State.TERMINATED);
    log.completed(Outcomes.served("/2"));
    await(() -> threads.size() == 2);
    log.close();
    assertEquals(0, log.dropped());
  }

  /** A thread that can be started if it is not the first one. */
  private static Thread late(Runnable writer, int[] started) {
    return new Thread(writer) {
      @Override
      public void start() {
        if (started[0]++ == 0) {
          throw new OutOfMemoryError("unable to create native thread");
        }
        super.start();
      }
    };
  }

  @Test
  void linesWaitUntilThereIsAThread() {
    List<String> lines = new ArrayList<>();
    int[] started = {0};
    AccessLog log =
        new AccessLog(
            settings(Optional.empty(), Optional.empty()),
            "of the test",
            new EachLine(lines::add),
            CLOCK,
            writer -> late(writer, started));
    log.completed(Outcomes.served("/1"));
    log.completed(Outcomes.served("/2"));
    log.close();
    assertEquals(List.of("/1", "/2"), lines);
    assertEquals(0, log.dropped());
    assertEquals(2, started[0]);
  }

  @Test
  void whatNobodyCouldWriteIsWrittenWhenTheLogIsClosed() {
    List<String> lines = new ArrayList<>();
    int[] started = {0};
    AccessLog log =
        new AccessLog(
            settings(Optional.empty(), Optional.empty()),
            "of the test",
            new EachLine(lines::add),
            CLOCK,
            writer -> late(writer, started));
    log.completed(Outcomes.served("/1"));
    log.close();
    assertEquals(List.of("/1"), lines);
  }

  @Test
  void lateLinesOfARetiredLogShareAThread() {
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    AccessLog log =
        AccessLog.to(
            line -> threads.add(Thread.currentThread()),
            settings(Optional.empty(), Optional.empty()),
            CLOCK);
    log.retire();
    for (int i = 1; i <= 3; i++) {
      int number = i;
      log.completed(Outcomes.served("/" + i));
      await(() -> threads.size() == number);
    }
    log.close();
    assertEquals(1, Set.copyOf(threads).size());
  }

  @Test
  void logsAreClosedTogether() {
    List<AccessLog> stuck = IntStream.range(0, 4).mapToObj(i -> new StuckSink().log).toList();
    long began = System.nanoTime();
    AccessLog.closeAll(stuck);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    assertTrue(seconds >= 2 && seconds < 6, "they have two seconds together, not each: " + seconds);
  }

  /** A log whose one line is never done with. */
  private static final class StuckSink {
    private final CountDownLatch never = new CountDownLatch(1);
    private final AccessLog log =
        AccessLog.to(line -> await(), settings(Optional.empty(), Optional.empty()), CLOCK);

    StuckSink() {
      log.completed(Outcomes.served("/"));
    }

    private void await() {
      try {
        never.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void ourOwnRequestsHaveNoLine() {
    List<String> lines = new ArrayList<>();
    AccessLog log = AccessLog.to(lines::add, settings(Optional.empty(), Optional.empty()), CLOCK);
    log.completed(Outcomes.own());
    log.completed(Outcomes.served("/1"));
    log.close();
    assertEquals(List.of("/1"), lines);
  }

  @Test
  void aLoggerGetsEachLineAtInfo() {
    BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();
    Logger logger = Logger.getLogger("io.tidegate.test.access");
    logger.setUseParentHandlers(false);
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    AccessLog log =
        AccessLog.of(settings(Optional.empty(), Optional.of("io.tidegate.test.access")), CLOCK);
    log.completed(Outcomes.served("/{0}"));
    log.close();
    LogRecord told = records.remove();
    assertEquals("/{0}", told.getMessage());
    assertEquals(Level.INFO, told.getLevel());
    logger.removeHandler(handler);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource({
    "none/access.log, a file in a directory that is there",
    "'', 'a file, not a directory'",
    "access.log/x, a file in a directory that is there",
  })
  void aFileThatCannotBeIsRefusedAtOnce(String name, String expected) throws Exception {
    Files.writeString(file(), "");
    String path = directory.resolve(name).toString();
    Checks checks = new Checks();
    AccessLog.check(settings(Optional.of(path), Optional.empty()), checks);
    InvalidSettingsException told = assertThrows(InvalidSettingsException.class, checks::done);
    assertEquals(
        List.of("accessLog file: " + path + " (expected: " + expected + ")"), told.problems());
  }

  @Test
  void everythingThatIsWrongIsSaid() {
    InvalidSettingsException told =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                new AccessLogSettings(
                    Optional.empty(),
                    Optional.of("x"),
                    true,
                    LogFormat.CLF,
                    Optional.of("{"),
                    List.of("status"),
                    "Nowhere",
                    new RotationSettings(0, true, 1),
                    MaskingSettings.DEFAULT,
                    1));
    assertEquals(
        List.of(
            "accessLog maxQueueBytes: 1 (expected: 65536 to 1073741824)",
            "accessLog target: more than one (expected: a file, a logger or a stream)",
            "accessLog rotation: some (expected: a file)",
            "accessLog members: [status] (expected: the format JSON)",
            "accessLog zone: Nowhere (expected: a time zone, like UTC or Europe/Berlin)",
            "accessLog pattern at 1: { (expected: a name in braces, or {{ or }} for a brace)"),
        told.problems());
  }
}
