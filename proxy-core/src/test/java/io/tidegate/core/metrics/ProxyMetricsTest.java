package io.tidegate.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.figures.ClusterFigures.EndpointFigures;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.ExchangeListener.Attempt;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.ExchangeListener.Times;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.SettingsEvent;
import io.tidegate.core.spi.Stage;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is measured of which exchanges, and for how long. */
class ProxyMetricsTest {
  private static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("a", 1);
  private static final ClientSide CLIENT = new ClientSide(ADDRESS, ADDRESS, ADDRESS, null);
  private static final Destination ENDPOINT = new Destination(false, "a.example", 80, null);

  private static final Route ROUTE =
      new Route() {
        @Override
        public String name() {
          return "/a";
        }

        @Override
        public String clusterName() {
          return "app";
        }

        @Override
        public Destinations destinations(ClientRequest request) {
          throw new IllegalStateException();
        }

        @Override
        public HeaderPolicy headers() {
          throw new IllegalStateException();
        }
      };

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ProxyMetrics metrics = ProxyMetrics.of();
  private ProxyFigures figures = figures(List.of("/a"), List.of());

  @BeforeEach
  void begin() {
    metrics.bindTo(registry);
    metrics.begin(() -> figures);
  }

  private static ProxyFigures figures(List<String> routes, List<String> endpoints) {
    List<EndpointFigures> members =
        endpoints.stream().map(name -> new EndpointFigures(name, 1, "healthy", "", 0)).toList();
    return new ProxyFigures(
        new ProxyFigures.Clients(0, 0, 0),
        new ProxyFigures.Requests(0, 0, 0, 0, 0, 0, 0, 0, 0),
        new ProxyFigures.Upstreams(0, 0, 0, 0, 0),
        new ProxyFigures.Buffered(0, 0),
        Optional.empty(),
        List.of(new ClusterFigures("app", 0, members)),
        routes,
        0);
  }

  private void reload(ProxyFigures other) {
    figures = other;
    metrics.happened(new SettingsEvent(SettingsEvent.Kind.RELOADED, List.of()));
  }

  private void completed(@Nullable ClientSide client, Stage stage) {
    Times times = new Times(0, Times.NONE, Times.NONE, Times.NONE, 0, 1);
    metrics.completed(
        new Outcome(
            null,
            ROUTE,
            null,
            1,
            200,
            null,
            null,
            stage,
            10,
            100,
            times,
            client,
            1,
            false,
            Fields.empty(),
            null));
  }

  private void attempted() {
    metrics.attempted(new Attempt(null, ROUTE, ENDPOINT, 200, null, 1));
  }

  /** The values that {@code tag} has in the meters of this name. */
  private List<String> tags(String name, String tag) {
    Stream<Meter.Id> all = registry.find(name).meters().stream().map(Meter::getId);
    return all.map(id -> String.valueOf(id.getTag(tag))).sorted().toList();
  }

  @Test
  void requestsOfOurOwnAreNotMeasured() {
    completed(null, Stage.COMPLETE);
    assertEquals(List.of(), tags("http.server.request.duration", "http.route"));
    completed(CLIENT, Stage.COMPLETE);
    assertEquals(List.of("/a"), tags("http.server.request.duration", "http.route"));
  }

  @Test
  void aRouteThatIsGoneTakesTheMetersOfItsTunnelsAlong() {
    List<String> names =
        List.of("tidegate.tunnel.duration", "tidegate.tunnel.received", "tidegate.tunnel.sent");
    completed(CLIENT, Stage.TUNNEL);
    for (String name : names) {
      assertEquals(List.of("/a"), tags(name, "http.route"), name);
    }
    reload(figures(List.of("/b"), List.of()));
    for (String name : names) {
      assertEquals(List.of(), tags(name, "http.route"), name);
    }
  }

  @Test
  void anEndpointHasMetersOfItsOwnAsSoonAsItIsKnownAndAsLong() {
    String name = "http.client.request.duration";
    attempted();
    assertEquals(List.of("_OTHER"), tags(name, "endpoint"), "it is not there yet");
    reload(figures(List.of("/a"), List.of("http://a.example:80")));
    attempted();
    assertEquals(List.of("_OTHER", "http://a.example:80"), tags(name, "endpoint"));
    reload(figures(List.of("/a"), List.of()));
    assertEquals(List.of("_OTHER"), tags(name, "endpoint"));
    attempted();
    assertEquals(List.of("_OTHER"), tags(name, "endpoint"));
    assertEquals(2, registry.get(name).tag("endpoint", "_OTHER").timer().count());
  }

  @Test
  void theMetersOfAProxyAreInOneRegistry() {
    metrics.bindTo(registry);
    SimpleMeterRegistry another = new SimpleMeterRegistry();
    assertThrows(IllegalStateException.class, () -> metrics.bindTo(another));
    assertEquals(List.of(), another.getMeters());
  }

  @Test
  void aRegistryThatHasGivenTheNameToAMeterOfAnotherKindIsLeftAsItIs() {
    for (String name : List.of("http.server.active_requests", "tidegate.tunnel.active")) {
      SimpleMeterRegistry other = new SimpleMeterRegistry();
      other.counter(name);
      ProxyMetrics refused = ProxyMetrics.of();
      refused.bindTo(other);
      refused.begin(() -> figures);
      assertEquals(1, other.getMeters().size(), name);
    }
  }
}
