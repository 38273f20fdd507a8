package io.tidegate.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.CertificateEvent;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.Upstreams;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CertificateWatchTest {
  private final Clock clock = new Clock();
  private final Files files = new Files(Optional.of(Duration.ofMillis(300)));

  @Test
  void filesAreLookedAtAgainAndAgain() {
    new CertificateWatch(List.of(files), Runnable::run, event -> {}).start(clock);
    assertEquals(Duration.ofMillis(300), clock.next());
    assertEquals(Duration.ofMillis(300), clock.next());
    assertEquals(2, files.looks);
    assertEquals(0, files.reads);
  }

  @Test
  void filesAreReadOnceWhenTheyHaveChanged() {
    new CertificateWatch(List.of(files), Runnable::run, event -> {}).start(clock);
    files.changed = true;
    clock.next();
    files.changed = false;
    clock.next();
    assertEquals(1, files.reads);
  }

  @Test
  void whatWillNotDoIsNotTheEndOfWatching() {
    new CertificateWatch(List.of(files), Runnable::run, event -> {}).start(clock);
    files.changed = true;
    files.problems = List.of("a");
    clock.next();
    clock.next();
    assertEquals(2, files.reads);
  }

  @Test
  void nothingIsReadOnTheThreadThatCounts() {
    Queue<Runnable> worker = new ArrayDeque<>();
    new CertificateWatch(List.of(files), worker::add, event -> {}).start(clock);
    clock.next();
    assertEquals(0, files.looks);
    worker.remove().run();
    assertEquals(1, files.looks);
    clock.next();
  }

  @Test
  void whereThereIsTooMuchToDoTheLookComesLater() {
    CertificateWatch watch =
        new CertificateWatch(
            List.of(files),
            task -> {
              throw new RejectedExecutionException();
            },
            event -> {});
    watch.start(clock);
    clock.next();
    clock.next();
    assertEquals(0, files.looks);
  }

  @Test
  void nobodyLooksAfterTheEnd() {
    CertificateWatch watch = new CertificateWatch(List.of(files), Runnable::run, event -> {});
    watch.start(clock);
    watch.stop();
    clock.next();
    assertTrue(clock.tasks.isEmpty());
  }

  @Test
  void filesWithoutIntervalAreReadByCallOnly() {
    Files silent = new Files(Optional.empty());
    CertificateWatch watch = new CertificateWatch(List.of(silent), Runnable::run, event -> {});
    assertFalse(watch.isNeeded());
    watch.start(clock);
    assertTrue(clock.tasks.isEmpty());
    watch.reloadAll();
    assertEquals(1, silent.reads);
  }

  @Test
  void aCallReadsEverythingAndSaysAllThatIsWrong() {
    Files other = new Files(Optional.empty());
    files.problems = List.of("a", "b");
    other.problems = List.of("c");
    CertificateWatch watch =
        new CertificateWatch(List.of(files, other), Runnable::run, event -> {});
    assertEquals(
        List.of("a", "b", "c"),
        assertThrows(InvalidSettingsException.class, watch::reloadAll).problems());
  }

  @Test
  void whatComesOfAChangeIsToldAndWhatIsWrongOnce() {
    List<ProxyEvent> told = new ArrayList<>();
    new CertificateWatch(List.of(files), Runnable::run, told::add).start(clock);
    files.changed = true;
    files.problems = List.of("a", "b");
    clock.next();
    clock.next();
    files.problems = List.of();
    clock.next();
    List<CertificateEvent> expected =
        List.of(
            new CertificateEvent(CertificateEvent.Kind.UNREADABLE, "a.pem", "a; b"),
            new CertificateEvent(CertificateEvent.Kind.CHANGED, "a.pem", ""));
    assertEquals(expected, told);
  }

  private static final class Files implements Reloadable {
    private final Optional<Duration> interval;
    private boolean changed;
    private List<String> problems = List.of();
    private int looks;
    private int reads;

    Files(Optional<Duration> interval) {
      this.interval = interval;
    }

    @Override
    public String subject() {
      return "a.pem";
    }

    @Override
    public boolean isChanged() {
      looks++;
      return changed;
    }

    @Override
    public Optional<Duration> reloadInterval() {
      return interval;
    }

    @Override
    public void reload() {
      reads++;
      if (!problems.isEmpty()) {
        throw new InvalidSettingsException(problems);
      }
    }
  }

  private static final class Clock implements Upstreams {
    private record Task(Duration delay, Runnable task) {}

    private final Queue<Task> tasks = new ArrayDeque<>();

    /** Runs what is to be run next, and says how long it had to wait. */
    Duration next() {
      Task next = tasks.remove();
      next.task.run();
      return next.delay;
    }

    @Override
    public void run(Runnable task) {
      task.run();
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
      tasks.add(new Task(delay, task));
      return () -> {};
    }

    @Override
    public void addresses(String host, Completion<List<InetAddress>> completion) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Runnable reach(
        Destination destination, Duration timeout, Completion<Destination> completion) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion) {
      throw new UnsupportedOperationException();
    }
  }
}
