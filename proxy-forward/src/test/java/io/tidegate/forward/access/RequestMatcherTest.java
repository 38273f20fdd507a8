package io.tidegate.forward.access;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.certificate;
import static io.tidegate.forward.Requests.group;
import static io.tidegate.forward.Requests.method;
import static io.tidegate.forward.Requests.path;
import static io.tidegate.forward.Requests.user;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Identity;
import io.tidegate.forward.Sample;
import io.tidegate.forward.access.RequestMatcher.Match;
import io.tidegate.forward.address.EmbeddedIpv4;
import java.security.cert.X509Certificate;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users, groups, certificates, methods, paths and times of a pattern match. */
class RequestMatcherTest {
  private static final ClientRequest REQUEST = Sample.get("http://a.example/x");

  private static Match match(RequestPattern pattern, ClientRequest request) {
    return Sample.MATCHERS
        .of(pattern)
        .matches(request, Sample.host(request.authority().host()), null);
  }

  private static void assertMatches(boolean expected, RequestPattern pattern, ClientRequest from) {
    assertEquals(expected ? Match.YES : Match.NO, match(pattern, from));
  }

  private static ClientRequest of(String user, String... groups) {
    return REQUEST.from(new Identity(user, Set.of(groups)));
  }

  @Test
  void usersAreToldApartByCase() {
    assertMatches(true, user("alice"), of("alice"));
    assertMatches(true, user("bob").user("alice"), of("alice"));
    assertMatches(false, user("alice"), of("Alice"));
    assertMatches(false, user("alice"), of("alice2"));
  }

  @Test
  void whoHasNotProvedWhoTheyAreIsNoUser() {
    assertMatches(true, user("*"), of("alice"));
    for (ClientRequest stranger : List.of(REQUEST, REQUEST.from(Identity.ANONYMOUS))) {
      assertMatches(false, user("*"), stranger);
      assertMatches(false, user("alice"), stranger);
      assertMatches(false, group("staff"), stranger);
      assertMatches(true, any(), stranger);
    }
  }

  @Test
  void oneOfTheGroupsWillDo() {
    assertMatches(true, group("staff").group("admin"), of("alice", "admin", "x"));
    assertMatches(false, group("staff"), of("alice", "Staff"));
    assertMatches(true, group("staff"), of("", "staff"));
    assertMatches(false, group("staff").user("bob"), of("alice", "staff"));
  }

