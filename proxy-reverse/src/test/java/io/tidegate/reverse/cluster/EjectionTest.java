package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.Candidates;
import io.tidegate.reverse.health.EjectionSettings;
import io.tidegate.reverse.health.EjectionSettings.FailureRate;
import io.tidegate.reverse.health.EjectionSettings.Slowness;
import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.health.HealthSettings;
import io.tidegate.reverse.health.StatusRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What requests tell about endpoints, with a clock that is set by hand and chance at its lowest.
 */
class EjectionTest {
  private static final Failure REFUSED = Failure.of(ProxyError.CONNECTION_REFUSED, "refused");
  private static final Failure LEFT = Failure.badRequest(499, "the client went away");
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;

  private final List<String> events = new ArrayList<>();
  private long now = 7 * SECOND;
  private int panicBelow;
  private Optional<FailureRate> rate = Optional.empty();
  private Optional<Slowness> slowness = Optional.empty();
  private int consecutive = 3;

  private Cluster cluster(int size) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      endpoints.add(new Endpoint(new Destination(false, "e" + i, 80, null), 1, Placement.DEFAULT));
    }
    EjectionSettings ejection =
        new EjectionSettings(
            consecutive,
            List.of(new StatusRange(500, 599)),
            rate,
            slowness,
            50,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60));
    return new Cluster(
        "c",
        endpoints,
        EjectionTest::leastLoaded,
        BalanceSettings.DEFAULT,
        new HealthSettings(Optional.empty(), Optional.of(ejection), panicBelow),
        List.of(event -> events.add(event.kind() + " " + event.endpoint() + ": " + event.detail())),
        new AffinityTokens(new byte[16], "c"),
        Clusters.DIRECT,
        () -> now,
        () -> 0);
  }

  /** The first of those with the fewest active requests. */
  private static int leastLoaded(Candidates candidates, RandomGenerator random) {
    int best = 0;
    for (int i = 1; i < candidates.size(); i++) {
      best = candidates.activeRequests(i) < candidates.activeRequests(best) ? i : best;
    }
    return best;
  }

  private static Endpoint endpoint(Cluster cluster, int index) {
    return cluster.membership.members().all().get(index);
  }

  private static EndpointState state(Cluster cluster, int index) {
    return endpoint(cluster, index).state();
  }

  private static void end(Cluster cluster, int index, int status, Failure failure, int times) {
    for (int i = 0; i < times; i++) {
      cluster.monitor().finished(endpoint(cluster, index), status, failure);
    }
  }

  private static Set<String> selected(Cluster cluster) {
    Set<String> hosts = new TreeSet<>();
    for (int i = 0; i < 8; i++) {
      hosts.add(cluster.destinations(Requests.get("h", "/")).next().host());
    }
    return hosts;
  }

  private static List<String> tried(Cluster cluster) {
    List<String> hosts = new ArrayList<>();
    Destinations destinations = cluster.destinations(Requests.get("h", "/"));
    for (Destination next = destinations.next(); next != null; next = destinations.next()) {
      hosts.add(next.host());
      destinations.finished(next, LEFT);
    }
    return hosts;
  }

  @Test
  void failuresInARowEject() {
    Cluster cluster = cluster(2);
    end(cluster, 0, 0, REFUSED, 2);
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
    end(cluster, 0, 503, null, 1);
    assertEquals(EndpointState.EJECTED, state(cluster, 0));
    assertEquals(Set.of("e1"), selected(cluster));
    assertEquals(
        List.of("EJECTED http://e0:80: 3 failures in a row, the last: status 503"), events);
  }

  @Test
  void oneSuccessEndsTheRow() {
    Cluster cluster = cluster(2);
    end(cluster, 0, 0, REFUSED, 2);
    end(cluster, 0, 404, null, 1);
    end(cluster, 0, 0, REFUSED, 2);
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
  }

  @Test
  void whatTheClientCausesDoesNotCount() {
    Cluster cluster = cluster(2);
    end(cluster, 0, 0, REFUSED, 2);
    end(cluster, 0, 0, LEFT, 5);
    end(cluster, 0, 200, LEFT, 5);
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
    end(cluster, 0, 0, REFUSED, 1);
    assertEquals(EndpointState.EJECTED, state(cluster, 0));
  }

  @Test
  void aResponseThatBreaksOffIsAFailure() {
    Cluster cluster = cluster(2);
    end(cluster, 0, 200, Failure.of(ProxyError.HTTP_RESPONSE_INCOMPLETE, "broken"), 3);
    assertEquals(EndpointState.EJECTED, state(cluster, 0));
  }

  @Test
  void whatTheRequestsOfAnExchangeTellIsHeard() {
    Cluster cluster = cluster(2);
    for (int i = 0; i < 3; i++) {
      Destinations destinations = cluster.destinations(Requests.get("h", "/"));
      Destination to = destinations.next();
      destinations.responded(to, new ResponseHead(HttpVersion.HTTP_1_1, 500, "", Fields.empty()));
      destinations.finished(to, null);
    }
    assertEquals(EndpointState.EJECTED, state(cluster, 0));
    assertEquals(0, endpoint(cluster, 0).activeRequests());
  }

  @Test
  void theOnlyEndpointIsNeverEjected() {
    Cluster cluster = cluster(1);
    end(cluster, 0, 0, REFUSED, 100);
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
  }

  @Test
  void halfOfTheEndpointsCanBeEjected() {
    Cluster cluster = cluster(4);
    for (int i = 0; i < 4; i++) {
      end(cluster, i, 0, REFUSED, 3);
    }
    assertEquals(Set.of("e2", "e3"), selected(cluster));
  }

  @Test
  void anExchangeTriesTheEjectedOnesLast() {
    Cluster cluster = cluster(3);
    end(cluster, 0, 0, REFUSED, 3);
    assertEquals(List.of("e1", "e2", "e0"), tried(cluster));
  }

  @Test
  void afterItsTimeItGetsOneRequestAtATime() {
    Cluster cluster = cluster(2);
    end(cluster, 0, 0, REFUSED, 3);
    now += 10 * SECOND - 1;
    cluster.monitor().look();
    assertEquals(EndpointState.EJECTED, state(cluster, 0));
    now += 1;
    cluster.monitor().look();
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
    List<String> hosts = new ArrayList<>();
    Destinations trial = cluster.destinations(Requests.get("h", "/"));
    Destination first = trial.next();
    for (int i = 0; i < 3; i++) {
      hosts.add(cluster.destinations(Requests.get("h", "/")).next().host());
    }
    assertEquals("e0", first.host());
    assertEquals(List.of("e1", "e1", "e1"), hosts);
    trial.finished(first, null);
    assertEquals("e0", cluster.destinations(Requests.get("h", "/")).next().host());
  }

  @Test
  void aTrialThatSucceedsGivesItItsShareBack() {
    Cluster cluster = cluster(2);
    end(cluster, 0, 0, REFUSED, 3);
    now += 10 * SECOND;
    cluster.monitor().look();
    end(cluster, 0, 200, null, 3);
    end(cluster, 0, 0, REFUSED, 2);
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
    assertEquals(
        List.of(
            "EJECTED http://e0:80: 3 failures in a row, the last: connection_refused",
            "RETURNED http://e0:80: "),
        events);
  }

  @Test
  void oneFailureOnTrialEjectsItForLonger() {
    Cluster cluster = cluster(2);
    end(cluster, 0, 0, REFUSED, 3);
    now += 10 * SECOND;
    cluster.monitor().look();
    end(cluster, 0, 0, REFUSED, 1);
    now += 20 * SECOND - 1;
    cluster.monitor().look();
    assertEquals(EndpointState.EJECTED, state(cluster, 0));
    now += 1;
    cluster.monitor().look();
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
    assertEquals("EJECTED http://e0:80: on trial: connection_refused", events.get(2));
  }

  @Test
  void whatFailsWhileItIsEjectedDoesNotProlongThat() {
    Cluster cluster = cluster(2);
    end(cluster, 0, 0, REFUSED, 30);
    now += 10 * SECOND;
    cluster.monitor().look();
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
  }

  @Test
  void aShareOfFailuresEjects() {
    consecutive = 0;
    rate = Optional.of(new FailureRate(50, 10, Duration.ofSeconds(10)));
    Cluster cluster = cluster(2);
    end(cluster, 0, 200, null, 5);
    end(cluster, 0, 500, null, 4);
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
    end(cluster, 0, 500, null, 1);
    assertEquals(
        List.of("EJECTED http://e0:80: 5 of 10 requests failed, the last: status 500"), events);
  }

  @Test
  void failuresOfLongAgoDoNotCount() {
    consecutive = 0;
    rate = Optional.of(new FailureRate(50, 10, Duration.ofSeconds(10)));
    Cluster cluster = cluster(2);
    end(cluster, 0, 500, null, 9);
    now += 10 * SECOND;
    end(cluster, 0, 500, null, 9);
    assertEquals(EndpointState.HEALTHY, state(cluster, 0));
  }

  private static void answer(Cluster cluster, int index, long nanos, int times) {
    for (int i = 0; i < times; i++) {
      cluster.monitor().answeredAfter(endpoint(cluster, index), nanos);
    }
  }

  @Test
  void anEndpointThatIsSlowBesideTheOthersIsEjected() {
    slowness = Optional.of(new Slowness(5, 10));
    Cluster cluster = cluster(4);
    answer(cluster, 0, 10 * MILLI, 10);
    answer(cluster, 1, 50 * MILLI, 10);
    answer(cluster, 2, 10 * MILLI, 10);
    answer(cluster, 3, 49 * MILLI, 10);
    cluster.monitor().compare();
    assertEquals(
        List.of("EJECTED http://e1:80: answers after 50.0 ms, the median: 10.0 ms"), events);
  }

  @Test
  void slownessNeedsEnoughRequestsSinceTheLastLook() {
    slowness = Optional.of(new Slowness(5, 10));
    Cluster cluster = cluster(3);
    answer(cluster, 0, 10 * MILLI, 10);
    answer(cluster, 1, 10 * MILLI, 10);
    answer(cluster, 2, 90 * MILLI, 9);
    cluster.monitor().compare();
    answer(cluster, 0, 10 * MILLI, 10);
    answer(cluster, 1, 10 * MILLI, 10);
    answer(cluster, 2, 90 * MILLI, 9);
    cluster.monitor().compare();
    assertEquals(List.of(), events);
  }

  @Test
  void theTimeToTheHeadIsThatOfTheAttempt() {
    slowness = Optional.of(new Slowness(5, 1));
    Cluster cluster = cluster(2);
    Destinations destinations = cluster.destinations(Requests.get("h", "/"));
    Destination to = destinations.next();
    now += 30 * MILLI;
    destinations.responded(to, new ResponseHead(HttpVersion.HTTP_1_1, 200, "", Fields.empty()));
    assertEquals(30.0 * MILLI, endpoint(cluster, 0).health().outcomes.meanNanos());
  }

  @Test
  void requestsTellNothingIfTheyAreNotToBeHeard() {
    Cluster deaf =
        new Cluster(
            "c",
            cluster(2).membership.members().all(),
            LoadBalancers.random(),
            BalanceSettings.DEFAULT,
            new HealthSettings(Optional.empty(), Optional.empty(), 0),
            List.of(),
            new AffinityTokens(new byte[16], "c"),
            Clusters.DIRECT,
            () -> now,
            () -> 0);
    end(deaf, 0, 0, REFUSED, 100);
    assertEquals(EndpointState.HEALTHY, state(deaf, 0));
  }

  @Test
  void tooFewAvailableEndpointsAreReasonToUseAll() {
    panicBelow = 60;
    Cluster cluster = cluster(2);
    end(cluster, 0, 0, REFUSED, 3);
    assertEquals(Set.of("e0", "e1"), selected(cluster));
    now += 10 * SECOND;
    cluster.monitor().look();
    assertEquals("PANIC_BEGAN : 1 of 2 endpoints are available", events.get(1));
    assertEquals("PANIC_ENDED : 2 of 2 endpoints are available", events.get(3));
  }

  @Test
  void aDrainingEndpointIsNotUsedEvenThen() {
    panicBelow = 100;
    Cluster cluster = cluster(2);
    cluster.membership.drain(endpoint(cluster, 0), false);
    end(cluster, 1, 0, REFUSED, 10);
    assertEquals(Set.of("e1"), selected(cluster));
    assertEquals(List.of("e1"), tried(cluster));
  }

  @Test
  void whenAllDrainThereIsNone() {
    Cluster cluster = cluster(1);
    cluster.membership.drain(endpoint(cluster, 0), false);
    assertNull(cluster.destinations(Requests.get("h", "/")).next());
  }
}
