package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.route.RouteTable;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A route does what the builder was told. */
class RouteTest {
  private static final Destination APP = new Destination(false, "app", 8080, null);
  private final ReverseProxy.Builder builder =
      ReverseProxy.builder().cluster("app", c -> c.endpoint("http://app:8080"));

  private Route route(Consumer<RouteBuilder> details, ClientRequest request) {
    builder.route(path("/orders/**"), r -> details.accept(r.to("app")));
    RouteTable table = RouteTables.of(builder.settings());
    return assertInstanceOf(Route.class, table.resolve(request));
  }

  private static Fields sent(Route route, ClientRequest request) {
    FieldEdits edits = new FieldEdits(request.head().fields());
    route.headers().upstreamRequest(request, APP, edits);
    return edits.toFields();
  }

  private static Fields answered(Route route, ClientRequest request, String... fields) {
    ResponseHead head = new ResponseHead(HttpVersion.HTTP_1_1, 302, "", Fields.of(fields));
    FieldEdits edits = new FieldEdits(head.fields());
    route.headers().clientResponse(request, APP, head, edits);
    return edits.toFields();
  }

  @ParameterizedTest(name = "{0} is sent as {1}")
  @CsvSource({
    "/orders/7?a=%2F&b, /v2/7?a=%2F&b",
    "/orders, /v2",
    "/%6frders/%37, /v2/%37",
    "/x/../orders/7/./8?q=/../, /v2/7/8?q=/../",
    "/orders//7, /v2//7",
    "/orders/a%2fb, /v2/a%2fb",
    "http://h/orders/7, /v2/7",
  })
  void prefixesAreStrippedAndAdded(String target, String expected) {
    ClientRequest request = Requests.get("shop.example", target);
    Route route = route(r -> r.stripPrefix("/orders").addPrefix("/v2"), request);
    assertEquals(expected, route.pathAndQuery(request));
  }

  @Test
  void withoutPrefixesThePathIsSentAsItCame() {
    ClientRequest request = Requests.get("shop.example", "/%6Frders/%7e?%7e");
    assertSame(
        ((io.tidegate.core.http.RequestTarget.OriginForm) request.target()).pathAndQuery(),
        route(r -> {}, request).pathAndQuery(request));
  }

  @Test
  void theDestinationsAreThoseOfTheCluster() {
    ClientRequest request = Requests.get("shop.example", "/orders/7");
    Route route = route(r -> {}, request);
    assertEquals(APP, route.destinations(request).next());
    assertEquals("app", route.toString());
  }

  private String host(Consumer<RouteBuilder> details, String clientHost) {
    ClientRequest request = Requests.get(clientHost, "/orders/7");
    return route(details, request).headers().host(request, APP);
  }

  @Test
  void theUpstreamSeesTheClientsHost() {
    assertEquals("shop.example:81", host(r -> {}, "shop.example:81"));
  }

  @Test
  void ifTheClientNamedNoHostTheUpstreamSeesItsOwn() {
    assertEquals("app:8080", host(r -> {}, ""));
  }

  @Test
  void theUpstreamSeesItsOwnHostIfToldSo() {
    assertEquals("app:8080", host(RouteBuilder::endpointHost, "shop.example"));
  }

  @Test
  void theUpstreamSeesTheHostSet() {
    assertEquals("internal:81", host(r -> r.host("internal:81"), "shop.example"));
  }

  @Test
  void theProxysHostHoldsUnlessTheRouteHasItsOwn() {
    builder.endpointHost();
    assertEquals("shop.example", host(RouteBuilder::preserveHost, "shop.example"));
  }

  @Test
  void theProxysHostHoldsForRoutesWithoutOne() {
    builder.host("internal");
    assertEquals("internal", host(r -> {}, "shop.example"));
  }

  @Test
  void theLastHostCalledCounts() {
    builder.host("internal").endpointHost().preserveHost();
    assertEquals("shop.example", host(r -> {}, "shop.example"));
  }

  @Test
  void theUpstreamIsToldAboutTheClient() {
    ClientRequest request =
        Requests.request(
            "GET",
            "shop.example",
            "/orders/7",
            true,
            "203.0.113.9",
            "X-Forwarded-For",
            "198.51.100.1",
            "Forwarded",
            "for=198.51.100.1");
    Fields fields = sent(route(r -> {}, request), request);
    assertEquals("203.0.113.9", fields.first(FieldName.X_FORWARDED_FOR));
    assertEquals("https", fields.first(FieldName.X_FORWARDED_PROTO));
    assertEquals("shop.example", fields.first(FieldName.X_FORWARDED_HOST));
    assertEquals("443", fields.first(FieldName.X_FORWARDED_PORT));
    assertNull(fields.first(FieldName.FORWARDED));
  }

  @Test
  void theSchemeIsThatOfTheConnectionWhateverTheTargetSays() {
    ClientRequest request = Requests.get("", "https://shop.example/orders/7");
    Fields fields = sent(route(r -> {}, request), request);
    assertEquals("http", fields.first(FieldName.X_FORWARDED_PROTO));
  }

  @Test
  void theModeAndTheTrustedClientsAreTheProxys() {
    builder.forwarded(ForwardedMode.FORWARDED).trustedClients("203.0.113.0/24", "10.0.0.1");
    ClientRequest request =
        Requests.request(
            "GET", "h", "/orders/7", false, "203.0.113.9", "Forwarded", "for=198.51.100.1");
    Fields fields = sent(route(r -> {}, request), request);
    assertEquals(
        "for=198.51.100.1, for=203.0.113.9;host=h;proto=http", fields.first(FieldName.FORWARDED));
  }

