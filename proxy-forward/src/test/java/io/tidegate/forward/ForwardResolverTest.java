package io.tidegate.forward;

import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.Route;
import io.tidegate.core.testkit.Tls;
import io.tidegate.forward.access.ForwardAccess;
import io.tidegate.forward.egress.EgressAssembly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardResolverTest {
  private static final HeaderPolicy HEADERS = new HeaderPolicy() {};
  private static final ForwardResolver RESOLVER = resolver(ForwardProxy.builder());

  private static ForwardResolver resolver(ForwardProxy.Builder builder) {
    return new ForwardResolver(Sample.access(builder), HEADERS, null);
  }

  private static Destination destination(ClientRequest request) {
    Route route = assertInstanceOf(Route.class, RESOLVER.resolve(request));
    assertSame(HEADERS, route.headers());
    Destinations destinations = route.destinations(request);
    Destination destination = destinations.next();
    assertNull(destinations.next(), "there is only one");
    return destination;
  }

  @ParameterizedTest(name = "{0} goes to {1}:{2}")
  @CsvSource(
      textBlock =
          """
          http://example.com/,           example.com,              80
          http://Example.COM.:8080/a?b,  example.com,              8080
          http://203.0.113.7,            203.0.113.7,              80
          http://[2001:DB8::7]:81/,      2001:db8:0:0:0:0:0:7,     81
          http://[::ffff:203.0.113.7]/,  203.0.113.7,              80
          """)
  void httpGoesWhereTheUriSays(String uri, String host, int port) {
    assertEquals(new Destination(false, host, port, null), destination(Sample.get(uri)));
  }

  @Test
  void connectGoesThereWithoutTlsOfOurs() {
    assertEquals(
        new Destination(false, "example.com", 443, null),
        destination(Sample.connect("EXAMPLE.com:443")));
  }

  /** The cache keeps heads of responses for a policy. */
  @Test
  void requestsThatARuleSendsOverTlsHaveOnePolicy() {
    ForwardProxy.Builder builder =
        ForwardProxy.builder().egress(e -> e.sending(to("example.com"), s -> s.https()));
    EgressAssembly egress =
        new EgressAssembly(
            builder.settings().egress(),
            Sample.MATCHERS,
            Tls.sources(),
            System::nanoTime,
            new Kept(),
            new Checks());
    ForwardResolver resolver =
        new ForwardResolver(Sample.access(builder), HEADERS, egress.egress());
    ClientRequest request = Sample.get("http://example.com/");
    Route first = assertInstanceOf(Route.class, resolver.resolve(request));
    Route second = assertInstanceOf(Route.class, resolver.resolve(request));
    assertNotSame(HEADERS, first.headers());
    assertSame(first.headers(), second.headers());
  }

  @Test
  void hostFieldIsTheAuthorityOfTheTarget() {
    ClientRequest request = Sample.get("http://example.com:8080/");
    assertEquals("example.com:8080", HEADERS.host(request, destination(request)));
  }

  @Test
  void pathAndQueryAreTakenAsTheyCame() {
    ClientRequest request = Sample.get("http://example.com/a%2Fb?c=%20");
    Route route = (Route) RESOLVER.resolve(request);
    assertEquals("/a%2Fb?c=%20", route.pathAndQuery(request));
  }

  @Test
  void hostThatIsNeitherNameNorAddressHasNoRoute() {
    assertSame(ForwardAccess.BAD_HOST, RESOLVER.resolve(Sample.get("http://127.1/")));
  }

  @ParameterizedTest(name = "{0} passes by the cache: {1}")
  @CsvSource({
    "http://name.example/, true",
    "http://sure.example/, false",
    "http://203.0.113.7/, false"
  })
  void whatDependsOnTheAddressPassesByTheCache(String uri, boolean expected) {
    ForwardResolver resolver =
        resolver(
            ForwardProxy.builder().allow(to("sure.example")).allow(toAddress("203.0.113.0/24")));
    Route route = assertInstanceOf(Route.class, resolver.resolve(Sample.get(uri)));
    assertEquals(expected, route.passesCache());
  }
}
