package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.core.testkit.Tls;
import io.tidegate.reverse.protect.OwnFilters;
import io.tidegate.reverse.protect.ProtectionBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before a request gets to its cluster, and what that does to responses. */
class ProtectionTest {
  private static final Destination APP = new Destination(false, "app", 8080, null);

  private final ReverseProxy.Builder builder =
      ReverseProxy.builder()
          .trustedClients("10.0.0.0/8")
          .cluster("app", c -> c.endpoint("http://app:8080"));
  private long now;

  private Assembly assembly() {
    return new Assembly(
        builder.settings(),
        Map.of(),
        List.of(),
        OwnFilters.NONE,
        Tls.sources(),
        new Random(1),
        () -> now,
        new Kept(),
        new Checks());
  }

  private Assembly assembly(Consumer<ProtectionBuilder> ofRoute) {
    builder.route(path("/**"), r -> r.to("app").protect(ofRoute));
    return assembly();
  }

  private static ClientRequest from(String client, String... fields) {
    return Requests.request("GET", "shop.example", "/", true, client, fields);
  }

  private static String text(Resolution resolution) {
    if (resolution instanceof Failure failure) {
      return failure.status() + " " + failure.error().token() + ": " + failure.detail();
    }
    return resolution instanceof Route ? "passes" : "answered";
  }

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.7   |              | passes",
        "192.0.2.66  |              | refused",
        "198.51.100.1|              | refused",
        "10.0.0.1    | 192.0.2.7    | passes",
        "10.0.0.1    | 192.0.2.66   | refused",
        "10.0.0.1    | unknown      | refused",
        "192.0.2.7   | 198.51.100.1 | passes",
      })
  void clientsAreAllowedAndDeniedByAddress(String client, String forwardedFor, String expected) {
    String[] fields =
        forwardedFor == null ? new String[0] : new String[] {"X-Forwarded-For", forwardedFor};
    Consumer<ProtectionBuilder> lists =
        p -> p.allowClients("192.0.2.0/24", "192.0.2.66").denyClients("192.0.2.66");
    String refusal = "403 http_request_denied: this client may not ask";
    String result = expected.equals("refused") ? refusal : expected;
    assertEquals(result, text(assembly(lists).routeTable().resolve(from(client, fields))));
    builder.protect(lists);
    Failure refused = assembly().access().refuses(from(client, fields));
    assertEquals(result, refused == null ? "passes" : text(refused));
  }

  @Test
  void whatIsNotProtectedCostsNothing() {
    Assembly assembly = assembly(p -> {});
    assertSame(AccessPolicy.PERMIT_ALL, assembly.access());
    assertSame(assembly.routeTable().resolve(from("192.0.2.1")).getClass(), ReverseRoute.class);
  }

  @Test
  void otherMethodsThanThoseAllowedAreRefused() {
    Assembly assembly = assembly(p -> p.allowMethods("GET", "PUT"));
    for (String method : List.of("GET", "HEAD", "PUT")) {
      assertEquals(
          "passes",
          text(
              assembly
                  .routeTable()
                  .resolve(Requests.request(method, "a", "/", true, "192.0.2.1"))));
    }
    Failure refused =
        assertInstanceOf(
            Failure.class,
            assembly.routeTable().resolve(Requests.request("POST", "a", "/", true, "192.0.2.1")));
    assertEquals("405 http_request_denied: the method is not allowed here", text(refused));
    assertEquals("GET, HEAD, PUT", refused.fields().first(FieldName.of("Allow")));
  }

  @Test
  void aRequestTooManyIsToldWhenToComeBack() {
    var table =
        assembly(p -> p.rateLimit("site", 2, Duration.ofSeconds(3), l -> l.perClient()))
            .routeTable();
    assertEquals("passes", text(table.resolve(from("192.0.2.1"))));
    assertEquals("passes", text(table.resolve(from("192.0.2.1"))));
    Failure refused = assertInstanceOf(Failure.class, table.resolve(from("192.0.2.1")));
    assertEquals("429 http_request_denied: too many requests", text(refused));
    assertEquals("2", refused.fields().first(FieldName.of("Retry-After")));
    assertEquals("\"site\";q=2;w=3", refused.fields().first(FieldName.of("RateLimit-Policy")));
    assertEquals("\"site\";r=0;t=3", refused.fields().first(FieldName.of("RateLimit")));
    assertEquals("passes", text(table.resolve(from("192.0.2.2"))));
    now += 1_500_000_000L;
    assertEquals("passes", text(table.resolve(from("192.0.2.1"))));
  }

  @Test
  void aLimitOfTheProxyCountsOverAllRoutesAndBeforeThoseOfTheRoute() {
    builder.protect(p -> p.rateLimit("all", 1, Duration.ofSeconds(1), l -> {})).route("/b", "app");
    var table = assembly(p -> {}).routeTable();
    assertEquals("passes", text(table.resolve(Requests.get("a", "/b"))));
    assertEquals(
        "429 http_request_denied: too many requests", text(table.resolve(Requests.get("a", "/"))));
  }

  private static Fields answered(Route route, ClientRequest request, String... fields) {
    ResponseHead head = new ResponseHead(HttpVersion.HTTP_1_1, 200, "OK", Fields.of(fields));
    FieldEdits edits = new FieldEdits(head.fields());
    route.headers().clientResponse(request, APP, head, edits);
    return edits.toFields();
  }

  @Test
  void clientsAreToldWhatIsLeftIfTheUserSaysSo() {
    var table =
        assembly(
                p ->
                    p.rateLimit("a", 4, Duration.ofSeconds(8), l -> l.tellClients())
                        .rateLimit("b", 100, Duration.ofSeconds(1), l -> {})
                        .rateLimit("c", 9, Duration.ofSeconds(9), l -> l.tellClients()))
            .routeTable();
    ClientRequest request = from("192.0.2.1");
    Route route = assertInstanceOf(Route.class, table.resolve(request));
    Fields answer = answered(route, request, "RateLimit", "\"app\";r=5;t=1");
    assertEquals(
        "\"app\";r=5;t=1, \"a\";r=3;t=2, \"c\";r=8;t=1", answer.first(FieldName.of("RateLimit")));
    assertEquals("\"a\";q=4;w=8, \"c\";q=9;w=9", answer.first(FieldName.of("RateLimit-Policy")));
    assertFalse(route.headers().treatsAllAlike(Fields.empty()));
  }

  @Test
  void refusalsHaveTheFieldsOfOtherResponses() {
    var table =
        assembly(
                p ->
                    p.allowMethods("PUT")
                        .securityFields(f -> f.noSniff())
                        .cors(c -> c.origins("https://app.example")))
            .routeTable();
    Failure refused =
        assertInstanceOf(
            Failure.class, table.resolve(from("192.0.2.1", "Origin", "https://app.example")));
    assertEquals("nosniff", refused.fields().first(FieldName.of("X-Content-Type-Options")));
    assertEquals("Origin", refused.fields().first(FieldName.VARY));
    assertEquals(
        "https://app.example", refused.fields().first(FieldName.of("Access-Control-Allow-Origin")));
  }

  @Test
  void aRefusalOfTheProxyHasItsSecurityFields() {
    builder.protect(p -> p.denyClients("0.0.0.0/0").securityFields(f -> f.noSniff()));
    Failure refused = Objects.requireNonNull(assembly(p -> {}).access().refuses(from("192.0.2.1")));
    assertEquals("nosniff", refused.fields().first(FieldName.of("X-Content-Type-Options")));
  }

  @Test
  void aPreflightIsAnsweredWhateverTheMethodsButNotToThoseWhoMayNotAsk() {
    ClientRequest preflight =
        Requests.request(
            "OPTIONS",
            "a",
            "/",
            true,
            "192.0.2.1",
            "Origin",
            "https://app.example",
            "Access-Control-Request-Method",
            "GET");
    Consumer<ProtectionBuilder> cors =
        p -> p.allowMethods("GET").cors(c -> c.origins("https://app.example"));
    OwnResponse answer =
        assertInstanceOf(OwnResponse.class, assembly(cors).routeTable().resolve(preflight));
    assertEquals(204, answer.status());
    ReverseProxy.Builder denying =
        ReverseProxy.builder().cluster("app", c -> c.endpoint("http://a"));
    denying.route(
        path("/**"), r -> r.to("app").protect(cors).protect(p -> p.denyClients("192.0.2.1")));
    assertEquals(
        "403 http_request_denied: this client may not ask",
        text(
            new Assembly(
                    denying.settings(),
                    Map.of(),
                    List.of(),
                    OwnFilters.NONE,
                    Tls.sources(),
                    new Random(1),
                    () -> now,
                    new Kept(),
                    new Checks())
                .routeTable()
                .resolve(preflight)));
  }

  @Test
  void theRoutesOwnFieldsReplaceThoseOfTheProxy() {
    builder.protect(
        p -> p.securityFields(f -> f.noSniff().referrerPolicy("no-referrer")).maxBodyBytes(5));
    Route route =
        assertInstanceOf(
            Route.class,
            assembly(p -> p.securityFields(f -> f.referrerPolicy("origin")).maxBodyBytes(7))
                .routeTable()
                .resolve(from("192.0.2.1")));
    Fields answer = answered(route, from("192.0.2.1"));
    assertEquals("origin", answer.first(FieldName.of("Referrer-Policy")));
    assertFalse(answer.contains(FieldName.of("X-Content-Type-Options")));
    assertEquals(7, Objects.requireNonNull(route.settings()).maxBodyBytes());
  }

  @Test
  void withoutALimitOfItsOwnARouteHasThatOfTheProxy() {
    Route route =
        assertInstanceOf(Route.class, assembly(p -> {}).routeTable().resolve(from("192.0.2.1")));
    assertEquals(ExchangeSettings.DEFAULT, route.settings());
  }

  @ParameterizedTest(name = "stored heads are kept: {1}")
  @CsvSource({
    "none, true",
    "usual, true",
    "hsts, false",
    "any origin, true",
    "named origin, false",
  })
  void onlyWhatIsTheSameForAllIsKeptWithAStoredResponse(String kind, boolean alike) {
    Map<String, Consumer<ProtectionBuilder>> kinds =
        Map.of(
            "none", p -> {},
            "usual", p -> p.securityFields(f -> f.usual()),
            "hsts",
                p -> p.securityFields(f -> f.strictTransportSecurity(Duration.ofDays(1), false)),
            "any origin", p -> p.cors(c -> c.origins("*")),
            "named origin", p -> p.cors(c -> c.origins("https://app.example")));
    Route route =
        assertInstanceOf(
            Route.class,
            assembly(Objects.requireNonNull(kinds.get(kind)))
                .routeTable()
                .resolve(from("192.0.2.1")));
    assertEquals(alike, route.headers().treatsAllAlike(Fields.empty()));
  }

  @Test
  void fieldsThatOverrideAreKeptFromTheUpstream() {
    ClientRequest request = from("192.0.2.1", "X-Original-URL", "/admin", "A", "1");
    Route route =
        assertInstanceOf(
            Route.class,
            assembly(p -> p.filters(f -> f.removeOverrideFields())).routeTable().resolve(request));
    FieldEdits edits = new FieldEdits(request.head().fields());
    route.headers().upstreamRequest(request, APP, edits);
    assertFalse(edits.contains(FieldName.of("X-Original-URL")));
    assertTrue(edits.contains(FieldName.of("A")));
  }

  @Test
  void activeRequestsCountUntilTheirExchangeEnds() {
    var table = assembly(p -> p.maxActiveRequests(2).maxActiveRequestsPerClient(1)).routeTable();
    Route first = assertInstanceOf(Route.class, table.resolve(from("192.0.2.1")));
    Destinations destinations = first.destinations(from("192.0.2.1"));
    assertEquals(APP, destinations.next());
    assertEquals(
        "429 http_request_denied: too many requests of this client are under way",
        text(table.resolve(from("192.0.2.1"))));
    Route second = assertInstanceOf(Route.class, table.resolve(from("192.0.2.2")));
    assertEquals(
        "503 connection_limit_reached: too many requests are under way",
        text(table.resolve(from("192.0.2.3"))));
    destinations.finished(APP, null);
    assertEquals(
        "429 http_request_denied: too many requests of this client are under way",
        text(table.resolve(from("192.0.2.1"))));
    destinations.ended();
    assertEquals("passes", text(table.resolve(from("192.0.2.1"))));
    second.destinations(from("192.0.2.2")).ended();
    assertEquals("passes", text(table.resolve(from("192.0.2.3"))));
  }

  @Test
  void aRevalidationOfTheCachesOwnEndsNoCount() {
    var table = assembly(p -> p.maxActiveRequests(1)).routeTable();
    Route route = assertInstanceOf(Route.class, table.resolve(from("192.0.2.1")));
    Destinations ofExchange = route.destinations(from("192.0.2.1"));
    Destinations ofRevalidation = route.destinations(from("192.0.2.1"));
    ofRevalidation.ended();
    assertEquals(
        ProxyError.CONNECTION_LIMIT_REACHED,
        assertInstanceOf(Failure.class, table.resolve(from("192.0.2.2"))).error());
    ofExchange.ended();
    assertEquals("passes", text(table.resolve(from("192.0.2.2"))));
  }

  @Test
  void aCountedRouteIsOtherwiseTheSame() {
    var table = assembly(p -> p.maxActiveRequests(9).maxBodyBytes(3)).routeTable();
    Route route = assertInstanceOf(Route.class, table.resolve(from("192.0.2.1")));
    assertEquals("app", route.toString());
    assertEquals("/", route.pathAndQuery(from("192.0.2.1")));
    assertEquals(3, Objects.requireNonNull(route.settings()).maxBodyBytes());
    assertNotNull(route.retry());
    assertNull(route.hedging());
    assertNull(route.instead(from("192.0.2.1"), Failure.denied("x")));
  }
}
