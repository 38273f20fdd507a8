package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.health.HealthSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Endpoints that come and go. */
class MembershipTest {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final Cluster cluster =
      new Cluster(
          "c",
          List.of(endpoint("a"), endpoint("b")),
          LoadBalancers.leastRequests(),
          BalanceSettings.DEFAULT,
          HealthSettings.DEFAULT,
          List.of(this::told),
          new AffinityTokens(new byte[16], "c"),
          Clusters.DIRECT,
          () -> 0,
          () -> ThreadLocalRandom.current().nextLong());

  /** Thrown by the listener when it is told of something, once; null for nothing. */
  private @Nullable Error thrown;

  private void told(ClusterEvent event) {
    events.add(event.kind() + " " + event.endpoint());
    Error now = thrown;
    thrown = null;
    if (now != null) {
      throw now;
    }
  }

  private static Destination destination(String host) {
    return new Destination(false, host, 80, null);
  }

  private static Endpoint endpoint(String host) {
    return new Endpoint(destination(host), 1, Placement.DEFAULT);
  }

  private Endpoint find(String host) {
    return cluster.membership.named(destination(host)).get(0);
  }

  private List<String> hosts() {
    return cluster.membership.members().all().stream().map(e -> e.destination().host()).toList();
  }

  private static CompletableFuture<Void> future(CompletionStage<Void> stage) {
    return stage.toCompletableFuture();
  }

