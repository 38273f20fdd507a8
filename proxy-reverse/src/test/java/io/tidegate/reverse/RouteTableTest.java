package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Resolution;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
  private static RouteTable table(RouteMatch... matches) {
    ReverseProxy.Builder builder = ReverseProxy.builder();
    for (RouteMatch match : matches) {
      String cluster = match.toString();
      builder.cluster(cluster, c -> c.endpoint("http://app")).route(match, r -> r.to(cluster));
    }
    return RouteTables.of(builder.settings());
  }

  private static String routed(RouteTable table, ClientRequest request) {
    Resolution resolution = table.resolve(request);
    return resolution instanceof Failure failure ? failure.error().token() : resolution.toString();
  }

  private static final RouteMatch[] PRECEDENCE = {
    path("/**"),
    path("/a/**"),
    path("/a/{x}"),
    path("/a/b"),
    host("*.example"),
    host("*.shop.example").path("/a/**"),
    host("www.shop.example").path("/a"),
    path("/a/b/**").host("www.shop.example"),
  };

  @ParameterizedTest(name = "{0} {1} takes {2}")
  @CsvSource({
    "other, /, /**",
    "other, /x, /**",
    "other, /a, /a/**",
    "other, /a/x, /a/{x}",
    "other, /a/b, /a/b",
    "other, /a/b/, /a/**",
    "other, /a/x/y, /a/**",
    "example, /, /**",
    "x.example, /a/b, *.example/**",
    "shop.example, /a/b, *.example/**",
    "x.shop.example, /a/b, *.shop.example/a/**",
    "x.shop.example, /x, *.example/**",
    "www.shop.example, /a, www.shop.example/a",
    "www.shop.example, /a/b, www.shop.example/a/b/**",
    "www.shop.example, /a/c, *.shop.example/a/**",
    "www.shop.example, /x, *.example/**",
    "WWW.Shop.Example.:8080, /a, www.shop.example/a",
  })
  void theMostSpecificRouteTakesARequest(String host, String target, String expected) {
    assertEquals(expected, routed(table(PRECEDENCE), Requests.get(host, target)));
    List<RouteMatch> reversed = new ArrayList<>(List.of(PRECEDENCE));
    java.util.Collections.reverse(reversed);
    RouteTable other = table(reversed.toArray(RouteMatch[]::new));
    assertEquals(expected, routed(other, Requests.get(host, target)), "in any order");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/x",
        "/%61dmin/x",
        "/%61%64%6D%69%6e/x",
        "/./admin/x",
        "/public/../admin/x",
        "/public/%2e%2e/admin/x",
        "/public/.%2E/admin/x",
        "/../admin/x",
        "/public//../../admin/x",
        "/admin/x?/public",
        "/admin/x%2fy",
        "/admin/../admin",
        "http://h/admin/x",
      })
  void noSpellingOfAPathEscapesItsRoute(String target) {
    RouteTable table = table(path("/**"), path("/public/**"), path("/admin/**"));
    assertEquals("/admin/**", routed(table, Requests.get("h", target)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/public/x",
        "/public/a%2fb",
        "/public/%00",
        "/public/%0d%0aX:y",
        "/public/..x",
        "/admin/../public",
        "/public?/../admin",
      })
  void noSpellingOfAPathReachesAnotherRoute(String target) {
    RouteTable table = table(path("/**"), path("/public/**"), path("/admin/**"));
    assertEquals("/public/**", routed(table, Requests.get("h", target)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/public/..;/admin", "/public/..%2fadmin", "/public/..\\admin"})
  void anAmbiguousDotSegmentIsABadRequest(String target) {
    Failure failure =
        assertInstanceOf(Failure.class, table(path("/**")).resolve(Requests.get("h", target)));
    assertEquals(400, failure.status());
    assertEquals(ProxyError.HTTP_REQUEST_ERROR, failure.error());
  }

  @Test
  void withoutARouteNothingIsFound() {
    Failure failure =
        assertInstanceOf(Failure.class, table(path("/a")).resolve(Requests.get("h", "/b")));
    assertEquals(404, failure.status());
    assertEquals(ProxyError.DESTINATION_NOT_FOUND, failure.error());
    assertInstanceOf(Failure.class, table().resolve(Requests.get("h", "/")));
    assertInstanceOf(Failure.class, table(host("a")).resolve(Requests.get("b", "/")));
  }

  @Test
  void aRequestWithoutHostTakesARouteForAnyHost() {
    assertEquals("/**", routed(table(path("/**"), host("a")), Requests.get("", "/")));
  }

  @Test
  void onlyARouteForAllPathsTakesTheServerAsAWhole() {
    ClientRequest options = Requests.request("OPTIONS", "h", "*", false, "203.0.113.9");
    RouteTable table = table(path("/*"), path("/a/**"), path("/**"));
    assertEquals("/**", routed(table, options));
    assertEquals("*", ((Route) table.resolve(options)).pathAndQuery(options));
    assertEquals("destination_not_found", routed(table(path("/*")), options));
  }
}
