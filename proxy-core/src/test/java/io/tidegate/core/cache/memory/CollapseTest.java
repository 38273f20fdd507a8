package io.tidegate.core.cache.memory;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.cache.CacheKey;
import io.tidegate.core.cache.KeyPolicy;
import io.tidegate.core.cache.TargetUri;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CollapseTest {
  private static final long PATIENCE = 5000;

  private final Collapse collapse = new Collapse(4711);
  private long now = 1_000_000;
  private final AtomicInteger told = new AtomicInteger();

  private static CacheKey key(String path) {
    RequestHead request = new RequestHead("GET", path, HttpVersion.HTTP_1_1, Fields.empty());
    Authority authority = requireNonNull(Authority.parseOrNull("a"));
    return KeyPolicy.DEFAULT.key(request, new TargetUri("http", authority, path), "", "");
  }

  private Collapse.Lead leads(String path) {
    return requireNonNull(collapse.lead(key(path), now, PATIENCE, () -> told.addAndGet(1000)));
  }

  private void follows(String path) {
    assertNull(collapse.lead(key(path), now, PATIENCE, told::incrementAndGet));
  }

  @Test
  void oneTakesOverFromALeaderWhoTakesTooLong() {
    Collapse.Lead slow = leads("/");
    now += PATIENCE - 1;
    follows("/");
    now += 1;
    Collapse.Lead next = leads("/");
    follows("/");
    slow.settle();
    assertEquals(1, told.get());
    follows("/");
    next.settle();
    assertEquals(3, told.get());
  }

  @Test
  void nobodyWaitsForWhatWasForNobodyElseTheLastTime() {
    now = 1_772_600_767_999L;
    assertFalse(collapse.isFutile(key("/"), now));
    collapse.learn(key("/"), false, now);
    assertTrue(collapse.isFutile(key("/"), now));
    assertTrue(collapse.isFutile(key("/"), now + 119_000));
    assertFalse(collapse.isFutile(key("/"), now + 120_000));
    assertFalse(collapse.isFutile(key("/other"), now));
    collapse.learn(key("/other"), true, now);
    assertTrue(collapse.isFutile(key("/"), now));
    collapse.learn(key("/"), true, now);
    assertFalse(collapse.isFutile(key("/"), now));
  }

  @Test
  void anotherKeyWithTheSameHashSaysNothing() {
    assertEquals(key("/Aa").hashCode(), key("/BB").hashCode());
    collapse.learn(key("/BB"), false, now);
    assertFalse(collapse.isFutile(key("/Aa"), now));
    assertTrue(collapse.isFutile(key("/BB"), now));
  }

  @Test
  void manyKeysThatAreForNobodyElseAreRemembered() {
    int remembered = 0;
    for (int i = 0; i < 1000; i++) {
      collapse.learn(key("/" + i), false, 0);
    }
    for (int i = 0; i < 1000; i++) {
      remembered += collapse.isFutile(key("/" + i), 0) ? 1 : 0;
    }
    assertTrue(remembered > 800, "remembered: " + remembered);
  }

  @Test
  void thoseWhoFollowAreToldOnceWhenTheLeaderHasSettled() {
    Collapse.Lead lead = leads("/");
    follows("/");
    follows("/");
    assertEquals(0, told.get());
    lead.settle();
    assertEquals(2, told.get());
    lead.settle();
    assertEquals(2, told.get());
  }

  @Test
  void oneWhoFailsKeepsNobodyFromBeingTold() {
    Collapse.Lead lead = leads("/");
    Runnable failing =
        () -> {
          throw new IllegalStateException("stopped");
        };
    assertNull(collapse.lead(key("/"), now, PATIENCE, failing));
    follows("/");
    lead.settle();
    assertEquals(1, told.get());
  }

  @Test
  void everyKeyHasItsOwnLeader() {
    leads("/1");
    leads("/2").settle();
    follows("/1");
    assertEquals(0, told.get());
  }

  @Test
  void whoComesAfterwardsLeads() {
    leads("/").settle();
    Collapse.Lead second = leads("/");
    follows("/");
    second.settle();
    assertEquals(1, told.get());
  }

  @Test
  void whoeverIsToldMayLeadAtOnce() {
    Collapse.Lead lead = leads("/");
    List<Collapse.Lead> next = new ArrayList<>();
    assertNull(collapse.lead(key("/"), now, PATIENCE, () -> next.add(leads("/"))));
    lead.settle();
    assertEquals(1, next.size());
    follows("/");
    lead.settle(); // of no effect on the one who leads now
    follows("/");
    assertEquals(0, told.get());
    next.get(0).settle();
    assertEquals(2, told.get());
  }

  @Test
  void nobodyWaitsForEverHoweverManyThreadsThereAre() throws Exception {
    int rounds = 20_000;
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tasks.add(() -> leadOrFollow(rounds));
    }
    int went = 0;
    for (Future<Integer> done : threads.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
      went += done.get();
    }
    threads.shutdown();
    assertEquals(3 * rounds, went);
  }

  private int leadOrFollow(int rounds) throws InterruptedException {
    int went = 0;
    Semaphore settled = new Semaphore(0);
    for (int i = 0; i < rounds; i++) {
      Collapse.Lead lead = collapse.lead(key("/"), now, PATIENCE, settled::release);
      if (lead != null) {
        lead.settle();
        went++;
      } else if (settled.tryAcquire(10, TimeUnit.SECONDS)) {
        went++;
      }
    }
    return went;
  }
}
