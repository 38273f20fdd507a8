package io.tidegate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.log.AccessLog;
import io.tidegate.core.log.AccessLogSettings;
import io.tidegate.core.log.Outcomes;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listeners have let go stays counted whatever becomes of them. */
@Timeout(60)
class RetiredListenersTest {
  private final RetiredListeners retired = new RetiredListeners();

  /** A listener that has let so many exchanges go. */
  private static final class Slow implements ExchangeListener {
    private long dropped;

    Slow(long dropped) {
      this.dropped = dropped;
    }

    @Override
    public long dropped() {
      return dropped;
    }
  }

  @Test
  void whatOneThatIsGoneLetsGoCounts() {
    Slow first = new Slow(3);
    Slow second = new Slow(4);
    retired.change(List.of(first), List.of(second));
    assertEquals(7, retired.dropped(List.of(second)));
    first.dropped++;
    assertEquals(8, retired.dropped(List.of(second)));
  }

  @Test
  void nothingIsCountedTwiceWhileOneFollowsTheOther() {
    Slow first = new Slow(3);
    Slow second = new Slow(4);
    assertEquals(3, retired.dropped(List.of(first)));
    retired.change(List.of(first), List.of(second));
    assertEquals(3, retired.dropped(List.of(first)));
    retired.change(List.of(second), List.of(first));
    assertEquals(7, retired.dropped(List.of(first)));
  }

  @Test
  void theCountOfThoseThatAreForgottenStays() {
    Slow current = new Slow(1);
    long sum = 1;
    for (int i = 0; i < 100; i++) {
      Slow next = new Slow(2);
      sum += 2;
      retired.change(List.of(current), List.of(next));
      current = next;
      assertEquals(sum, retired.dropped(List.of(current)));
    }
  }

  @Test
  void oneThatHasComeBackCountsOnceHoweverManyGoAfterIt() {
    Slow first = new Slow(1000);
    retired.change(List.of(first), List.of());
    retired.change(List.of(), List.of(first));
    for (int i = 1; i <= 100; i++) {
      Slow other = new Slow(2);
      retired.change(List.of(first, other), List.of(first));
      assertEquals(1000 + 2 * i, retired.dropped(List.of(first)));
    }
  }

  @Test
  void aLogThatIsForgottenEndsWhateverItCouldNotWrite(@TempDir Path directory) throws Exception {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    AccessLogSettings settings = new AccessLogBuilder().file(gone.resolve("access.log")).settings();
    AccessLog log = AccessLog.of(settings, InstantSource.system(), event -> {});
    Files.delete(gone);
    log.completed(Outcomes.served("/"));
    List<ExchangeListener> before = List.of(log);
    for (int i = 0; i < 16; i++) {
      List<ExchangeListener> now = List.of(new Slow(0));
      retired.change(before, now);
      before = now;
    }
    assertEquals(List.of(log), retired.logs());
    assertEquals(0, log.dropped());
    retired.change(before, List.of());
    assertEquals(List.of(), retired.logs());
    Eventually.holds(() -> log.dropped() == 1);
  }
}
