package io.tidegate.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {
  private static final long START = 1_000_000;

  private final TimerWheel wheel = new TimerWheel(START);
  private final List<String> expired = new ArrayList<>();

  private final class Named extends TimerWheel.Deadline {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    protected void expired() {
      expired.add(name);
    }
  }

  /** Time passes tick by tick, as it does in a loop. */
  private void advance(long from, long to) {
    for (long now = from; now <= to; now += TimerWheel.TICK) {
      wheel.advance(now);
    }
  }

  @Test
  void aDeadlineExpiresOnceAndNotBeforeItsTime() {
    new Named("a").set(wheel, START + 500);
    wheel.advance(START + 400);
    wheel.advance(START + 499);
    assertEquals(List.of(), expired);
    wheel.advance(START + 500 + TimerWheel.TICK);
    assertEquals(List.of("a"), expired);
    advance(START + 700, START + 500_000);
    assertEquals(List.of("a"), expired);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 99, 100, 101, 5_000, 102_399, 102_400, 102_401, 250_000, 10_000_000})
  void aDeadlineExpiresWithinTwoTicks(long delay) {
    new Named("a").set(wheel, START + delay);
    advance(START, START + delay - 1);
    assertEquals(List.of(), expired);
    advance(START + delay, START + delay + 2 * TimerWheel.TICK);
    assertEquals(List.of("a"), expired);
  }

  @Test
  void puttingOffWorksHoweverOften() {
    Named deadline = new Named("a");
    for (long now = START; now < START + 300_000; now += 50) {
      deadline.set(wheel, now + 1000);
      wheel.advance(now);
    }
    assertEquals(List.of(), expired);
    advance(START + 300_000, START + 301_200);
    assertEquals(List.of("a"), expired);
  }

  @Test
  void bringingForwardWorks() {
    Named deadline = new Named("a");
    deadline.set(wheel, START + 60_000);
    deadline.set(wheel, START + 300);
    advance(START, START + 500);
    assertEquals(List.of("a"), expired);
  }

  @Test
  void cancelledAndSuspendedDeadlinesDoNotExpire() {
    Named cancelled = new Named("cancelled");
    Named suspended = new Named("suspended");
    cancelled.set(wheel, START + 300);
    suspended.set(wheel, START + 300);
    cancelled.cancel(wheel);
    suspended.suspend();
    advance(START, START + 1000);
    assertEquals(List.of(), expired);
    cancelled.cancel(wheel); // again does no harm
    cancelled.set(wheel, START + 2000);
    suspended.set(wheel, START + 2000);
    advance(START + 1100, START + 2200);
    assertEquals(2, expired.size());
  }

  @Test
  void whatIsDueMayBeSetAgainWhenItExpires() {
    TimerWheel.Deadline periodic =
        new TimerWheel.Deadline() {
          @Override
          protected void expired() {
            expired.add("tick");
            set(wheel, START + 1000L * (expired.size() + 1));
          }
        };
    periodic.set(wheel, START + 1000);
    advance(START, START + 5_200);
    assertEquals(5, expired.size());
  }

  @Test
  void oneThatExpiresMayCancelAnotherInItsSlot() {
    Named victim = new Named("victim");
    TimerWheel.Deadline first =
        new TimerWheel.Deadline() {
          @Override
          protected void expired() {
            victim.cancel(wheel);
            expired.add("first");
          }
        };
    victim.set(wheel, START + 300);
    first.set(wheel, START + 300); // slots are last in, first out
    advance(START, START + 1000);
    assertEquals(List.of("first"), expired);
  }

  @Test
  void whateverOneThrowsTheOthersInItsSlotExpire() {
    new Named("a").set(wheel, START + 500);
    TimerWheel.Deadline failing =
        new TimerWheel.Deadline() {
          @Override
          protected void expired() {
            throw new StackOverflowError();
          }
        };
    failing.set(wheel, START + 500);
    new Named("b").set(wheel, START + 500);
    wheel.advance(START + 500 + TimerWheel.TICK);
    assertEquals(List.of("b", "a"), expired);
  }

  @Test
  void nothingIsForgottenWhenTimeJumps() {
    for (int i = 0; i < 50; i++) {
      new Named("n").set(wheel, START + i * 10_000L);
    }
    wheel.advance(START + 3_600_000);
    assertEquals(50, expired.size());
  }

  @Test
  void anyMixtureExpiresInTime() {
    Random random = new Random(4);
    long[] due = new long[500];
    List<Integer> early = new ArrayList<>();
    long[] now = {START};
    TimerWheel.Deadline[] deadlines = new TimerWheel.Deadline[due.length];
    for (int i = 0; i < due.length; i++) {
      int index = i;
      deadlines[i] =
          new TimerWheel.Deadline() {
            @Override
            protected void expired() {
              if (due[index] > now[0] || due[index] < now[0] - 2 * TimerWheel.TICK) {
                early.add(index);
              }
              due[index] = Long.MAX_VALUE;
            }
          };
      due[i] = Long.MAX_VALUE;
    }
    for (; now[0] < START + 400_000; now[0] += random.nextInt(TimerWheel.TICK)) {
      wheel.advance(now[0]);
      int index = random.nextInt(due.length);
      if (random.nextInt(4) == 0) {
        deadlines[index].cancel(wheel);
        due[index] = Long.MAX_VALUE;
      } else {
        due[index] = now[0] + random.nextInt(random.nextBoolean() ? 1000 : 150_000);
        deadlines[index].set(wheel, due[index]);
      }
    }
    assertEquals(List.of(), early);
    for (long time : due) {
      assertEquals(true, time >= now[0] - 2 * TimerWheel.TICK);
    }
  }
}
