package io.tidegate.core.log;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.testkit.Eventually;
import io.tidegate.core.testkit.Logged;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How lines get from exchanges to where they are kept. */
@Timeout(30)
class AccessLogTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final EventListener NOBODY = event -> {};
  private static final String LOGGER = "io.tidegate.test.access";

  @RegisterExtension private final Logged logged = Logged.by(LOGGER);

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
    return AccessLog.of(settings(Optional.of(file().toString()), Optional.empty()), CLOCK, NOBODY);
  }

  /** One whose lines go to {@code sink}. */
  private static AccessLog logTo(Consumer<String> sink) {
    return AccessLog.to(sink, settings(Optional.empty(), Optional.empty()), CLOCK, NOBODY);
  }

  private static boolean has(Path file, String content) {
    try {
      return Files.exists(file) && Files.readString(file).equals(content);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void linesAreInTheFileWithoutAnyoneClosingIt() throws Exception {
    try (AccessLog log = logToFile()) {
      log.completed(Outcomes.served("/1"));
      log.completed(Outcomes.served("/2"));
      Eventually.holds(() -> has(file(), "/1\n/2\n"));
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
    Eventually.holds(() -> has(file(), String.join("\n", expected) + "\n"));
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
      Eventually.holds(() -> has(file(), "/1\n"));
      Files.move(file(), moved);
      log.completed(Outcomes.served("/2"));
      Eventually.holds(() -> has(file(), "/2\n"));
      Files.move(file(), directory.resolve("another"));
      Files.writeString(file(), "/3\n"); // as somebody does who makes the next one too
      log.completed(Outcomes.served("/4"));
      Eventually.holds(() -> has(file(), "/3\n/4\n"));
    }
    assertEquals("/1\n", Files.readString(moved));
  }

  @Test
  void reopeningMakesTheFileAnewAtOnce() throws Exception {
    try (AccessLog log = logToFile()) {
      log.completed(Outcomes.served("/1"));
      Eventually.holds(() -> has(file(), "/1\n"));
      Files.move(file(), directory.resolve("moved"));
      log.reopen();
      Eventually.holds(() -> Files.exists(file()));
      log.completed(Outcomes.served("/2"));
      Eventually.holds(() -> has(file(), "/2\n"));
    }
  }

  /** Ordinary threads, of which the last one is kept. */
  private static ThreadFactory kept(AtomicReference<Thread> last) {
    return writer -> {
      last.set(new Thread(writer));
      return last.get();
    };
  }

  @Test
  void whatCannotBeWrittenIsWrittenLater() throws Exception {
    Files.createDirectory(file());
    AtomicReference<Thread> started = new AtomicReference<>();
    AccessLogSettings settings = settings(Optional.of(file().toString()), Optional.empty());
    LogFile output = new LogFile(file(), settings.rotation(), settings.zoneId(), CLOCK);
    try (AccessLog log = new AccessLog(settings, "x", output, CLOCK, NOBODY, kept(started))) {
      log.completed(Outcomes.served("/1"));
      Thread writer = started.get();
      Eventually.holds(() -> List.of(writer.getStackTrace()).toString().contains("pause"));
      Files.delete(file());
      Eventually.holds(() -> has(file(), "/1\n"));
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
    AccessLog log = logTo(lines::add);
    List<CompletableFuture<Void>> threads =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
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
    List<String> events = new CopyOnWriteArrayList<>();
    AccessLog log =
        AccessLog.to(
            line -> {
              taken.countDown();
              await(held);
              lines.add(line);
            },
            settings,
            CLOCK,
            event -> events.add(event.name() + ": " + event.subject() + ": " + event.detail()));
    String target = "/" + "x".repeat(1022); // a line of 1,024 octets with its end
    log.completed(Outcomes.served(target));
    taken.await();
    for (int i = 0; i < 100; i++) {
      log.completed(Outcomes.served(target)); // returns, whoever is stuck
    }
    String began = "access-log-drops-began: of the application: it does not keep up";
    assertEquals(List.of(began), events, "told while nobody writes");
    assertEquals(37, log.dropped(), "64 have room, the one that is being written among them");
    held.countDown();
    log.close();
    assertEquals(64, lines.size());
    String ended = "access-log-drops-ended: of the application: lines dropped: 37";
    assertEquals(List.of(began, ended), events);
  }

  @Test
  void aConsumerThatFailsGetsTheNextLine() {
    List<String> lines = new ArrayList<>();
    AccessLog log =
        logTo(
            line -> {
              if (line.equals("/1")) {
                throw new IllegalStateException("no");
              }
              lines.add(line);
            });
    Stream.of("/0", "/1", "/2").forEach(target -> log.completed(Outcomes.served(target)));
    log.close();
    assertEquals(List.of("/0", "/2"), lines);
  }

  @Test
  void aConsumerThatFailsNowAndThenKeepsNobodyWaiting() {
    List<String> lines = new ArrayList<>();
    AccessLog log =
        logTo(
            line -> {
              if (line.endsWith("00")) {
                throw new IllegalStateException("no");
              }
              lines.add(line);
            });
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 10_000; i++) {
      log.completed(Outcomes.served("/" + i));
      if (i % 100 != 0) {
        expected.add("/" + i);
      }
    }
    log.close(); // waits for two seconds, which a hundred pauses would not fit into
    assertEquals(expected, lines);
    assertEquals(0, log.dropped());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"an error", "a flag"})
  void whateverAConsumerDoesTheNextLineIsWritten(String harm) throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    AccessLog log =
        logTo(
            line -> {
              threads.add(Thread.currentThread());
              lines.add(line);
              if (line.equals("/1") && harm.equals("an error")) {
                throw new NoClassDefFoundError("no");
              } else if (line.equals("/1")) {
                Thread.currentThread().interrupt();
              }
            });
    log.completed(Outcomes.served("/1"));
    Eventually.holds(() -> lines.size() == 1);
    log.completed(Outcomes.served("/2"));
    Eventually.holds(() -> lines.size() == 2);
    log.close();
    assertEquals(List.of("/1", "/2"), List.copyOf(lines));
    assertEquals(1, threads.size());
    assertEquals(0, log.dropped());
  }

  @Test
  void aThreadThatSomebodyInterruptsIsReplacedByTheNextLine() throws Exception {
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    AccessLog log = logTo(line -> threads.add(Thread.currentThread()));
    log.completed(Outcomes.served("/1"));
    Eventually.holds(() -> threads.size() == 1);
    Thread first = threads.element();
    Eventually.holds(() -> first.getState() == Thread.State.WAITING);
    first.interrupt();
    Eventually.holds(() -> first.getState() == Thread.State.TERMINATED);
    log.completed(Outcomes.served("/2"));
    Eventually.holds(() -> threads.size() == 2);
    log.close();
    assertEquals(0, log.dropped());
  }

  /** One whose threads can be started, but for the first one. */
  private static AccessLog late(List<String> lines, int[] started) {
    ThreadFactory threads =
        writer ->
            new Thread(writer) {
              @Override
              public void start() {
                if (started[0]++ == 0) {
                  throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
              }
            };
    return new AccessLog(
        settings(Optional.empty(), Optional.empty()),
        "of the test",
        new EachLine("of the test", lines::add, System::nanoTime),
        CLOCK,
        NOBODY,
        threads);
  }

  @Test
  void linesWaitUntilThereIsAThread() {
    List<String> lines = new ArrayList<>();
    int[] started = {0};
    AccessLog log = late(lines, started);
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
    AccessLog log = late(lines, started);
    log.completed(Outcomes.served("/1"));
    log.close();
    assertEquals(List.of("/1"), lines);
  }

  @Test
  void lateLinesOfARetiredLogShareAThread() throws Exception {
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    AccessLog log = logTo(line -> threads.add(Thread.currentThread()));
    log.retire();
    for (int i = 1; i <= 3; i++) {
      int number = i;
      log.completed(Outcomes.served("/" + i));
      Eventually.holds(() -> threads.size() == number);
    }
    log.close();
    assertEquals(1, Set.copyOf(threads).size());
  }

  @Test
  void logsAreClosedTogether() {
    CountDownLatch never = new CountDownLatch(1);
    List<AccessLog> stuck = IntStream.range(0, 4).mapToObj(i -> stuck(never)).toList();
    long began = System.nanoTime();
    AccessLog.closeAll(stuck);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    assertTrue(seconds >= 2 && seconds < 6, "they have two seconds together, not each: " + seconds);
    never.countDown();
  }

  /** One whose line is done with when {@code released}. */
  private static AccessLog stuck(CountDownLatch released) {
    AccessLog log = logTo(line -> await(released));
    log.completed(Outcomes.served("/"));
    return log;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ourOwnRequestsHaveNoLine() {
    List<String> lines = new ArrayList<>();
    AccessLog log = logTo(lines::add);
    log.completed(Outcomes.own());
    log.completed(Outcomes.served("/1"));
    log.close();
    assertEquals(List.of("/1"), lines);
  }

  @Test
  void aLoggerGetsEachLineAtInfo() {
    AccessLog log = AccessLog.of(settings(Optional.empty(), Optional.of(LOGGER)), CLOCK, NOBODY);
    log.completed(Outcomes.served("/{0}"));
    log.close();
    assertEquals(List.of("INFO /{0}"), logged.lines());
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
    assertEquals(List.of("file: " + path + " (expected: " + expected + ")"), told.problems());
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