  private static final X509Certificate BILLING =
      new NamedCertificate(
          "CN=billing, O=Example Ltd, C=DE",
          List.of(
              List.of(2, "billing.example.com"),
              List.of(7, "192.0.2.1"),
              List.of(0, new byte[] {1}),
              List.of(1, "Billing@Example.com"),
              List.of(6, "spiffe://example.com/billing")));

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CN=billing,O=Example Ltd,C=DE  | true
          cn=Billing, o=example  ltd,c=de | true
          CN=billing                     | false
          CN=billing,C=DE,O=Example Ltd  | false
          billing.example.com            | true
          BILLING.example.com            | true
          *.example.com                  | true
          example.com                    | false
          *.billing.example.com          | false
          *.ample.com                    | false
          192.0.2.example                | false
          Billing@example.com            | true
          Billing@EXAMPLE.com            | true
          billing@example.com            | false
          xBilling@example.com           | false
          spiffe://example.com/billing   | true
          spiffe://example.com/bill      | false
          spiffe://example.com/Billing   | false
          """)
  void certificatesAreKnownByTheirNames(String name, boolean expected) {
    assertMatches(expected, certificate(name), Sample.certified(REQUEST, BILLING));
    assertMatches(false, certificate(name), REQUEST);
  }

  @Test
  void aSubjectIsNoAlternativeName() {
    X509Certificate bare = new NamedCertificate("CN=billing.example.com", List.of());
    assertMatches(true, certificate("CN=billing.example.com"), Sample.certified(REQUEST, bare));
    assertMatches(false, certificate("billing.example.com"), Sample.certified(REQUEST, bare));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "CN=a, true",
    "a.example, true",
    "*.a.example, true",
    "a@b.example, true",
    "urn:a:b, true",
    "'', false",
    "*, false",
    ".a.example, false",
    "*.*.a, false",
    "a b, false",
    "@b, false",
    "a@, false",
    "a@b@c, false",
    "CN=, true",
    "=x, false",
    "CN, true",
    "x=y=z, false"
  })
  void namesOfCertificatesHaveFourForms(String name, boolean expected) {
    assertEquals(expected, CertificatePattern.parse(name) != null);
  }

  @Test
  void methodsAreCompared() {
    RequestPattern reading = method("GET").method("HEAD");
    assertEquals(Match.YES, match(reading, Sample.request("HEAD", "http://a.example/")));
    assertEquals(Match.NO, match(reading, Sample.request("POST", "http://a.example/")));
    assertEquals(Match.UNCLEAR, match(reading, Sample.request("get", "http://a.example/")));
    assertEquals(Match.YES, match(method("CONNECT"), Sample.connect("a.example:443")));
    assertEquals(Match.NO, match(reading, Sample.connect("a.example:443")));
  }

  @Test
  void tunnelsHaveNoPath() {
    assertEquals(Match.NO, match(path("/**"), Sample.connect("a.example:443")));
    assertEquals(Match.YES, match(path("/**"), Sample.get("http://a.example")));
    assertEquals(Match.YES, match(path("/y").path("/x"), REQUEST));
    assertEquals(Match.NO, match(path("/y").path("/z"), REQUEST));
    assertEquals(Match.UNCLEAR, match(path("/X").path("/z"), REQUEST));
    assertEquals(Match.NO, match(path("/X").method("POST"), REQUEST));
  }

  @Test
  void addressThatIsNotKnownLeavesOpenWhatIsUnclear() {
    RequestPattern pattern = path("/X").toAddress("192.0.2.1");
    RequestMatcher matcher = Sample.MATCHERS.of(pattern);
    assertEquals(Match.MAYBE, matcher.matches(REQUEST, Sample.host("a.example"), null));
    assertEquals(
        Match.UNCLEAR, matcher.matches(REQUEST, Sample.host("a.example"), Sample.ip("192.0.2.1")));
    assertEquals(
        Match.NO, matcher.matches(REQUEST, Sample.host("a.example"), Sample.ip("192.0.2.2")));
  }

  @ParameterizedTest(name = "{0} to {1} in {2} on {3} at {4}: {5}")
  @CsvSource({
    "08:00, 18:00, UTC, '', 2025-03-04T07:59:59.999Z, false",
    "08:00, 18:00, UTC, '', 2025-03-04T08:00:00Z, true",
    "08:00, 18:00, UTC, '', 2025-03-04T17:59:59.999Z, true",
    "08:00, 18:00, UTC, '', 2025-03-04T18:00:00Z, false",
    "00:00, 24:00, UTC, '', 2025-03-04T23:59:59Z, true",
    "23:59, 24:00, UTC, '', 2025-03-04T23:59:00Z, true",
    "23:59, 24:00, UTC, '', 2025-03-05T00:00:00Z, false",
    "08:00, 18:00, UTC, TUESDAY, 2025-03-04T12:00:00Z, true",
    "08:00, 18:00, UTC, MONDAY WEDNESDAY, 2025-03-04T12:00:00Z, false",
    "22:00, 06:00, UTC, TUESDAY, 2025-03-04T22:00:00Z, true",
    "22:00, 06:00, UTC, TUESDAY, 2025-03-05T05:59:00Z, true",
    "22:00, 06:00, UTC, TUESDAY, 2025-03-05T06:00:00Z, false",
    "22:00, 06:00, UTC, TUESDAY, 2025-03-04T05:00:00Z, false",
    "22:00, 06:00, UTC, SUNDAY, 2025-03-03T00:00:00Z, true",
    "22:00, 00:00, UTC, TUESDAY, 2025-03-05T00:00:00Z, false",
    "08:00, 18:00, Europe/Berlin, '', 2025-03-04T07:00:00Z, true",
    "08:00, 18:00, Europe/Berlin, '', 2025-07-04T06:00:00Z, true",
    "08:00, 18:00, Europe/Berlin, '', 2025-07-04T16:00:00Z, false",
    "00:00, 01:00, +05:30, WEDNESDAY, 2025-03-04T18:30:00Z, true"
  })
  void timesAreThoseOfTheZone(
      String from, String to, String zone, String days, Instant now, boolean expected) {
    DayOfWeek[] named =
        Arrays.stream(days.split(" "))
            .filter(day -> !day.isEmpty())
            .map(DayOfWeek::valueOf)
            .toArray(DayOfWeek[]::new);
    RequestMatcher matcher =
        new RequestMatcher(any().at(from, to, zone, named), () -> now, EmbeddedIpv4.WELL_KNOWN);
    assertEquals(
        expected ? Match.YES : Match.NO, matcher.matches(REQUEST, Sample.host("a.example"), null));
  }

  @Test
  void timePasses() {
    Instant[] now = {Instant.parse("2025-03-04T07:59:59Z")};
    RequestMatcher matcher =
        new RequestMatcher(
            any().at("08:00", "09:00", "UTC").at("20:00", "21:00", "UTC"),
            () -> now[0],
            EmbeddedIpv4.WELL_KNOWN);
    assertEquals(Match.NO, matcher.matches(REQUEST, Sample.host("a.example"), null));
    now[0] = Instant.parse("2025-03-04T08:00:00Z");
    assertEquals(Match.YES, matcher.matches(REQUEST, Sample.host("a.example"), null));
    now[0] = Instant.parse("2025-03-04T09:00:00Z");
    assertEquals(Match.NO, matcher.matches(REQUEST, Sample.host("a.example"), null));
    now[0] = Instant.parse("2025-03-04T20:30:00Z");
    assertEquals(Match.YES, matcher.matches(REQUEST, Sample.host("a.example"), null));
  }
}
