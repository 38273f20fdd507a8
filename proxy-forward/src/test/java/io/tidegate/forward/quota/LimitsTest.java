package io.tidegate.forward.quota;

import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Sample.connect;
import static io.tidegate.forward.Sample.get;
import static io.tidegate.forward.Sample.getFrom;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Pace;
import io.tidegate.core.spi.Route;
import io.tidegate.forward.Sample;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
  private static final long SECOND = 1_000_000_000;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final ClientRequest REQUEST = get("http://www.example.com/");

  private final LimitsBuilder builder = new LimitsBuilder();
  private long now;

  private static final class Direct implements Route {
    @Override
    public Destinations destinations(ClientRequest request) {
      return Destinations.only(new Destination(false, "www.example.com", 80, null));
    }

    @Override
    public HeaderPolicy headers() {
      return new HeaderPolicy() {};
    }
  }

  private DestinationResolver limits() {
    return Limits.before(
        request -> new Direct(), builder.settings(), Sample.MATCHERS, () -> now, new Kept());
  }

  private DestinationResolver quota(Consumer<QuotaBuilder> details) {
    builder.quota(details);
    return limits();
  }

  private static ClientRequest of(String user, ClientRequest request) {
    return request.from(Identity.of(user));
  }

  /** The destinations of a request that may pass; their end is the end of its exchange. */
  private static Destinations begin(DestinationResolver limits, ClientRequest request) {
    return assertInstanceOf(Route.class, limits.resolve(request)).destinations(request);
  }

  private static Pace pace(DestinationResolver limits, ClientRequest request) {
    Route route = assertInstanceOf(Route.class, limits.resolve(request));
    route.destinations(request);
    return Objects.requireNonNull(route.pace(request));
  }

  private static void assertRefused(
      int status, String detail, long retryAfter, DestinationResolver limits, ClientRequest asked) {
    Failure refused = assertInstanceOf(Failure.class, limits.resolve(asked));
    assertEquals(status, refused.status());
    assertEquals(detail, refused.detail());
    assertEquals(Long.toString(retryAfter), refused.fields().first(FieldName.of("Retry-After")));
  }

  @Test
  void whoeverSaysNothingPaysNothing() {
    DestinationResolver target = request -> new Direct();
    assertSame(
        target, Limits.before(target, LimitSettings.NONE, Sample.MATCHERS, () -> now, new Kept()));
  }

  @Test
  void requestsBeyondAQuotaAreToldWhenToComeAgain() {
    DestinationResolver limits = quota(q -> q.requests(2, MINUTE));
    begin(limits, REQUEST);
    begin(limits, REQUEST);
    assertRefused(429, "the quota of 2 requests in 1 minute is used up", 30, limits, REQUEST);
    now = 30 * SECOND;
    begin(limits, REQUEST);
  }

  /** Time goes on between two looks at the clock. */
  @Test
  void theFirstRequestOfAQuotaPassesHoweverLongThatTakes() {
    builder.quota(q -> q.perUser().requests(1, MINUTE));
    DestinationResolver limits =
        Limits.before(
            request -> new Direct(), builder.settings(), Sample.MATCHERS, () -> now++, new Kept());
    begin(limits, REQUEST);
    assertInstanceOf(Failure.class, limits.resolve(REQUEST));
  }

  @Test
  void usersAreCountedByNameWhereverTheyAre() {
    DestinationResolver limits = quota(q -> q.perUser().requests(1, MINUTE));
    begin(limits, of("ada", REQUEST));
    begin(limits, of("bob", REQUEST));
    assertRefused(
        429,
        "the quota of 1 requests in 1 minute is used up",
        60,
        limits,
        of("ada", getFrom("198.51.100.1", "http://www.example.com/")));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, false",
    "192.0.2.1, 192.0.2.2, true",
    "2001:db8:0:1::1, 2001:db8:0:1:ffff::2, false",
    "2001:db8:0:1::1, 2001:db8:0:2::1, true"
  })
  void clientsWithoutANameAreCountedByAddressOrNetwork(String one, String other, boolean passes) {
    DestinationResolver limits = quota(q -> q.perUser().requests(1, MINUTE));
    begin(limits, getFrom(one, "http://a.example/"));
    Object second = limits.resolve(getFrom(other, "http://a.example/"));
    assertEquals(passes, second instanceof Route);
  }

  @Test
  void clientsAreCountedByAddressWhateverTheirNames() {
    DestinationResolver limits = quota(q -> q.perClient().requests(1, MINUTE));
    begin(limits, of("ada", REQUEST));
    assertInstanceOf(Failure.class, limits.resolve(of("bob", REQUEST)));
  }

  @Test
  void aQuotaIsAboutTheRequestsItNames() {
    DestinationResolver limits = quota(q -> q.only(to("*.example.com")).requests(1, MINUTE));
    begin(limits, REQUEST);
    begin(limits, get("http://www.example.org/"));
    assertInstanceOf(Failure.class, limits.resolve(REQUEST));
    begin(limits, get("http://www.example.org/"));
  }

  @Test
  void whatOneQuotaRefusesIsNotUnderWayForTheOthers() {
    builder.quota(q -> q.maxActiveRequests(1));
    DestinationResolver limits = quota(q -> q.requests(1, MINUTE).maxActiveRequests(5));
    begin(limits, REQUEST).ended();
    assertRefused(429, "the quota of 1 requests in 1 minute is used up", 60, limits, REQUEST);
    assertRefused(429, "the quota of 1 requests in 1 minute is used up", 60, limits, REQUEST);
    now = 60 * SECOND;
    begin(limits, REQUEST);
  }

  @ParameterizedTest(name = "per {0}")
  @CsvSource({"PT1M", "P1D"})
  void aUserKeepsTheRequestsThatTheQuotaOfAllRefuses(Duration per) {
    builder.quota(q -> q.perUser().requests(2, per));
    DestinationResolver limits = quota(q -> q.requests(1, Duration.ofMillis(1)));
    begin(limits, REQUEST);
    for (int i = 0; i < 5; i++) {
      assertInstanceOf(Failure.class, limits.resolve(REQUEST));
    }
    now = SECOND;
    begin(limits, REQUEST);
  }

  @Test
  void aRequestRefusedForWhatIsUnderWayHasNotCounted() {
    builder.quota(q -> q.requests(2, MINUTE));
    DestinationResolver limits = quota(q -> q.maxActiveRequests(1));
    Destinations first = begin(limits, REQUEST);
    assertInstanceOf(Failure.class, limits.resolve(REQUEST));
    first.ended();
    begin(limits, REQUEST);
  }

  @Test
  void whatIsUnderWayIsCountedUntilItsExchangeEnds() {
    DestinationResolver limits = quota(q -> q.perUser().maxActiveRequests(2));
    Destinations first = begin(limits, REQUEST);
    begin(limits, connect("www.example.com:443"));
    begin(limits, of("ada", REQUEST));
    String detail = "too many requests are under way, the quota has room for no more";
    assertRefused(429, detail, 1, limits, REQUEST);
    first.ended();
    begin(limits, REQUEST);
    assertRefused(429, detail, 1, limits, REQUEST);
  }

  @Test
  void tunnelsAreCountedApart() {
    DestinationResolver limits = quota(q -> q.perUser().maxActiveRequests(9).maxTunnels(1));
    ClientRequest tunnel = connect("www.example.com:443");
    ClientRequest webSocket = REQUEST.with(Fields.of("Upgrade", "WebSocket"));
    Destinations first = begin(limits, tunnel);
    begin(limits, REQUEST);
    begin(limits, REQUEST.with(Fields.of("Upgrade", "h2c")));
    String detail = "too many tunnels are open, the quota has room for no more";
    assertRefused(429, detail, 1, limits, tunnel);
    assertRefused(429, detail, 1, limits, webSocket);
    first.ended();
    Destinations second = begin(limits, webSocket);
    assertRefused(429, detail, 1, limits, tunnel);
    second.ended();
    begin(limits, tunnel);
  }

  @Test
  void aRequestRefusedForItsTunnelIsNotUnderWay() {
    DestinationResolver limits = quota(q -> q.maxActiveRequests(2).maxTunnels(1));
    ClientRequest tunnel = connect("www.example.com:443");
    begin(limits, tunnel);
    for (int i = 0; i < 3; i++) {
      assertInstanceOf(Failure.class, limits.resolve(tunnel));
    }
    begin(limits, REQUEST);
  }

  @Test
  void octetsOfADayThatAreUsedUpAreRefusedUntilItIsOver() {
    DestinationResolver limits = quota(q -> q.perUser().octets(1000, DAY));
    Pace pace = pace(limits, REQUEST);
    assertEquals(0, pace.fromClient(400));
    assertEquals(0, pace.toClient(599));
    begin(limits, REQUEST);
    now = SECOND;
    assertEquals(0, pace.toClient(1));
    String detail = "the quota of 1000 octets in 1 day is used up";
    assertRefused(403, detail, 86_399, limits, REQUEST);
    assertEquals(0, pace.toClient(1_000_000)); // what is under way may finish
    begin(limits, of("ada", REQUEST));
    now = 86_400 * SECOND;
    begin(limits, REQUEST);
  }

  @Test
  void octetsOfAMinuteThatAreUsedUpComeBackOneAfterAnother() {
    DestinationResolver limits = quota(q -> q.octets(600, MINUTE));
    Pace pace = pace(limits, REQUEST);
    assertEquals(0, pace.toClient(650));
    assertRefused(429, "the quota of 600 octets in 1 minute is used up", 6, limits, REQUEST);
    now = 6 * SECOND;
    begin(limits, REQUEST);
  }

  @Test
  void whatIsUnderWayIsCutIfAsked() {
    DestinationResolver limits = quota(q -> q.octets(1000, DAY).cutOff());
    Pace one = pace(limits, REQUEST);
    Pace other = pace(limits, REQUEST);
    assertEquals(0, one.toClient(1000));
    assertEquals(0, other.toClient(0));
    now = SECOND;
    assertEquals(Pace.NO_MORE, other.fromClient(1));
    assertEquals(403, other.exhausted().status());
    assertEquals("the quota of 1000 octets in 1 day is used up", other.exhausted().detail());
    assertEquals("86399", other.exhausted().fields().first(FieldName.of("Retry-After")));
  }

  @Test
  void aTunnelOfYesterdayUsesTheOctetsOfToday() {
    DestinationResolver limits = quota(q -> q.perUser().octets(1000, DAY));
    Pace tunnel = pace(limits, connect("www.example.com:443"));
    now = 100_000 * SECOND;
    tunnel.toClient(1000);
    assertInstanceOf(Failure.class, limits.resolve(REQUEST));
  }

  private DestinationResolver bandwidth(Consumer<BandwidthBuilder> details) {
    builder.bandwidth(details);
    return limits();
  }

  @Test
  void withoutLimitOfOctetsThereIsNoPace() {
    builder.bandwidth(b -> b.only(to("a.example")).whole(1000));
    DestinationResolver limits = quota(q -> q.requests(9, MINUTE).maxTunnels(1));
    assertNull(assertInstanceOf(Route.class, limits.resolve(REQUEST)).pace(REQUEST));
  }

  @Test
  void octetsWaitForTheTimeTheyTakeButForTheBurst() {
    Pace pace = pace(bandwidth(b -> b.whole(1000)), REQUEST);
    assertEquals(0, pace.toClient(100)); // a tenth of a second
    assertEquals(SECOND / 10, pace.toClient(100));
    now = SECOND / 10;
    assertEquals(0, pace.toClient(0));
    now = 60 * SECOND;
    assertEquals(SECOND / 1000, pace.toClient(101)); // no more was saved
  }

  @Test
  void upAndDownHaveRatesOfTheirOwn() {
    Pace pace = pace(bandwidth(b -> b.whole(1000, 4000).burst(Duration.ofNanos(1))), REQUEST);
    assertEquals(SECOND - 1, pace.fromClient(1000));
    assertEquals(SECOND / 4 - 1, pace.toClient(1000));
    Pace down = pace(bandwidth(b -> b.perUser(0, 2000)), REQUEST);
    assertEquals(SECOND - 1, down.fromClient(1000)); // what the first limit says
  }

  @Test
  void usersShareTheirRateAndAllShareTheWhole() {
    DestinationResolver limits =
        bandwidth(b -> b.perUser(1000).whole(2000).burst(Duration.ofNanos(1)));
    Pace ada = pace(limits, of("ada", REQUEST));
    Pace again = pace(limits, of("ada", REQUEST));
    Pace bob = pace(limits, of("bob", REQUEST));
    assertEquals(SECOND - 1, ada.toClient(1000));
    assertEquals(2 * SECOND - 1, again.toClient(1000));
    assertEquals(SECOND + SECOND / 2 - 1, bob.toClient(1000)); // 3000 of the whole
  }

  @Test
  void aConnectionKeepsItsRateFromOneRequestToTheNext() {
    DestinationResolver limits = bandwidth(b -> b.perConnection(1000).burst(Duration.ofNanos(1)));
    pace(limits, REQUEST).toClient(3000);
    assertEquals(3 * SECOND - 1, pace(limits, REQUEST).toClient(0));
    ClientRequest elsewhere = getFrom("192.0.2.11", "http://www.example.com/");
    assertEquals(0, Math.max(0, pace(limits, elsewhere).toClient(0)));
  }

  @Test
  void theSlowestOfSeveralLimitsCounts() {
    builder.bandwidth(b -> b.whole(2000).burst(Duration.ofNanos(1)));
    DestinationResolver limits =
        bandwidth(b -> b.only(to("www.example.com")).whole(1000).burst(Duration.ofNanos(1)));
    assertEquals(SECOND - 1, pace(limits, REQUEST).toClient(1000));
    assertEquals(SECOND - 1, pace(limits, get("http://b.example/")).toClient(1000));
  }
}