  @Test
  void rulesOfProxyAndRouteHaveTheLastWord() {
    builder.requestField("X-A", "proxy").requestField("X-B", "proxy").removeRequestField("Accept");
    ClientRequest request =
        Requests.request(
            "GET", "h", "/orders/7", false, "203.0.113.9", "Accept", "*/*", "X-A", "client");
    Route route =
        route(
            r ->
                r.requestField("X-A", "route")
                    .requestField("X-Forwarded-Host", "mine")
                    .removeRequestField("X-Forwarded-For"),
            request);
    Fields fields = sent(route, request);
    assertEquals("route", fields.first(FieldName.of("X-A")));
    assertEquals("proxy", fields.first(FieldName.of("X-B")));
    assertEquals("mine", fields.first(FieldName.X_FORWARDED_HOST));
    assertNull(fields.first(FieldName.X_FORWARDED_FOR));
    assertNull(fields.first(FieldName.of("Accept")));
  }

  @Test
  void rulesForResponsesHaveTheLastWord() {
    builder.responseField("X-A", "proxy").removeResponseField("Server");
    ClientRequest request = Requests.get("h", "/orders/7");
    Route route =
        route(
            r ->
                r.stripPrefix("/orders")
                    .responseField("Location", "/fixed")
                    .removeResponseField("X-A"),
            request);
    Fields fields = answered(route, request, "Location", "/7", "Server", "s", "X-C", "c");
    assertEquals("/fixed", fields.first(FieldName.LOCATION));
    assertEquals("[X-C, Location]", fields.toString());
  }

  @ParameterizedTest(name = "{0} secure {1} from {2}: {3}")
  @CsvSource({
    "shop.example:81, false, 203.0.113.9, http://shop.example:81/orders/7",
    "shop.example, true, 203.0.113.9, https://shop.example/orders/7",
    "'', false, 203.0.113.9, /orders/7",
    "shop.example, false, 10.0.0.1, /orders/7",
  })
  void redirectsToTheUpstreamLeadBackThroughTheRoute(
      String host, boolean secure, String client, String expected) {
    builder.trustedClients("10.0.0.0/8");
    ClientRequest request = Requests.request("GET", host, "/orders/7", secure, client);
    Route route = route(r -> r.stripPrefix("/orders"), request);
    Fields fields = answered(route, request, "Location", "http://app:8080/7");
    assertEquals(expected, fields.first(FieldName.LOCATION));
  }

  @Test
  void redirectsToTheHostSetLeadBackToo() {
    ClientRequest request = Requests.get("shop.example", "/orders/7");
    Route route = route(r -> r.host("internal"), request);
    assertEquals(
        "http://shop.example/7",
        answered(route, request, "Location", "http://internal/7").first(FieldName.LOCATION));
  }

  @Test
  void cookiesLeadBackThroughTheRoute() {
    ClientRequest request = Requests.get("shop.example", "/orders/7");
    Route route = route(r -> r.stripPrefix("/orders"), request);
    assertEquals(
        "a=b; Path=/orders",
        answered(route, request, "Set-Cookie", "a=b; Path=/; Domain=app")
            .first(FieldName.SET_COOKIE));
  }

  @Test
  void referencesToOtherClustersLeadThroughTheirRoutes() {
    builder
        .cluster("img", c -> c.endpoint("http://img:9000").alsoKnownAs("img.internal"))
        .route(path("/beta/**").cookie("beta"), r -> r.to("img").stripPrefix("/beta"))
        .route(path("/img/**"), r -> r.to("img").stripPrefix("/img"));
    ClientRequest request = Requests.get("shop.example", "/orders/7");
    Fields fields =
        answered(
            route(r -> {}, request),
            request,
            "Location",
            "http://img:9000/a.png",
            "Link",
            "<https://img.internal/b.png>; rel=preload",
            "Via",
            "1.1 img.internal",
            "Alt-Svc",
            "h2=\":8443\"");
    assertEquals("http://shop.example/img/a.png", fields.first(FieldName.LOCATION));
    assertEquals(
        "<http://shop.example/img/b.png>; rel=preload", fields.first(FieldName.of("Link")));
    assertEquals("1.1 upstream", fields.first(FieldName.VIA));
    assertNull(fields.first(FieldName.of("Alt-Svc")));
  }

  @ParameterizedTest(name = "secure {0}, told {1} by {2}: {3}")
  @CsvSource({
    "true, http, 203.0.113.9, true",
    "false, https, 203.0.113.9, false",
    "false, https, 10.0.0.1, true",
    "true, http, 10.0.0.1, false",
  })
  void cookiesBecomeSecureIfTheClientsSideIs(
      boolean connection, String told, String client, boolean secure) {
    builder.trustedClients("10.0.0.0/8");
    ClientRequest request =
        Requests.request("GET", "h", "/orders/7", connection, client, "X-Forwarded-Proto", told);
    Route route = route(RouteBuilder::secureCookies, request);
    assertEquals(
        secure ? "a=b; Secure" : "a=b",
        answered(route, request, "Set-Cookie", "a=b").first(FieldName.SET_COOKIE));
  }
}
