package io.tidegate.core.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.figures.ClusterFigures.EndpointFigures;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.ExchangeListener.Times;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.Stage;
import io.tidegate.core.spi.UpstreamTls;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted for the admin listener. */
class FigureRecorderTest {
  private static final ClientSide CLIENT =
      new ClientSide(
          InetSocketAddress.createUnresolved("a", 1),
          InetSocketAddress.createUnresolved("a", 1),
          InetSocketAddress.createUnresolved("b", 2),
          null);

  private static final long SECOND = 1_000_000_000;

  private final AtomicLong now = new AtomicLong(-5 * SECOND); // the clock may begin anywhere
  private final FigureRecorder recorder = new FigureRecorder(now::get);

  private record Named(String name, String clusterName) implements Route {
    @Override
    public Destinations destinations(ClientRequest request) {
      throw new IllegalStateException();
    }

    @Override
    public HeaderPolicy headers() {
      return new HeaderPolicy() {};
    }
  }

  private static Outcome outcome(
      int status, @Nullable String cache, @Nullable Failure failure, long millis) {
    return outcome(null, null, status, cache, failure, millis);
  }

  private static Outcome outcome(
      @Nullable Route route,
      @Nullable Destination destination,
      int status,
      @Nullable String cache,
      @Nullable Failure failure,
      long millis) {
    return outcome(CLIENT, route, destination, status, cache, failure, millis);
  }

  private static Outcome outcome(
      @Nullable ClientSide client,
      @Nullable Route route,
      @Nullable Destination destination,
      int status,
      @Nullable String cache,
      @Nullable Failure failure,
      long millis) {
    return outcome(client, route, destination, status, cache, failure, Stage.COMPLETE, millis);
  }

  private static Outcome outcome(
      @Nullable ClientSide client,
      @Nullable Route route,
      @Nullable Destination destination,
      int status,
      @Nullable String cache,
      @Nullable Failure failure,
      Stage stage,
      long millis) {
    Times times =
        new Times(0, Times.NONE, Times.NONE, Times.NONE, 0, Duration.ofMillis(millis).toNanos());
    return new Outcome(
        null,
        route,
        destination,
        1,
        status,
        cache,
        failure,
        stage,
        10,
        100,
        times,
        client,
        1,
        false,
        Fields.empty(),
        null);
  }

  @Test
  void requestsOfOurOwnAreNotAmongThoseOfClients() {
    recorder.completed(outcome(null, null, null, 200, null, null, 1));
    now.addAndGet(SECOND);
    assertEquals(List.of(0L), recorder.recent(1).requests().get("2xx"));
  }

  @Test
  void eachSecondHasWhatEndedInIt() {
    recorder.completed(outcome(200, "hit", null, 8));
    recorder.completed(outcome(204, "uri-miss", null, 8));
    now.addAndGet(SECOND);
    recorder.completed(outcome(502, "bypass", Failure.of(ProxyError.CONNECTION_REFUSED, ""), 1));
    recorder.completed(outcome(0, null, null, 1));
    now.addAndGet(SECOND);
    recorder.completed(outcome(304, null, null, 1)); // of the second under way
    RecentFigures recent = recorder.recent(3);
    assertEquals(3, recent.seconds());
    assertEquals(List.of(0L, 2L, 0L), recent.requests().get("2xx"));
    assertEquals(List.of(0L, 0L, 0L), recent.requests().get("3xx"));
    assertEquals(List.of(0L, 0L, 1L), recent.requests().get("5xx"));
    assertEquals(List.of(0L, 0L, 1L), recent.requests().get("none"));
    assertEquals(List.of(0L, 0L, 1L), recent.failed());
    assertEquals(List.of(0L, 2L, 0L), recent.lookups());
    assertEquals(List.of(0L, 1L, 0L), recent.hits());
    assertEquals(List.of(0L, 20L, 20L), recent.requestOctets());
    assertEquals(List.of(0L, 200L, 200L), recent.responseOctets());
    assertEquals(Map.of("connection_refused", 1L), recent.errors());
  }

  @Test
  void tenMinutesAreRemembered() {
    recorder.completed(outcome(200, null, null, 1));
    now.addAndGet(599 * SECOND);
    assertEquals(1, recorder.recent(599).requests().get("2xx").get(0));
    now.addAndGet(SECOND);
    assertEquals(
        List.of(0L), recorder.recent(599).requests().get("2xx").stream().distinct().toList());
    assertEquals(599, recorder.recent(5000).seconds());
    recorder.completed(outcome(200, null, null, 1)); // takes the place of the first
    now.addAndGet(SECOND);
    assertEquals(1, recorder.recent(599).requests().get("2xx").get(598));
  }

  /** One of ten minutes later is remembered at the same place. */
  @Test
  void aSecondOfLongAgoIsNoneOfThoseInWhichNothingHasEnded() {
    recorder.completed(outcome(200, null, null, 8));
    now.addAndGet(601 * SECOND);
    assertEquals(Set.of(0L), Set.copyOf(recorder.recent(599).requests().get("2xx")));
  }

