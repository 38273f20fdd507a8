package io.tidegate.reverse.cluster;

import static io.tidegate.reverse.cluster.Clusters.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Secret;
import io.tidegate.reverse.Requests;
import io.tidegate.reverse.affinity.AffinitySettings;
import io.tidegate.reverse.affinity.AffinityTokens;
import io.tidegate.reverse.health.EndpointState;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients stay with the endpoint that a cookie leads them back to. */
class AffinityTest {
  private final Endpoint a = endpoint("a");
  private final Endpoint b = endpoint("b");

  private static AffinitySettings settings(boolean strict) {
    return new AffinitySettings("node", Optional.empty(), Optional.empty(), strict);
  }

  private Cluster cluster(boolean strict, int maxActive) {
    return Clusters.cluster(Clusters.settings(Optional.of(settings(strict)), maxActive, 9), a, b);
  }

  private static ClientRequest request(boolean secure, String... fields) {
    return Requests.request("GET", "h", "/", secure, "192.0.2.7", fields);
  }

  private static Fields answer(
      Cluster cluster, ClientRequest request, Destination from, String... fields) {
    FieldEdits edits = new FieldEdits(Fields.of(fields));
    AffinitySettings affinity = cluster.policy().settings.affinity().orElseThrow();
    cluster.affinityCookie(affinity).addTo(request, from, edits);
    return edits.toFields();
  }

  /** The cookie that leads to {@code endpoint}. */
  private static String cookie(Cluster cluster, Endpoint endpoint) {
    String set =
        answer(cluster, request(false), endpoint.destination()).first(FieldName.SET_COOKIE);
    return set.substring(0, set.indexOf(';'));
  }

  private static Destinations exchange(Cluster cluster, String cookie) {
    return cluster.destinations(request(false, "Cookie", "x=y; " + cookie));
  }

  private static String next(Destinations exchange) {
    Destination next = exchange.next();
    return next == null ? "none" : next.host();
  }

