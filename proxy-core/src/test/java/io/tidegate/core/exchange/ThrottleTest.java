package io.tidegate.core.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.limit.TokenBucket;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Pace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sides that are held up, in a time of their own. */
class ThrottleTest {
  private static final long SECOND = 1_000_000_000;
  private static final long MILLI = 1_000_000;

  private final VirtualTime time = new VirtualTime();

  /** Timers that are up to two milliseconds late. */
  private static final class VirtualTime implements Throttle.Clock {
    private record Alarm(long at, Runnable task) {}

    private final PriorityQueue<Alarm> alarms =
        new PriorityQueue<>(Comparator.comparingLong(Alarm::at));
    private final Random random = new Random(7);
    private long now;
    private long timers;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public Runnable after(long millis, Runnable task) {
      timers++;
      return at(now + millis * MILLI + random.nextLong(2 * MILLI), task);
    }

    Runnable at(long due, Runnable task) {
      Alarm alarm = new Alarm(due, task);
      alarms.add(alarm);
      return () -> alarms.remove(alarm);
    }

    void runUntil(long end) {
      while (!alarms.isEmpty() && alarms.peek().at <= end) {
        Alarm next = alarms.remove();
        now = Math.max(now, next.at);
        next.task.run();
      }
      now = end;
    }
  }

  /** Shares a rate with others that have the same bucket. */
  private record Shared(TokenBucket bucket, long rate, long burst, VirtualTime time)
      implements Pace {
    @Override
    public long fromClient(int octets) {
      return Math.max(0, bucket.spend(time.now, octets * SECOND / rate) - burst);
    }

    @Override
    public long toClient(int octets) {
      return fromClient(octets);
    }

    @Override
    public Failure exhausted() {
      throw new AssertionError();
    }
  }

  /** A connection over which octets come faster than they may pass. */
  private final class Greedy implements Throttle.Side {
    private final Throttle throttle;
    private final int first;
    private int size;
    private long octets;

    Greedy(Pace pace, int first) {
      this.first = first;
      this.throttle = new Throttle(time, pace, pace::toClient, n -> size = n, this);
    }

    void start() {
      boolean holding = throttle.start();
      octets += first; // what had come already
      if (!throttle.passed(first) && !holding) {
        goOn();
      }
    }

    @Override
    public void goOn() {
      for (int i = 0; i < 1000; i++) {
        octets += size;
        if (throttle.passed(size)) {
          return;
        }
      }
      throw new AssertionError("nothing holds it up");
    }

    @Override
    public void cut(Failure reason) {
      throw new AssertionError();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // rate, connections, octets that had come when one began, by how much its part may be unfair
    "1000000, 1, 0, 0.01",
    "1000000, 1, 65536, 0.01",
    "1000000, 50, 0, 0.01",
    "1000000, 50, 65536, 0.01",
    "10000, 1, 4096, 0.01",
    "100000000, 1, 0, 0.01",
    "100000000, 50, 65536, 0.01",
    "1000000, 2, 0, 0.01",
    "1000000, 5, 65536, 0.01"
  })
  void aRateIsHeldAndSharedEvenly(long rate, int connections, int first, double unfair) {
    Pace pace = new Shared(new TokenBucket(0), rate, SECOND / 10, time);
    List<Greedy> all = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Greedy greedy = new Greedy(pace, first);
      all.add(greedy);
      time.at(i * 3 * MILLI, greedy::start);
    }
    time.runUntil(20 * SECOND);
    double total = all.stream().mapToLong(one -> one.octets).sum();
    double burst = 0.1 * rate + connections * Throttle.SMALLEST;
    assertEquals(20.0 * rate, total, Math.max(burst, 0.01 * total), "octets in 20 seconds");
    assertTrue(time.timers <= 20L * 50 * connections, () -> time.timers + " timers");

    long[] before = all.stream().mapToLong(one -> one.octets).toArray();
    time.runUntil(80 * SECOND);
    double share = 60.0 * rate / connections;
    for (int i = 0; i < connections; i++) {
      assertEquals(share, all.get(i).octets - before[i], share * unfair, "of one in a minute");
    }
  }

  @Test
  void whatArrivesWhileItIsHeldUpIsPaidForToo() {
    Pace pace = new Shared(new TokenBucket(0), 1_000_000, MILLI, time);
    List<Long> wentOn = new ArrayList<>();
    Throttle throttle =
        new Throttle(
            time,
            pace,
            pace::toClient,
            n -> {},
            new Throttle.Side() {
              @Override
              public void goOn() {
                wentOn.add(time.now);
              }

              @Override
              public void cut(Failure reason) {
                throw new AssertionError();
              }
            });
    assertFalse(throttle.start());
    assertTrue(throttle.passed(100_000));
    assertTrue(throttle.passed(200_000));
    time.runUntil(299 * MILLI - 1);
    assertEquals(List.of(), wentOn);
    time.runUntil(SECOND);
    assertEquals(1, wentOn.size());
    assertTrue(wentOn.get(0) < 305 * MILLI, wentOn::toString);
    assertFalse(throttle.isHolding());
  }

  @Test
  void nothingHappensAfterItWasClosed() {
    Pace pace = new Shared(new TokenBucket(0), 1_000_000, MILLI, time);
    Greedy greedy = new Greedy(pace, 100_000);
    greedy.start();
    assertTrue(greedy.throttle.isHolding());
    greedy.throttle.close();
    assertFalse(greedy.throttle.isHolding());
    time.runUntil(SECOND);
    assertEquals(100_000, greedy.octets);
  }
}
