package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.balance.HashKey;
import io.tidegate.reverse.health.HealthSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attempts tell of an endpoint. */
class StatisticsTest {
  private static final long MS = 1_000_000;
  private static final BalanceSettings REPORTED =
      new BalanceSettings(
          HashKey.path(),
          1.25,
          true,
          Duration.ZERO,
          List.of(),
          Optional.empty(),
          0,
          0,
          Duration.ofSeconds(1));

  private final Endpoint endpoint = Clusters.endpoint("a");
  private final Endpoint other = Clusters.endpoint("b");
  private long now = 77 * MS;

  private Cluster cluster(BalanceSettings settings) {
    return new Cluster(
        "c",
        List.of(endpoint, other),
        (candidates, random) -> 0,
        settings,
        HealthSettings.DEFAULT,
        List.of(),
        new AffinityTokens(new byte[16], "c"),
        Clusters.DIRECT,
        () -> now,
        new Random(1));
  }

  private Destinations begun(BalanceSettings settings) {
    Destinations exchange = cluster(settings).destinations(Requests.get("h", "/"));
    exchange.next();
    return exchange;
  }

  private static ResponseHead head(int status, String... fields) {
    return new ResponseHead(HttpVersion.HTTP_1_1, status, "", Fields.of(fields));
  }

  private void assertLatency(double millis) {
    assertEquals(millis * MS, endpoint.latency().nanos(now), millis * MS * 0.001);
  }

  @ParameterizedTest(name = "{0}: {1} ms")
  @CsvSource({"200, 30", "304, 30", "404, 30", "499, 30", "500, 1000", "503, 1000"})
  void latencyIsTheTimeToTheHeadOfTheResponse(int status, long expected) {
    Destinations exchange = begun(BalanceSettings.DEFAULT);
    Destination to = endpoint.destination();
    now += 30 * MS;
    exchange.responded(to, head(status));
    now += 500 * MS;
    exchange.finished(to, null);
    assertEquals(expected * MS, endpoint.latency().nanos(now), expected * MS * 0.06);
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyError.class,
      names = {"CONNECTION_REFUSED", "HTTP_RESPONSE_TIMEOUT", "CONNECTION_TERMINATED", "DNS_ERROR"})
  void aFailureOfTheEndpointIsALongTime(ProxyError error) {
    Destinations exchange = begun(BalanceSettings.DEFAULT);
    now += MS;
    exchange.finished(endpoint.destination(), Failure.of(error, "failed"));
    assertLatency(1000);
  }

  @ParameterizedTest
  @EnumSource(
      value = ProxyError.class,
      names = {"HTTP_REQUEST_ERROR", "CONNECTION_LIMIT_REACHED", "PROXY_INTERNAL_ERROR"})
  void aFailureOfOthersIsNone(ProxyError error) {
    Destinations exchange = begun(BalanceSettings.DEFAULT);
    now += 3 * MS;
    exchange.finished(endpoint.destination(), Failure.of(error, "failed"));
    assertLatency(3);
  }

  @Test
  void anAttemptThatIsGivenUpCountsIfItTookLongerThanOthers() {
    endpoint.latency().add(20 * MS, now);
    Destinations quick = begun(BalanceSettings.DEFAULT);
    now += 10 * MS;
    quick.finished(endpoint.destination(), null);
    assertEquals(20 * MS, endpoint.latency().nanos(now), 0.1 * MS);
    Destinations slow = begun(BalanceSettings.DEFAULT);
    now += 40 * MS;
    slow.finished(endpoint.destination(), null);
    assertLatency(40);
  }

  @Test
  void eachOfTwoAttemptsAtATimeIsMeasuredByItself() {
    Destinations exchange = begun(BalanceSettings.DEFAULT);
    now += 10 * MS;
    assertEquals(other.destination(), exchange.next());
    assertEquals(2, endpoint.activeRequests() + other.activeRequests());
    now += 10 * MS;
    exchange.responded(other.destination(), head(200));
    exchange.finished(endpoint.destination(), null);
    assertEquals(0, endpoint.activeRequests());
    assertEquals(1, other.activeRequests());
    assertLatency(20);
    assertEquals(10 * MS, other.latency().nanos(now), 0.1 * MS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportsChangeWeightsIfTheyAreToBeUsed(boolean used) {
    Destinations exchange = begun(used ? REPORTED : BalanceSettings.DEFAULT);
    String field = "endpoint-load-metrics";
    exchange.responded(endpoint.destination(), head(200, field, "TEXT cpu_utilization=0.25"));
    exchange.next();
    exchange.responded(other.destination(), head(200, field, "TEXT cpu_utilization=1"));
    assertEquals(used ? 160 : 100, endpoint.shapedWeight(0, now));
    assertEquals(used ? 40 : 100, other.shapedWeight(0, now));
    now += 100 * MS;
    exchange.responded(other.destination(), head(200, field, "TEXT cpu_utilization=x"));
    assertEquals(used ? 40 : 100, other.shapedWeight(0, now));
  }
}