  private List<String> takeEvents() {
    List<String> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  @Test
  void anAddedEndpointGetsRequests() {
    cluster.membership.add(cluster, endpoint("c"));
    assertEquals(List.of("a", "b", "c"), hosts());
    assertTrue(cluster.membership.members().selectable().contains(find("c")));
    assertEquals(List.of("ADDED http://c:80"), events);
  }

  @Test
  void anEndpointThatIsAddedAgainStaysWhatItIsWithItsNewWeight() {
    Endpoint first = find("a");
    first.begin(false);
    cluster.membership.add(cluster, new Endpoint(destination("a"), 7, Placement.DEFAULT));
    assertSame(first, find("a"));
    assertEquals(7, first.weight());
    assertEquals(1, first.activeRequests());
    assertEquals(List.of(), events);
  }

  @Test
  void whateverAListenerThrowsWhatHappensNextIsToldAndDrainsEnd() {
    thrown = new NoClassDefFoundError("gone");
    cluster.membership.add(cluster, endpoint("c"));
    CompletableFuture<Void> idle = future(cluster.membership.drain(find("c"), false));
    assertTrue(idle.isDone());
    assertEquals(
        List.of("ADDED http://c:80", "DRAINING http://c:80", "DRAINED http://c:80"), events);
  }

  @Test
  void aDrainingEndpointFinishesWhatItHas() {
    Endpoint draining = find("a");
    assertTrue(draining.begin(false));
    assertTrue(draining.begin(false));
    CompletableFuture<Void> idle = future(cluster.membership.drain(draining, false));
    assertEquals(EndpointState.DRAINING, draining.state());
    assertEquals(List.of(find("b")), cluster.membership.members().selectable());
    assertFalse(draining.begin(false));
    draining.end();
    assertFalse(idle.isDone());
    draining.end();
    assertTrue(idle.isDone());
    assertEquals(List.of("a", "b"), hosts());
    assertEquals(List.of("DRAINING http://a:80", "DRAINED http://a:80"), events);
  }

  @Test
  void anExchangeThatHadChosenItBeforeGoesElsewhere() {
    Destinations destinations = cluster.destinations(Requests.get("h", "/"));
    cluster.membership.drain(find("a"), false);
    assertEquals("b", destinations.next().host());
    assertNull(destinations.next());
    assertEquals(0, find("a").activeRequests());
  }

  @Test
  void anIdleEndpointIsDrainedAtOnce() {
    assertTrue(future(cluster.membership.drain(find("a"), false)).isDone());
    assertTrue(future(cluster.membership.drain(find("a"), false)).isDone());
    assertEquals(List.of("DRAINING http://a:80", "DRAINED http://a:80"), events);
  }

  @Test
  void aDrainCanBeCalledOff() {
    Endpoint draining = find("a");
    draining.begin(false);
    CompletableFuture<Void> idle = future(cluster.membership.drain(draining, false));
    cluster.membership.resume(draining);
    assertTrue(idle.isCompletedExceptionally());
    assertEquals(EndpointState.HEALTHY, draining.state());
    draining.end();
    assertEquals(List.of("DRAINING http://a:80", "RESUMED http://a:80"), events);
    cluster.membership.resume(draining);
    assertEquals(2, events.size());
  }

  @Test
  void aRemovedEndpointGoesWhenItIsIdle() {
    Endpoint leaving = find("a");
    leaving.begin(false);
    CompletableFuture<Void> idle = future(cluster.membership.remove(leaving));
    assertEquals(List.of("b", "a"), hosts());
    cluster.membership.resume(leaving);
    assertEquals(EndpointState.DRAINING, leaving.state());
    leaving.end();
    assertTrue(idle.isDone());
    assertEquals(List.of("b"), hosts());
    assertEquals(
        List.of("DRAINING http://a:80", "DRAINED http://a:80", "REMOVED http://a:80"), events);
  }

  @Test
  void anEndpointThatComesBackBeforeItHasGoneStaysWhatItIs() {
    Endpoint leaving = find("a");
    leaving.begin(false);
    cluster.membership.remove(leaving);
    cluster.membership.add(cluster, endpoint("a"));
    assertSame(leaving, find("a"));
    assertEquals(EndpointState.HEALTHY, leaving.state());
    leaving.end();
    assertEquals(List.of("b", "a"), hosts());
    assertEquals(List.of("DRAINING http://a:80", "RESUMED http://a:80"), events);
  }

  @Test
  void anEndpointThatComesBackAfterwardsIsNew() {
    Endpoint gone = find("a");
    cluster.membership.remove(gone);
    cluster.membership.add(cluster, endpoint("a"));
    assertNotSame(gone, find("a"));
  }

  @Test
  void whatIsRemovedAtOnceIsNotWaitedFor() {
    Endpoint leaving = find("a");
    leaving.begin(false);
    CompletableFuture<Void> idle = future(cluster.membership.drain(leaving, false));
    takeEvents();
    cluster.membership.removeNow(leaving);
    assertEquals(List.of("b"), hosts());
    assertEquals(List.of("REMOVED http://a:80"), takeEvents());
    assertFalse(idle.isDone());
    leaving.end();
    assertTrue(idle.isDone());
    assertEquals(List.of("DRAINED http://a:80"), events);
  }

  @Test
  void anIdleEndpointThatIsRemovedAtOnceIsToldOfOnce() {
    cluster.membership.removeNow(find("a"));
    assertEquals(
        List.of("DRAINING http://a:80", "DRAINED http://a:80", "REMOVED http://a:80"), events);
  }

  @Test
  void sessionsMayOutliveADrainButNotARemoval() {
    Endpoint draining = find("a");
    cluster.membership.drain(draining, true);
    assertTrue(draining.health().takesRequests(true));
    assertFalse(draining.health().takesRequests(false));
    CompletableFuture<Void> idle = future(cluster.membership.remove(draining));
    assertFalse(draining.health().takesRequests(true));
    assertTrue(idle.isDone());
  }

  @Test
  void aSourceThatNamesOthersReplacesItsOwnAlone() {
    Object source = new Object();
    cluster.membership.begin(source, List.of());
    cluster.membership.update(source, List.of(endpoint("b"), endpoint("c"), endpoint("c")));
    assertEquals(List.of("a", "b", "c"), hosts());
    assertEquals(List.of("ADDED http://c:80"), takeEvents());
    cluster.membership.update(source, List.of(endpoint("d")));
    assertEquals(List.of("a", "b", "d"), hosts());
    assertEquals(
        List.of(
            "ADDED http://d:80",
            "DRAINING http://c:80",
            "DRAINED http://c:80",
            "REMOVED http://c:80"),
        events);
  }

  @Test
  void addressesOfOneNameAreEndpointsOfTheirOwn() throws Exception {
    Destination name = destination("app");
    Object source = new Object();
    cluster.membership.begin(source, List.of());
    List<Endpoint> addresses = new ArrayList<>();
    for (String address : List.of("10.0.0.1", "10.0.0.2")) {
      addresses.add(new Endpoint(name.at(InetAddress.getByName(address)), 1, Placement.DEFAULT));
    }
    cluster.membership.update(source, addresses);
    assertEquals(
        List.of("ADDED http://app:80 at 10.0.0.1", "ADDED http://app:80 at 10.0.0.2"), events);
  }

  @Test
  void aListenerMayChangeTheCluster() {
    List<String> told = new ArrayList<>();
    Membership[] own = new Membership[1];
    own[0] =
        new Membership(
            "c",
            HealthSettings.DEFAULT,
            List.of(
                event -> {
                  told.add(event.kind() + " " + event.endpoint());
                  if (event.endpoint().equals("http://a:80")) {
                    own[0].add(told, endpoint("b"));
                  }
                },
                event -> {
                  throw new IllegalStateException("a listener that fails");
                }),
            () -> 0,
            endpoint -> {});
    own[0].add(told, endpoint("a"));
    assertEquals(List.of("ADDED http://a:80", "ADDED http://b:80"), told);
  }

  /** While others send requests, an endpoint that is idle gets none any more. */
  @Test
  void noRequestIsBegunAtAnEndpointThatWasFoundIdle() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger inService = new AtomicInteger();
    Endpoint draining = find("a");
    try {
      List<Future<?>> senders = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        senders.add(threads.submit(() -> send(draining, stop, inService)));
      }
      for (int i = 0; i < 200; i++) {
        future(cluster.membership.drain(draining, false)).get(10, TimeUnit.SECONDS);
        for (int look = 0; look < 100; look++) {
          assertEquals(0, inService.get());
        }
        cluster.membership.resume(draining);
      }
      stop.set(true);
      for (Future<?> sender : senders) {
        sender.get();
      }
    } finally {
      stop.set(true);
      threads.shutdown();
    }
    assertEquals(0, draining.activeRequests());
    assertEquals(List.of("a", "b"), hosts());
  }

  private void send(Endpoint watched, AtomicBoolean stop, AtomicInteger inService) {
    while (!stop.get()) {
      Destinations destinations = cluster.destinations(Requests.get("h", "/"));
      Destination to = destinations.next();
      int one = to.equals(watched.destination()) ? 1 : 0;
      inService.addAndGet(one);
      inService.addAndGet(-one);
      destinations.finished(to, null);
    }
  }

  @Test
  void endpointsMadeBeforeAReloadAreSpokenToAsTheClusterNowSays() {
    Consumer<List<Endpoint>> source = cluster.source();
    Cluster described = Clusters.cluster(BalanceSettings.DEFAULT, endpoint("a"), endpoint("b"));
    cluster.become(described, (place, name) -> place.speaking(UpstreamHttp.HTTP_2));
    Destination spoken = find("b").destination();
    source.accept(List.of(endpoint("b"), endpoint("c")));
    cluster.add(endpoint("d"));
    cluster.follow(endpoint("e"), Duration.ofSeconds(1));
    for (String host : List.of("a", "b", "c", "d", "e")) {
      assertEquals(UpstreamHttp.HTTP_2, find(host).destination().http(), host);
    }
    assertSame(spoken, find("b").destination());
  }

  @Test
  void whatABecomingClusterTellsIsHeardWhenAllIsChanged() {
    Cluster described = Clusters.cluster(BalanceSettings.DEFAULT, endpoint("a"), endpoint("c"));
    cluster.become(described, (place, name) -> place);
    assertEquals(List.of(), takeEvents());
    cluster.tell();
    assertEquals(
        List.of(
            "ADDED http://c:80",
            "DRAINING http://b:80",
            "DRAINED http://b:80",
            "REMOVED http://b:80"),
        takeEvents());
  }
}
