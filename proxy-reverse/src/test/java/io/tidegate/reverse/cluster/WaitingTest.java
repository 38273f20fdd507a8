package io.tidegate.reverse.cluster;

import static io.tidegate.reverse.cluster.Clusters.backup;
import static io.tidegate.reverse.cluster.Clusters.endpoint;
import static io.tidegate.reverse.cluster.Clusters.limits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.health.Down;
import io.tidegate.reverse.health.EndpointState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests wait for endpoints that have as many as they may. */
class WaitingTest {
  private final Endpoint a = endpoint("a");
  private final Endpoint b = endpoint("b");
  private final List<String> told = new ArrayList<>();

  private static Destinations exchange(Cluster cluster) {
    return cluster.destinations(Requests.get("h", "/"));
  }

  private Completion<Destination> teller(String name) {
    return new Completion<>() {
      @Override
      public void completed(Destination destination) {
        told.add(name + " " + destination.host());
      }

      @Override
      public void failed(Failure failure) {
        throw new AssertionError(failure);
      }
    };
  }

  private static @Nullable String next(Destinations exchange) {
    Destination next = exchange.next();
    return next == null ? null : next.host();
  }

  @Test
  void aFullEndpointIsPassedOver() {
    Cluster cluster = Clusters.cluster(limits(2, 9), a, b);
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      chosen.add(String.valueOf(next(exchange(cluster))));
    }
    assertEquals(List.of("a", "a", "b", "b", "null"), chosen);
  }

  @Test
  void whoCameFirstGetsThePlaceThatBecomesFree() {
    Cluster cluster = Clusters.cluster(limits(1, 9), a, b);
    Destinations one = exchange(cluster);
    Destinations two = exchange(cluster);
    Destination atA = one.next();
    Destination atB = two.next();
    for (String name : List.of("first", "second", "third")) {
      Destinations waiting = exchange(cluster);
      assertNull(waiting.next());
      assertTrue(waiting.hasMore());
      assertNotNull(waiting.await(teller(name)));
    }
    assertEquals(List.of(), told);
    two.finished(atB, null);
    assertEquals(List.of("first b"), told);
    one.finished(atA, null);
    assertEquals(List.of("first b", "second a"), told);
    assertEquals(1, a.activeRequests());
    assertEquals(1, b.activeRequests());
  }

  @Test
  void nobodyOvertakesThoseWhoWait() {
    Cluster cluster = Clusters.cluster(limits(1, 9), a);
    Destinations one = exchange(cluster);
    Destination atA = one.next();
    Destinations waiting = exchange(cluster);
    waiting.next();
    waiting.await(teller("waiting"));
    a.end(); // free, but the queue has not been told yet
    Destinations late = exchange(cluster);
    assertNull(late.next());
    late.await(teller("late"));
    assertEquals(List.of("waiting a"), told);
    a.begin(false);
    one.finished(atA, null);
    assertEquals(List.of("waiting a"), told);
  }

  @Test
  void whoWaitsForAnEndpointThatGoesDownGetsABackup() {
    Endpoint spare = Clusters.backup("spare");
    Cluster cluster = Clusters.cluster(limits(1, 9), a, spare);
    assertEquals("a", next(exchange(cluster)));
    Destinations waiting = exchange(cluster);
    assertNull(waiting.next());
    assertNotNull(waiting.await(teller("waiting")));
    assertEquals(List.of(), told);
    cluster.membership.change(() -> cluster.membership.become(a, Down.INSTANCE, "no probe passes"));
    assertEquals(List.of("waiting spare"), told);
  }

  @Test
  void aPlaceThatIsGivenBackGoesToTheNext() {
    Cluster cluster = Clusters.cluster(limits(1, 9), a);
    Destinations one = exchange(cluster);
    Destination atA = one.next();
    Destinations first = exchange(cluster);
    first.next();
    first.await(teller("first"));
    Destinations second = exchange(cluster);
    second.next();
    second.await(teller("second"));
    one.finished(atA, null);
    first.finished(atA, null);
    assertEquals(List.of("first a", "second a"), told);
    second.finished(atA, null);
    assertEquals(0, a.activeRequests());
  }

  @Test
  void whoHasGoneGetsNothing() {
    Cluster cluster = Clusters.cluster(limits(1, 9), a);
    Destinations one = exchange(cluster);
    Destination atA = one.next();
    Destinations gone = exchange(cluster);
    gone.next();
    gone.await(teller("gone")).withdrawal().run();
    one.finished(atA, null);
    assertEquals(List.of(), told);
    assertEquals("a", next(exchange(cluster)));
  }

  @Test
  void theWaitHasAnEndAndTellsWhenToComeBack() {
    Cluster cluster = Clusters.cluster(limits(1, 1), a);
    exchange(cluster).next();
    Destinations waiting = exchange(cluster);
    waiting.next();
    Destinations.Waiting place = waiting.await(teller("waiting"));
    assertEquals(Duration.ofMillis(2500), place.most());
    assertEquals(503, place.overdue().status());
    assertEquals(ProxyError.CONNECTION_LIMIT_REACHED, place.overdue().error());
    assertEquals("3", place.overdue().fields().first(FieldName.of("Retry-After")));
  }

  @Test
  void oneMoreThanMayWaitIsTurnedAwayAtOnce() {
    Cluster cluster = Clusters.cluster(limits(1, 1), a);
    Destinations one = exchange(cluster);
    Destination atA = one.next();
    Destinations waiting = exchange(cluster);
    waiting.next();
    waiting.await(teller("waiting"));
    Destinations tooMany = exchange(cluster);
    tooMany.next();
    Destinations.Waiting place = tooMany.await(teller("too many"));
    assertEquals(Duration.ZERO, place.most());
    assertEquals(503, place.overdue().status());
    assertEquals("3", place.overdue().fields().first(FieldName.of("Retry-After")));
    one.finished(atA, null);
    waiting.finished(atA, null);
    assertEquals(List.of("waiting a"), told);
  }

  @Test
  void withoutALimitNobodyWaits() {
    Cluster cluster = Clusters.cluster(limits(0, 9), a);
    for (int i = 0; i < 100; i++) {
      assertEquals("a", next(exchange(cluster)));
    }
    Destinations failed = exchange(cluster);
    failed.next();
    assertFalse(failed.hasMore());
    assertNull(failed.await(teller("failed")));
  }

  @Test
  void nobodyWaitsForAnEndpointThatHasFailedTheExchange() {
    Cluster cluster = Clusters.cluster(limits(1, 9), a, b);
    Destinations other = exchange(cluster);
    other.next();
    Destinations again = exchange(cluster);
    Destination atB = again.next();
    again.finished(atB, Failure.of(ProxyError.CONNECTION_REFUSED, "refused"));
    assertNull(again.next());
    assertNotNull(again.await(teller("again")));
    assertEquals(0, b.activeRequests());
    other.finished(a.destination(), null);
    assertEquals(List.of("again a"), told);
    assertFalse(again.hasMore());
  }

  @Test
  void anEndpointThatReturnsServesThoseWhoWait() {
    Cluster cluster = Clusters.cluster(limits(1, 9), a, b);
    b.state(EndpointState.DOWN);
    exchange(cluster).next();
    Destinations waiting = exchange(cluster);
    assertNull(waiting.next());
    waiting.await(teller("waiting"));
    b.state(EndpointState.HEALTHY);
    assertEquals(List.of("waiting b"), told);
  }

  @Test
  void aBackupIsNoReliefForEndpointsThatAreFull() {
    Cluster cluster = Clusters.cluster(limits(1, 9), a, backup("spare"));
    exchange(cluster).next();
    Destinations waiting = exchange(cluster);
    assertNull(waiting.next());
    waiting.await(teller("waiting"));
    assertEquals(List.of(), told);
  }

  @Test
  void aBackupIsUsedWhenAllOthersHaveFailedTheExchange() {
    Cluster cluster = Clusters.cluster(limits(1, 9), a, backup("spare"));
    Destinations exchange = exchange(cluster);
    Destination atA = exchange.next();
    exchange.finished(atA, Failure.of(ProxyError.CONNECTION_REFUSED, "refused"));
    assertEquals("spare", next(exchange));
    assertNull(exchange.next());
  }

  /** Each thread sends one request after the other; the queue hands endpoints between them. */
  @Test
  void manyThreadsNeverExceedTheLimitAndNobodyIsForgotten() throws Exception {
    Cluster cluster = Clusters.cluster(limits(2, 1000), a, b);
    AtomicInteger served = new AtomicInteger();
    AtomicInteger tooMany = new AtomicInteger();
    int threads = 8;
    int requests = 5000;
    CountDownLatch done = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < requests; i++) {
                  Destinations exchange = exchange(cluster);
                  Destination destination = take(exchange);
                  if (a.activeRequests() > 2 || b.activeRequests() > 2) {
                    tooMany.incrementAndGet();
                  }
                  served.incrementAndGet();
                  exchange.finished(destination, null);
                }
                done.countDown();
              });
      thread.setDaemon(true);
      thread.start();
    }
    assertTrue(done.await(60, TimeUnit.SECONDS), served + " served");
    assertEquals(threads * requests, served.get());
    assertEquals(0, tooMany.get());
    assertEquals(0, a.activeRequests() + b.activeRequests());
    assertFalse(cluster.waiting.isBusy());
  }

  private static Destination take(Destinations exchange) {
    Destination next = exchange.next();
    if (next != null) {
      return next;
    }
    CountDownLatch turn = new CountDownLatch(1);
    Destination[] given = new Destination[1];
    exchange.await(
        new Completion<>() {
          @Override
          public void completed(Destination destination) {
            given[0] = destination;
            turn.countDown();
          }

          @Override
          public void failed(Failure failure) {
            throw new AssertionError(failure);
          }
        });
    try {
      turn.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return given[0];
  }
}
