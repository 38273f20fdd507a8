package io.tidegate.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.CertificateEvent;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.testkit.Looks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CertificateWatchTest {
  private final Looks looks = new Looks();
  private final Files files = new Files(Optional.of(Duration.ofMillis(300)));

  @Test
  void filesAreLookedAtAgainAndAgain() {
    new CertificateWatch(List.of(files), Runnable::run, event -> {}).start(looks);
    assertEquals(Duration.ofMillis(300), looks.next());
    assertEquals(Duration.ofMillis(300), looks.next());
    assertEquals(2, files.looks);
    assertEquals(0, files.reads);
  }

  @Test
  void filesAreReadOnceWhenTheyHaveChanged() {
    new CertificateWatch(List.of(files), Runnable::run, event -> {}).start(looks);
    files.changed = true;
    looks.next();
    files.changed = false;
    looks.next();
    assertEquals(1, files.reads);
  }

  @Test
  void whatWillNotDoIsNotTheEndOfWatching() {
    new CertificateWatch(List.of(files), Runnable::run, event -> {}).start(looks);
    files.changed = true;
    files.problems = List.of("a");
    looks.next();
    looks.next();
    assertEquals(2, files.reads);
  }

  @Test
  void nothingIsReadOnTheThreadThatCounts() {
    Queue<Runnable> worker = new ArrayDeque<>();
    new CertificateWatch(List.of(files), worker::add, event -> {}).start(looks);
    looks.next();
    assertEquals(0, files.looks);
    worker.remove().run();
    assertEquals(1, files.looks);
    looks.next();
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
    watch.start(looks);
    looks.next();
    looks.next();
    assertEquals(0, files.looks);
  }

  @Test
  void nobodyLooksAfterTheEnd() {
    CertificateWatch watch = new CertificateWatch(List.of(files), Runnable::run, event -> {});
    watch.start(looks);
    watch.stop();
    looks.next();
    assertTrue(looks.areOver());
  }

  @Test
  void filesWithoutIntervalAreReadByCallOnly() {
    Files silent = new Files(Optional.empty());
    CertificateWatch watch = new CertificateWatch(List.of(silent), Runnable::run, event -> {});
    assertFalse(watch.isNeeded());
    watch.start(looks);
    assertTrue(looks.areOver());
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
    new CertificateWatch(List.of(files), Runnable::run, told::add).start(looks);
    files.changed = true;
    files.problems = List.of("a", "b");
    looks.next();
    looks.next();
    files.problems = List.of();
    looks.next();
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
}
