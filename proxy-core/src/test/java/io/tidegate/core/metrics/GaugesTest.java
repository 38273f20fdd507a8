package io.tidegate.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.core.cache.CacheStatistics;
import io.tidegate.core.figures.CacheFigures;
import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.figures.ClusterFigures.EndpointFigures;
import io.tidegate.core.figures.ProxyFigures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which number of a proxy is read by which meter, and when. */
class GaugesTest {
  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final ProxyMetrics metrics = ProxyMetrics.of();
  private int asked;

  private ProxyFigures figures() {
    asked++;
    EndpointFigures down = new EndpointFigures("http://a", 1, "down", "", 52);
    EndpointFigures healthy = new EndpointFigures("http://b", 1, "healthy", "", 53);
    return new ProxyFigures(
        new ProxyFigures.Clients(11, 12, 13),
        new ProxyFigures.Requests(1, 2, 3, 4, 5, 6, 7, 8, 9),
        new ProxyFigures.Upstreams(29, 8, 23, 24, 25),
        new ProxyFigures.Buffered(31, 32),
        Optional.of(
            new CacheFigures(
                41,
                42,
                new CacheStatistics(
                    101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114))),
        List.of(new ClusterFigures("app", 51, List.of(down, healthy))),
        List.of(),
        61);
  }

  private static String told(Meter meter) {
    String tags =
        meter.getId().getTags().stream()
            .map(tag -> " " + tag.getKey() + "=" + tag.getValue())
            .collect(Collectors.joining());
    double value = meter.measure().iterator().next().getValue();
    return meter.getId().getName() + tags + ": " + (long) value;
  }

  private String read() {
    return registry.getMeters().stream()
        .map(GaugesTest::told)
        .sorted()
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void everyNumberHasItsMeter() {
    metrics.bindTo(registry);
    metrics.begin(this::figures);
    assertEquals(
        """
        http.client.open_connections http.connection.state=active: 21
        http.client.open_connections http.connection.state=idle: 8
        http.server.active_requests: 12
        tidegate.buffered where=file: 32
        tidegate.buffered where=memory: 31
        tidegate.cache.entries: 41
        tidegate.cache.requests result=hit: 101
        tidegate.cache.requests result=miss: 104
        tidegate.cache.requests result=passed: 105
        tidegate.cache.requests result=validated: 103
        tidegate.cache.responses event=evicted: 113
        tidegate.cache.responses event=invalidated: 114
        tidegate.cache.responses event=stored: 111
        tidegate.cache.responses event=too_long: 112
        tidegate.cache.size: 42
        tidegate.client.connections: 11
        tidegate.cluster.waiting cluster=app: 51
        tidegate.dns.active: 24
        tidegate.dns.lookups: 25
        tidegate.endpoint.active cluster=app endpoint=http://a: 52
        tidegate.endpoint.active cluster=app endpoint=http://b: 53
        tidegate.endpoint.state cluster=app endpoint=http://a state=down: 1
        tidegate.endpoint.state cluster=app endpoint=http://a state=draining: 0
        tidegate.endpoint.state cluster=app endpoint=http://a state=ejected: 0
        tidegate.endpoint.state cluster=app endpoint=http://a state=healthy: 0
        tidegate.endpoint.state cluster=app endpoint=http://b state=down: 0
        tidegate.endpoint.state cluster=app endpoint=http://b state=draining: 0
        tidegate.endpoint.state cluster=app endpoint=http://b state=ejected: 0
        tidegate.endpoint.state cluster=app endpoint=http://b state=healthy: 1
        tidegate.tunnel.active: 13
        tidegate.unlogged: 61
        tidegate.upstream.pending: 23
        """,
        read());
  }

  @Test
  void whatIsReadWithinTenMillisecondsIsOfOneMoment() {
    metrics.bindTo(registry);
    metrics.begin(this::figures);
    clock.add(1, TimeUnit.SECONDS);
    asked = 0;
    read();
    assertEquals(1, asked);
    clock.add(9_999_999, TimeUnit.NANOSECONDS);
    read();
    assertEquals(1, asked);
    clock.add(1, TimeUnit.NANOSECONDS);
    read();
    assertEquals(2, asked);
  }

  /** Somebody may be about to make one when a proxy ends. */
  @Test
  void aMeterThatIsMadeTooLateDoesNotStay() {
    OwnMeters meters = new OwnMeters(registry, Tags.empty());
    meters.octets("some", "Some");
    meters.removeAll();
    meters.octets("more", "More");
    assertEquals(List.of(), registry.getMeters());
  }
}