  @Test
  void theCookieLeadsBack() {
    Cluster cluster = cluster(false, 0);
    assertEquals("b", next(exchange(cluster, cookie(cluster, b))));
    assertEquals("a", next(exchange(cluster, cookie(cluster, a))));
    assertEquals("a", next(cluster.destinations(request(false))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoBringsTheCookieGetsNoneAgain(boolean strict) {
    Cluster cluster = cluster(strict, 0);
    ClientRequest request = request(false, "Cookie", cookie(cluster, b));
    assertFalse(answer(cluster, request, b.destination()).contains(FieldName.SET_COOKIE));
    assertTrue(answer(cluster, request, a.destination()).contains(FieldName.SET_COOKIE));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"DOWN, a", "EJECTED, a", "DRAINING, a", "HEALTHY, b"})
  void whenTheEndpointIsUnavailableTheClientGoesToAnotherOne(EndpointState state, String expected) {
    Cluster cluster = cluster(false, 0);
    String cookie = cookie(cluster, b);
    b.state(state);
    assertEquals(expected, next(exchange(cluster, cookie)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"DOWN, none", "EJECTED, none", "DRAINING, b", "HEALTHY, b"})
  void aStrictClientIsRefusedUnlessItsEndpointOnlyDrains(EndpointState state, String expected) {
    Cluster cluster = cluster(true, 0);
    String cookie = cookie(cluster, b);
    b.state(state);
    Destinations exchange = exchange(cluster, cookie);
    assertEquals(!expected.equals("none"), exchange.hasMore());
    assertEquals(expected, next(exchange));
    assertFalse(exchange.hasMore());
    assertNull(exchange.next());
  }

  @Test
  void aSessionWaitsForAPlaceAtAnEndpointThatDrainsForOthersOnly() {
    Cluster cluster = cluster(false, 1);
    String cookie = cookie(cluster, b);
    Destinations busy = exchange(cluster, cookie);
    Destination atB = busy.next();
    cluster.drain(b.destination(), true);
    Destinations waiting = exchange(cluster, cookie);
    assertNull(waiting.next());
    List<Destination> turns = new ArrayList<>();
    waiting.await(
        new Completion<>() {
          @Override
          public void completed(Destination destination) {
            turns.add(destination);
          }

          @Override
          public void failed(Failure failure) {
            throw new AssertionError(failure);
          }
        });
    assertEquals(List.of(), turns);
    busy.finished(atB, null);
    assertEquals(List.of(b.destination()), turns);
  }

  @Test
  void aCookieThatLeadsNowhereIsAnEndpointThatIsGone() {
    assertEquals("a", next(exchange(cluster(false, 0), "node=x")));
    assertEquals("none", next(exchange(cluster(true, 0), "node=x")));
    assertEquals("a", next(cluster(true, 0).destinations(request(false))));
  }

  @Test
  void whenTheEndpointFailsTheClientGoesToAnotherOneUnlessStrict() {
    for (boolean strict : new boolean[] {false, true}) {
      Cluster cluster = cluster(strict, 0);
      Destinations exchange = exchange(cluster, cookie(cluster, b));
      Destination atB = exchange.next();
      exchange.finished(atB, Failure.of(ProxyError.CONNECTION_REFUSED, "refused"));
      assertEquals(!strict, exchange.hasMore());
      assertEquals(strict ? "none" : "a", next(exchange));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientWaitsForItsEndpointWhenThatIsFull(boolean strict) {
    Cluster cluster = cluster(strict, 1);
    String cookie = cookie(cluster, b);
    Destinations other = exchange(cluster, cookie);
    Destination atB = other.next();
    Destinations waiting = exchange(cluster, cookie);
    assertNull(waiting.next());
    AtomicReference<Destination> given = new AtomicReference<>();
    assertNotNull(
        waiting.await(
            new Completion<>() {
              @Override
              public void completed(Destination destination) {
                given.set(destination);
              }

              @Override
              public void failed(Failure failure) {
                throw new AssertionError(failure);
              }
            }));
    assertNull(given.get()); // although there is room at a
    other.finished(atB, null);
    assertEquals("b", given.get().host());
  }

  @ParameterizedTest(name = "secure {0}, kept for {1} s")
  @CsvSource({
    "false, , '; Path=/; HttpOnly; SameSite=Lax'",
    "true, , '; Path=/; HttpOnly; SameSite=Lax; Secure'",
    "true, 90, '; Path=/; Max-Age=90; HttpOnly; SameSite=Lax; Secure'",
  })
  void theCookieHasItsAttributes(boolean secure, Integer maxAge, String expected) {
    AffinitySettings settings =
        new AffinitySettings(
            "node", Optional.ofNullable(maxAge).map(Duration::ofSeconds), Optional.empty(), false);
    Cluster cluster = Clusters.cluster(Clusters.settings(Optional.of(settings), 0, 0), a, b);
    String set = answer(cluster, request(secure), a.destination()).first(FieldName.SET_COOKIE);
    assertTrue(set.matches("node=[A-Za-z0-9_-]{22};.*"), set);
    assertEquals(expected, set.substring("node=".length() + 22));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=60 | max-age=60, private",
        "public, s-maxage=60 | public, s-maxage=60, private",
        "private | private",
        "no-store | no-store",
      })
  void aResponseWithTheCookieIsForItsClientAlone(String received, String expected) {
    Cluster cluster = cluster(false, 0);
    Fields fields = answer(cluster, request(false), a.destination(), "Cache-Control", received);
    assertEquals(expected, fields.first(FieldName.CACHE_CONTROL));
    ClientRequest known = request(false, "Cookie", cookie(cluster, a));
    assertEquals(
        received,
        answer(cluster, known, a.destination(), "Cache-Control", received)
            .first(FieldName.CACHE_CONTROL));
    assertEquals(
        "private", answer(cluster, request(false), a.destination()).first(FieldName.CACHE_CONTROL));
  }

  @Test
  void aStoredResponseBindsNobody() {
    Destination stored = new Destination(false, "a", 80, null);
    assertEquals(0, answer(cluster(false, 0), request(false), stored).size());
  }

  @Test
  void otherKeysClustersEndpointsAndAddressesHaveOtherTokens() throws Exception {
    String token = new AffinityTokens(new byte[16], "c").of("http://a:80");
    assertEquals(token, new AffinityTokens(new byte[16], "c").of("http://a:80"));
    assertNotEquals(token, new AffinityTokens(new byte[17], "d").of("http://a:80"));
    assertNotEquals(token, new AffinityTokens(new byte[] {1}, "c").of("http://a:80"));
    assertNotEquals(token, new AffinityTokens(new byte[16], "c").of("http://b:80"));
    Destination named = a.destination();
    Endpoint one = new Endpoint(named.at(InetAddress.getByName("192.0.2.1")), 1, Placement.DEFAULT);
    Endpoint two = new Endpoint(named.at(InetAddress.getByName("192.0.2.2")), 1, Placement.DEFAULT);
    Cluster cluster =
        Clusters.cluster(Clusters.settings(Optional.of(settings(false)), 0, 0), one, two);
    assertNotEquals(cookie(cluster, one), cookie(cluster, two));
    assertNotEquals(one.identity(), two.identity());
  }

  @Test
  void theKeyIsNotShown() {
    AffinitySettings settings =
        new AffinitySettings(
            "node", Optional.empty(), Optional.of(Secret.of("0123456789abcdef")), true);
    assertFalse(settings.toString().contains("0123"), settings.toString());
  }
}
