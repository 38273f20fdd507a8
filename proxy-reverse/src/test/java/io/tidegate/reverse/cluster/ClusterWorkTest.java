package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.health.HealthCheckSettings;
import io.tidegate.reverse.health.HealthSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cluster does beside the exchanges, with time and network in the hand of the test. */
class ClusterWorkTest {
  private final Network network = new Network();
  private long now = -3_000_000_000L;

  private Cluster cluster(HealthSettings health, String... hosts) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String host : hosts) {
      endpoints.add(new Endpoint(destination(host), 1, Placement.DEFAULT));
    }
    return new Cluster(
        "c",
        endpoints,
        LoadBalancers.random(),
        BalanceSettings.DEFAULT,
        health,
        List.of(),
        new AffinityTokens(new byte[16], "c"),
        Clusters.DIRECT,
        () -> now,
        () -> 0);
  }

  private static HealthSettings probing() {
    return new HealthSettings(Optional.of(HealthCheckSettings.DEFAULT), Optional.empty(), 0);
  }

  private static Destination destination(String host) {
    return new Destination(false, host, 80, null);
  }

  private void pass(int millis) {
    for (int i = 0; i < millis; i += 100) {
      now += TimeUnit.MILLISECONDS.toNanos(100);
      network.tick();
    }
  }

  private static InetAddress[] addresses(String... literals) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[literals.length];
    for (int i = 0; i < literals.length; i++) {
      addresses[i] = InetAddress.getByName(literals[i]);
    }
    return addresses;
  }

  private static List<String> names(Cluster cluster) {
    return cluster.endpoints().stream().map(EndpointStatus::endpoint).toList();
  }

  @Test
  void theFirstProbesAreSpreadOverASecond() {
    cluster(probing(), "a", "b", "c", "d").work().start(network);
    assertEquals(1, network.asked.size());
    pass(400);
    assertEquals(2, network.asked.size());
    pass(600);
    assertEquals(4, network.asked.size());
  }

  @Test
  void anEndpointIsNotProbedWhileAProbeIsUnderWay() {
    cluster(probing(), "a").work().start(network);
    pass(60_000);
    assertEquals(1, network.asked.size());
    network.answer(200);
    pass(100);
    assertEquals(1, network.asked.size());
  }

  @Test
  void theNextProbeIsDueAnIntervalAfterTheBeginOfTheLast() {
    cluster(probing(), "a").work().start(network);
    network.answer(200);
    pass(100); // the second one comes anywhere within the interval: here at its begin
    network.answer(200);
    pass(4400); // an interval less the jitter, at its shortest
    assertEquals(0, network.asked.size());
    pass(100);
    assertEquals(1, network.asked.size());
  }

  @ParameterizedTest
  @CsvSource({"CONNECTION_REFUSED, DOWN", "PROXY_CONFIGURATION_ERROR, HEALTHY"})
  void aProbeThatWeCannotMakeIsNotHeldAgainstTheEndpoint(ProxyError error, EndpointState state) {
    Cluster cluster = cluster(probing(), "a");
    cluster.work().start(network);
    for (int i = 0; i < 3; i++) {
      network.fail(error);
      pass(12_000);
    }
    assertEquals(state, cluster.endpoints().get(0).state());
  }

  @Test
  void anAddedEndpointIsProbedAndARemovedOneIsNot() {
    Cluster cluster = cluster(probing(), "a");
    cluster.work().start(network);
    cluster.add(new Endpoint(destination("b"), 1, Placement.DEFAULT));
    cluster.removeNow(destination("a"));
    pass(100);
    assertEquals("b", network.asked.peekLast().inquiry.destination().host());
    assertTrue(network.asked.peekFirst().abandoned);
  }

  @Test
  void whatIsUnderWayIsGivenUpWhenTheProxyStops() {
    Background work = cluster(probing(), "a").work();
    work.start(network);
    work.stop();
    assertTrue(network.asked.peek().abandoned);
    pass(60_000);
    assertEquals(1, network.asked.size());
  }

  @Test
  void everyAddressOfANameIsAnEndpoint() throws Exception {
    Cluster cluster = cluster(HealthSettings.DEFAULT);
    cluster.follow(new Endpoint(destination("app"), 3, Placement.DEFAULT), Duration.ofSeconds(30));
    assertEquals(List.of("http://app:80"), names(cluster));
    cluster.work().start(network);
    network.resolve(addresses("10.0.0.1", "fd00::1", "10.0.0.1"));
    assertEquals(
        List.of("http://app:80 at 10.0.0.1", "http://app:80 at fd00:0:0:0:0:0:0:1"),
        names(cluster));
    assertEquals(3, cluster.endpoints().get(0).weight());
    assertEquals("app", cluster.destinations(Requests.get("h", "/")).next().host());
  }

  @Test
  void addressesThatStayKeepWhatIsKnownAboutThem() throws Exception {
    Cluster cluster = cluster(HealthSettings.DEFAULT);
    cluster.follow(new Endpoint(destination("app"), 1, Placement.DEFAULT), Duration.ofSeconds(30));
    cluster.work().start(network);
    network.resolve(addresses("10.0.0.1", "10.0.0.2"));
    Endpoint first = cluster.membership.members().all().get(0);
    first.begin(false);
    pass(29_900);
    assertEquals(0, network.lookUps.size());
    pass(100);
    network.resolve(addresses("10.0.0.3", "10.0.0.1"));
    assertEquals(List.of("http://app:80 at 10.0.0.3", "http://app:80 at 10.0.0.1"), names(cluster));
    assertEquals(first, cluster.membership.members().all().get(1));
  }

  @Test
  void addressesStayWhenTheLookUpFails() throws Exception {
    Cluster cluster = cluster(HealthSettings.DEFAULT);
    cluster.follow(new Endpoint(destination("app"), 1, Placement.DEFAULT), Duration.ofSeconds(30));
    cluster.work().start(network);
    network.resolve(addresses("10.0.0.1"));
    pass(30_000);
    network.lookUps.poll().failed(Failure.of(ProxyError.DNS_ERROR, "no such name"));
    assertEquals(List.of("http://app:80 at 10.0.0.1"), names(cluster));
    pass(30_000);
    network.resolve(addresses("10.0.0.2"));
    assertEquals(List.of("http://app:80 at 10.0.0.2"), names(cluster));
  }

  @Test
  void aNameThatIsRemovedIsNotLookedUpAgainAndItsAnswerNotHeard() throws Exception {
    Cluster cluster = cluster(HealthSettings.DEFAULT, "a");
    cluster.follow(new Endpoint(destination("app"), 1, Placement.DEFAULT), Duration.ofSeconds(30));
    cluster.work().start(network);
    network.resolve(addresses("10.0.0.1", "10.0.0.2"));
    pass(30_000);
    assertTrue(cluster.remove(destination("app")).toCompletableFuture().isDone());
    assertEquals(List.of("http://a:80"), names(cluster));
    network.resolve(addresses("10.0.0.1"));
    pass(60_000);
    assertEquals(List.of("http://a:80"), names(cluster));
    assertEquals(0, network.lookUps.size());
  }

  @Test
  void allAddressesOfANameAreDrainedTogether() throws Exception {
    Cluster cluster = cluster(HealthSettings.DEFAULT);
    cluster.follow(new Endpoint(destination("app"), 1, Placement.DEFAULT), Duration.ofSeconds(30));
    cluster.work().start(network);
    network.resolve(addresses("10.0.0.1", "10.0.0.2"));
    Endpoint second = cluster.membership.members().all().get(1);
    second.begin(false);
    var idle = cluster.drain(destination("app"), false).toCompletableFuture();
    assertFalse(idle.isDone());
    second.end();
    assertTrue(idle.isDone());
  }

  @Test
  void anEndpointThatIsNotThereCannotBeDrained() {
    Cluster cluster = cluster(HealthSettings.DEFAULT, "a");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> cluster.drain(destination("b"), false));
    assertEquals("endpoint: http://b:80 (expected: one of cluster c)", e.getMessage());
  }

  private static final class Asked {
    final Inquiry inquiry;
    final Completion<Inquiry.Answer> completion;
    boolean abandoned;

    Asked(Inquiry inquiry, Completion<Inquiry.Answer> completion) {
      this.inquiry = inquiry;
      this.completion = completion;
    }
  }

  /** Answers when the test says so. */
  private static final class Network implements Upstreams {
    final Deque<Asked> asked = new ArrayDeque<>();
    final Deque<Completion<List<InetAddress>>> lookUps = new ArrayDeque<>();
    private Runnable next = () -> {};

    void tick() {
      Runnable due = next;
      next = () -> {};
      due.run();
    }

    void answer(int status) {
      ResponseHead head = new ResponseHead(HttpVersion.HTTP_1_1, status, "", Fields.empty());
      asked.remove().completion.completed(new Inquiry.Answer(head, new byte[0]));
    }

    void fail(ProxyError error) {
      asked.remove().completion.failed(Failure.of(error, ""));
    }

    void resolve(InetAddress... addresses) {
      lookUps.remove().completed(List.of(addresses));
    }

    @Override
    public void run(Runnable task) {
      task.run();
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
      assertEquals(Duration.ofMillis(100), delay);
      next = task;
      return () -> next = () -> {};
    }

    @Override
    public void addresses(String host, Completion<List<InetAddress>> completion) {
      assertEquals("app", host);
      lookUps.add(completion);
    }

    @Override
    public Runnable reach(
        Destination destination, Duration timeout, Completion<Destination> completion) {
      throw new AssertionError("nobody was to be reached");
    }

    @Override
    public Runnable ask(Inquiry inquiry, Completion<Inquiry.Answer> completion) {
      Asked one = new Asked(inquiry, completion);
      asked.add(one);
      return () -> one.abandoned = true;
    }
  }
}
