package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.LoadBalancer;
import io.tidegate.reverse.health.HealthSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 64 clients, each of which sends its next request when it has the response, and endpoints that
 * serve some requests at a time and let others wait; in virtual time.
 */
class SlowEndpointTest {
  private static final int CLIENTS = 64;
  private static final int REQUESTS = 100_000;
  private static final double MS = 1e6;

  private record Event(
      long at, int endpoint, Selection selection, Destination destination, long begun) {}

  private static final class Simulation {
    final ClientRequest request = Requests.get("h", "/");
    final Random random = new Random(7);
    final PriorityQueue<Event> events = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
    final List<Deque<Event>> queues = new ArrayList<>();
    final double[] serviceMs;
    final int[] idleWorkers;
    final Cluster cluster;
    final long[] latencies = new long[REQUESTS];
    long now;

    Simulation(LoadBalancer balancer, int workers, double... serviceMs) {
      this.serviceMs = serviceMs;
      this.idleWorkers = new int[serviceMs.length];
      Arrays.fill(idleWorkers, workers);
      List<Endpoint> endpoints = new ArrayList<>();
      for (int i = 0; i < serviceMs.length; i++) {
        queues.add(new ArrayDeque<>());
        endpoints.add(
            new Endpoint(new Destination(false, "e", 1000 + i, null), 1, Placement.DEFAULT));
      }
      this.cluster =
          new Cluster(
              "c",
              endpoints,
              balancer,
              BalanceSettings.DEFAULT,
              HealthSettings.DEFAULT,
              List.of(),
              new AffinityTokens(new byte[16], "c"),
              Clusters.DIRECT,
              () -> now,
              random);
    }

    void send() {
      Selection selection = (Selection) cluster.destinations(request);
      Destination destination = selection.next();
      int endpoint = destination.port() - 1000;
      Event event = new Event(0, endpoint, selection, destination, now);
      if (idleWorkers[endpoint] > 0) {
        idleWorkers[endpoint]--;
        serve(event);
      } else {
        queues.get(endpoint).add(event);
      }
    }

    /** Service times vary by half around their mean. */
    void serve(Event waiting) {
      double time = serviceMs[waiting.endpoint] * (0.5 + random.nextDouble()) * MS;
      events.add(
          new Event(
              now + (long) time,
              waiting.endpoint,
              waiting.selection,
              waiting.destination,
              waiting.begun));
    }

    double p99Ms() {
      for (int i = 0; i < CLIENTS; i++) {
        send();
      }
      ResponseHead head = new ResponseHead(HttpVersion.HTTP_1_1, 200, "", Fields.empty());
      for (int done = 0; done < REQUESTS; done++) {
        Event event = events.remove();
        now = event.at;
        event.selection.responded(event.destination, head);
        event.selection.finished(event.destination, null);
        latencies[done] = now - event.begun;
        Event next = queues.get(event.endpoint).poll();
        if (next == null) {
          idleWorkers[event.endpoint]++;
        } else {
          serve(next);
        }
        send();
      }
      // The first requests find out which endpoint is slow.
      long[] settled = Arrays.copyOfRange(latencies, REQUESTS / 10, REQUESTS);
      Arrays.sort(settled);
      return settled[(int) (settled.length * 0.99)] / MS;
    }
  }

  @ParameterizedTest(name = "{0} at a time")
  @ValueSource(ints = {16, 32, 64})
  void leastLoadKeepsAlmostAllRequestsFromTheSlowOneOfFour(int workers) {
    double without = new Simulation(LoadBalancers.leastLoad(), workers, 5, 5, 5).p99Ms();
    double leastLoad = new Simulation(LoadBalancers.leastLoad(), workers, 5, 5, 5, 50).p99Ms();
    double roundRobin = new Simulation(LoadBalancers.roundRobin(), workers, 5, 5, 5, 50).p99Ms();
    String figures =
        "p99 in ms: %.1f without the slow one, %.1f with least load, %.1f with round robin"
            .formatted(without, leastLoad, roundRobin);
    assertTrue(leastLoad <= 1.3 * without, figures);
    assertTrue(roundRobin > 1.3 * without, figures);
  }
}