  @Test
  void percentilesAreOffByAnEighthAtMost() {
    for (int millis = 1; millis <= 100; millis++) {
      recorder.completed(outcome(200, null, null, millis));
    }
    now.addAndGet(SECOND);
    RecentFigures recent = recorder.recent(1);
    assertEquals(50, recent.p50Millis().get(0), 50 / 8.0);
    assertEquals(90, recent.p90Millis().get(0), 90 / 8.0);
    assertEquals(99, recent.p99Millis().get(0), 99 / 8.0);
  }

  @ParameterizedTest
  @CsvSource({"TUNNEL, 101, 0", "TUNNEL, 200, 0", "COMPLETE, 101, 9", "COMPLETE, 502, 9"})
  void percentilesAreWithoutTunnels(Stage stage, int status, int millis) {
    recorder.completed(outcome(CLIENT, null, null, status, null, null, stage, 9));
    now.addAndGet(SECOND);
    assertEquals(millis, recorder.recent(1).p50Millis().get(0), 9 / 8.0);
  }

  @Test
  void percentilesAreRightHoweverManyThereWere() {
    Tally tally = new Tally();
    int fast = Tally.DURATIONS + LatencyBuckets.of(8_000);
    tally.add(fast, Integer.MAX_VALUE);
    for (int i = 0; i < 3; i++) {
      tally.add(fast, 1);
    }
    tally.add(Tally.DURATIONS + LatencyBuckets.of(1_000_000_000), 10);
    Tally.Sum sum = new Tally.Sum();
    tally.addTo(sum);
    assertEquals(0.008, sum.percentile(0.5), 0.001);
    assertEquals(1000, sum.percentile(1), 125);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0",
    "0, 0",
    "999, 0",
    "1000, 1",
    "3999, 3",
    "4000, 4",
    "7999, 7",
    "8000, 8",
    "9999, 8",
    "10000, 9",
    "16000, 12",
    "9223372036854775807, 99"
  })
  void durationsHaveBuckets(long nanos, int bucket) {
    assertEquals(bucket, LatencyBuckets.of(nanos));
    assertTrue(bucket < LatencyBuckets.COUNT);
  }

  @Test
  void bucketsFollowEachOther() {
    for (int bucket = 1; bucket < LatencyBuckets.COUNT - 1; bucket++) {
      double middle = LatencyBuckets.middle(bucket);
      assertEquals(bucket, LatencyBuckets.of((long) (middle * 1_000_000)));
      assertTrue(middle > LatencyBuckets.middle(bucket - 1));
    }
  }

  @Test
  void routesAndEndpointsHaveTheirOwn() throws Exception {
    Destination plain = new Destination(false, "a.example", 80, null);
    Destination pinned = plain.at(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}));
    Failure failure = Failure.of(ProxyError.CONNECTION_TIMEOUT, "");
    recorder.completed(outcome(new Named("/a", "app"), plain, 200, null, null, 4));
    recorder.completed(outcome(new Named("/a", "app"), pinned, 504, null, failure, 4));
    recorder.completed(outcome(new Named("/b", ""), plain, 200, null, null, 4));
    assertEquals(Set.of("/a", "/b"), recorder.routes().keySet());
    assertEquals(2, recorder.routes().get("/a").requests());
    Map<String, TotalFigures> endpoints = recorder.endpoints("app");
    assertEquals(
        Set.of("http://a.example:80", "http://a.example:80 at 10.0.0.1"), endpoints.keySet());
    TotalFigures failing = endpoints.get("http://a.example:80 at 10.0.0.1");
    assertEquals(1, failing.requests());
    assertEquals(1, failing.failed());
    assertEquals(1, failing.serverErrors());
    assertEquals(Map.of(), recorder.endpoints("other"));
  }

  /** The figures of a proxy that has these, one endpoint in each of the clusters. */
  private static ProxyFigures figures(List<String> routes, List<String> clusters, String endpoint) {
    EndpointFigures one = new EndpointFigures(endpoint, 1, "healthy", "", 0);
    return new ProxyFigures(
        new ProxyFigures.Clients(0, 0, 0),
        new ProxyFigures.Requests(0, 0, 0, 0, 0, 0, 0, 0, 0),
        new ProxyFigures.Upstreams(0, 0, 0, 0, 0),
        new ProxyFigures.Buffered(0, 0),
        Optional.empty(),
        clusters.stream().map(name -> new ClusterFigures(name, 0, List.of(one))).toList(),
        routes,
        0);
  }

  private void countOneThousandTimes(IntFunction<Route> route, IntFunction<Destination> at) {
    for (int i = 0; i < FigureShard.MOST_NAMES; i++) {
      recorder.completed(outcome(route.apply(i), at.apply(i), 200, null, null, 4));
    }
  }

  private static Destination endpoint(int port) {
    return new Destination(false, "a.example", port, null);
  }

  @Test
  void endpointsThatAreGoneMakeRoomForThoseThatCome() {
    Route route = new Named("/a", "app");
    countOneThousandTimes(i -> route, i -> endpoint(1 + i));
    recorder.completed(outcome(route, endpoint(2001), 200, null, null, 4));
    assertEquals(1000, recorder.endpoints("app").size(), "they may all be there");
    now.addAndGet(SECOND);
    recorder.begin(() -> figures(List.of("/a"), List.of("app"), "http://a.example:7"));
    recorder.completed(outcome(route, endpoint(2001), 200, null, null, 4));
    assertEquals(
        Set.of("http://a.example:7", "http://a.example:2001"), recorder.endpoints("app").keySet());
    assertEquals(1002, recorder.routes().get("/a").requests());
  }

  /** As each reload does that reads certificates anew. */
  @Test
  void anEndpointIsOneHoweverOftenItsTlsChanges() {
    Route route = new Named("/a", "app");
    for (int i = 0; i < 2000; i++) {
      Destination at = new Destination(true, "a.example", 443, tls("anew " + i));
      recorder.completed(outcome(route, at, 200, null, null, 4));
    }
    assertEquals(2000, recorder.endpoints("app").get("https://a.example:443").requests());
  }

  private static UpstreamTls tls(String name) {
    return new UpstreamTls(
        () -> {
          throw new IllegalStateException(name);
        },
        null);
  }

  /** Of an application, in which a proxy was mounted that has been closed. */
  @Test
  void aThreadThatLivesOnHoldsNoRecorder() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      WeakReference<FigureRecorder> gone = thread.submit(FigureRecorderTest::countedAndEnded).get();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (gone.get() != null && System.nanoTime() < end) {
        System.gc();
      }
      assertNull(gone.get());
    } finally {
      thread.shutdownNow();
    }
  }

  private static WeakReference<FigureRecorder> countedAndEnded() {
    FigureRecorder recorder = new FigureRecorder(() -> 0);
    recorder.begin(() -> figures(List.of(recorder.toString()), List.of(), "http://a.example:7"));
    recorder.completed(outcome(200, null, null, 4));
    recorder.end();
    return new WeakReference<>(recorder);
  }

  @Test
  void whatWasCountedIsForgottenWithTheProxy() {
    recorder.completed(outcome(new Named("/a", "app"), endpoint(7), 200, null, null, 4));
    now.addAndGet(SECOND);
    recorder.end();
    assertEquals(List.of(0L), recorder.recent(1).requests().get("2xx"));
    assertEquals(Map.of(), recorder.routes());
    assertEquals(Map.of(), recorder.endpoints("app"));
  }

  @Test
  void routesAndClustersThatAreGoneMakeRoomForThoseThatCome() {
    recorder.begin(() -> figures(List.of("/5", "/new"), List.of("5", "new"), "http://a.example:7"));
    countOneThousandTimes(i -> new Named("/" + i, "" + i), i -> endpoint(7));
    now.addAndGet(SECOND);
    recorder.completed(outcome(new Named("/new", "new"), endpoint(7), 200, null, null, 4));
    assertEquals(Set.of("/5", "/new"), recorder.routes().keySet());
    assertEquals(Set.of("http://a.example:7"), recorder.endpoints("5").keySet());
    assertEquals(Set.of("http://a.example:7"), recorder.endpoints("new").keySet());
    assertEquals(Map.of(), recorder.endpoints("6"));
  }

  @Test
  void whatHasNoNameIsNotGone() {
    recorder.begin(() -> figures(List.of("/new"), List.of(), "http://a.example:7"));
    recorder.completed(outcome(new Named("", ""), null, 200, null, null, 4));
    countOneThousandTimes(i -> new Named("/" + i, ""), i -> endpoint(7));
    assertEquals(Set.of("", "/999"), recorder.routes().keySet());
  }

  @Test
  void theProxyIsAskedForWhatItHasOnceASecondAtMost() {
    AtomicLong asked = new AtomicLong();
    recorder.begin(
        () -> {
          asked.incrementAndGet();
          List<String> all = IntStream.range(0, 1000).mapToObj(i -> "/" + i).toList();
          return figures(all, List.of(), "http://a.example:7");
        });
    countOneThousandTimes(i -> new Named("/" + i, ""), i -> endpoint(7));
    for (int i = 0; i < 3; i++) {
      recorder.completed(outcome(new Named("/more", ""), endpoint(7), 200, null, null, 4));
    }
    assertEquals(1, asked.get(), "once a second");
    assertEquals(1000, recorder.routes().size());
  }

  @Test
  void nothingIsLostWhenManyThreadsCountAtOnce() throws Exception {
    int threads = 4;
    int each = 20_000;
    CountDownLatch done = new CountDownLatch(threads);
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int n = 0; n < each; n++) {
                  recorder.completed(outcome(new Named("/a", "app"), null, 200, "hit", null, 4));
                }
                done.countDown();
              });
      thread.start();
      all.add(thread);
    }
    assertTrue(done.await(30, TimeUnit.SECONDS));
    now.addAndGet(SECOND);
    assertEquals(threads * each, recorder.recent(1).requests().get("2xx").get(0));
    assertEquals(threads * each, recorder.recent(1).hits().get(0));
    assertEquals(threads * each, recorder.routes().get("/a").requests());
  }
}
