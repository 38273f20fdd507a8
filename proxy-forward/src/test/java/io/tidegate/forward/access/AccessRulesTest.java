package io.tidegate.forward.access;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static io.tidegate.forward.access.AccessRules.Decision.ALLOWED;
import static io.tidegate.forward.access.AccessRules.Decision.DENIED;
import static io.tidegate.forward.access.AccessRules.Decision.DEPENDS;
import static io.tidegate.forward.access.AccessRules.Decision.UNNAMED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.Sample;
import io.tidegate.forward.access.AccessRules.Decision;
import io.tidegate.forward.access.RequestMatcher.Match;
import io.tidegate.forward.address.EmbeddedIpv4;
import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AccessRulesTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final InetAddress CLIENT = Sample.ip("10.0.0.5");

  private static AccessRule allow(RequestPattern requests) {
    return new AccessRule(AccessRule.Action.ALLOW, requests);
  }

  private static AccessRule deny(RequestPattern requests) {
    return new AccessRule(AccessRule.Action.DENY, requests);
  }

  private static Decision decide(List<AccessRule> rules, String host, int port) {
    return decide(rules, CLIENT, host, port, null);
  }

  private static Decision decide(
      List<AccessRule> rules,
      InetAddress client,
      String host,
      int port,
      @Nullable InetAddress address) {
    String authority = host.indexOf(':') < 0 ? host : "[" + host + "]";
    ClientRequest request =
        Sample.getFrom(client.getHostAddress(), "http://" + authority + ":" + port + "/");
    return new AccessRules(rules, new RequestMatchers(CLOCK, EmbeddedIpv4.WELL_KNOWN))
        .decide(request, Sample.host(host), address);
  }

  @Test
  void whatIsNotNamedIsRefused() {
    List<AccessRule> rules = List.of(allow(to("*.example.com")), allow(to("example.org")));
    assertEquals(ALLOWED, decide(rules, "www.example.com", 80));
    assertEquals(ALLOWED, decide(rules, "example.org", 80));
    assertEquals(UNNAMED, decide(rules, "example.net", 80));
    assertEquals(UNNAMED, decide(List.of(), "example.net", 80));
  }

  @Test
  void whatIsNotNamedIsRefusedAlsoIfNothingButDenialsIsNamed() {
    List<AccessRule> denials = List.of(deny(to("ads.example")));
    assertEquals(DENIED, decide(denials, "ads.example", 80));
    assertEquals(UNNAMED, decide(denials, "example.com", 80));
    List<AccessRule> opened = List.of(deny(to("ads.example")), allow(any()));
    assertEquals(DENIED, decide(opened, "ads.example", 80));
    assertEquals(ALLOWED, decide(opened, "example.com", 80));
  }

  @Test
  void firstRuleThatMatchesDecides() {
    AccessRule allowAll = allow(to(".example.com"));
    AccessRule denyOne = deny(to("secret.example.com"));
    assertEquals(DENIED, decide(List.of(denyOne, allowAll), "secret.example.com", 80));
    assertEquals(ALLOWED, decide(List.of(allowAll, denyOne), "secret.example.com", 80));
  }

  @Test
  void everyConditionMustHold() {
    List<AccessRule> rules =
        List.of(
            allow(
                to("example.com").ports(80, 443).fromClient("10.0.0.0/8").fromClient("fd00::/8")));
    assertEquals(ALLOWED, decide(rules, "example.com", 443));
    assertEquals(ALLOWED, decide(rules, Sample.ip("fd00::1"), "example.com", 80, null));
    assertEquals(UNNAMED, decide(rules, "example.com", 8080));
    assertEquals(UNNAMED, decide(rules, "example.net", 443));
    assertEquals(UNNAMED, decide(rules, Sample.ip("11.0.0.5"), "example.com", 443, null));
  }

  @Test
  void severalValuesOfOneConditionAreAlternatives() {
    List<AccessRule> rules =
        List.of(allow(to("a.example").to("b.example").port(80).portRange(8000, 8999)));
    assertEquals(ALLOWED, decide(rules, "a.example", 80));
    assertEquals(ALLOWED, decide(rules, "b.example", 8999));
    assertEquals(UNNAMED, decide(rules, "b.example", 9000));
    assertEquals(UNNAMED, decide(rules, "c.example", 80));
  }

  @Test
  void allowedAddressRangeIsDecidedWhenTheNameIsResolved() {
    List<AccessRule> rules = List.of(allow(toAddress("203.0.113.0/24")));
    assertEquals(DEPENDS, decide(rules, "example.com", 80));
    assertEquals(ALLOWED, decide(rules, CLIENT, "example.com", 80, Sample.ip("203.0.113.7")));
    assertEquals(UNNAMED, decide(rules, CLIENT, "example.com", 80, Sample.ip("203.0.114.7")));
  }

  @Test
  void deniedAddressRangeIsDecidedWhenTheNameIsResolved() {
    List<AccessRule> rules = List.of(deny(toAddress("203.0.113.0/24")), allow(any()));
    assertEquals(DEPENDS, decide(rules, "example.com", 80));
    assertEquals(DENIED, decide(rules, CLIENT, "example.com", 80, Sample.ip("203.0.113.7")));
    assertEquals(ALLOWED, decide(rules, CLIENT, "example.com", 80, Sample.ip("203.0.114.7")));
  }

  @Test
  void nameAllowedBeforeADeniedRangeStaysAllowed() {
    List<AccessRule> rules =
        List.of(allow(to("ok.example")), deny(toAddress("203.0.113.0/24")), allow(any()));
    assertEquals(ALLOWED, decide(rules, CLIENT, "ok.example", 80, Sample.ip("203.0.113.7")));
    assertEquals(DENIED, decide(rules, CLIENT, "other.example", 80, Sample.ip("203.0.113.7")));
    assertEquals(ALLOWED, decide(rules, CLIENT, "other.example", 80, Sample.ip("203.0.114.7")));
  }

  @Test
  void whatNoAddressCanChangeIsDecidedAtOnce() {
    AccessRule range = allow(toAddress("203.0.113.0/24"));
    AccessRule closed = deny(toAddress("203.0.113.0/24"));
    assertEquals(ALLOWED, decide(List.of(range, allow(any())), "a.example", 80));
    assertEquals(DENIED, decide(List.of(closed, deny(any())), "a.example", 80));
    assertEquals(UNNAMED, decide(List.of(closed), "a.example", 80));
    assertEquals(ALLOWED, decide(List.of(allow(any()), closed), "a.example", 80));
    assertEquals(DEPENDS, decide(List.of(range, deny(any())), "a.example", 80));
    assertEquals(DEPENDS, decide(List.of(closed, allow(any())), "a.example", 80));
  }

  @Test
  void onlyRulesAboutAddressesAskForThem() {
    assertFalse(
        new AccessRules(
                List.of(allow(to("203.0.113.7"))),
                new RequestMatchers(CLOCK, EmbeddedIpv4.WELL_KNOWN))
            .askForAddress());
    assertTrue(
        new AccessRules(
                List.of(allow(toAddress("203.0.113.7"))),
                new RequestMatchers(CLOCK, EmbeddedIpv4.WELL_KNOWN))
            .askForAddress());
  }

  @Test
  void whatIsUnclearIsNotAllowedAndIsDenied() {
    ClientRequest request = Sample.get("http://a.example/a/../b");
    AccessRule allowPath = allow(to("a.example").path("/b"));
    AccessRule denyPath = deny(to("a.example").path("/b"));
    assertEquals(UNNAMED, decide(List.of(allowPath), request));
    assertEquals(ALLOWED, decide(List.of(allowPath, allow(any())), request));
    assertEquals(DENIED, decide(List.of(denyPath, allow(any())), request));
  }

  private static Decision decide(List<AccessRule> rules, ClientRequest request) {
    return new AccessRules(rules, new RequestMatchers(CLOCK, EmbeddedIpv4.WELL_KNOWN))
        .decide(request, Sample.host("a.example"), null);
  }

  /** What the documentation promises, without an index. */
  private static Decision inOrder(
      List<AccessRule> rules, ClientRequest request, TargetHost host, @Nullable InetAddress ip) {
    Set<Decision> possible = EnumSet.noneOf(Decision.class);
    for (AccessRule rule : rules) {
      Match match =
          new RequestMatcher(rule.requests(), CLOCK, EmbeddedIpv4.WELL_KNOWN)
              .matches(request, host, ip);
      Decision decision = rule.allows() ? ALLOWED : DENIED;
      if (match == Match.YES || (match == Match.UNCLEAR && !rule.allows())) {
        possible.add(decision);
        return possible.size() == 1 ? decision : DEPENDS;
      }
      if (match == Match.MAYBE) {
        possible.add(decision);
      }
    }
    return possible.contains(ALLOWED) ? DEPENDS : UNNAMED;
  }

  @Test
  void indexedDecisionIsTheOneInOrder() {
    Random random = new Random(20_250_304);
    Set<Decision> seen = EnumSet.noneOf(Decision.class);
    for (int round = 0; round < 300; round++) {
      List<AccessRule> rules =
          Stream.generate(() -> rule(random)).limit(random.nextInt(30)).toList();
      AccessRules indexed =
          new AccessRules(rules, new RequestMatchers(CLOCK, EmbeddedIpv4.WELL_KNOWN));
      for (int i = 0; i < 50; i++) {
        String name = host(random);
        ClientRequest request =
            Sample.getFrom("10.0.0." + random.nextInt(3), "http://" + name + ":8" + i % 2 + "/");
        InetAddress address = random.nextBoolean() ? null : Sample.ip(address(random));
        TargetHost host = Sample.host(name);
        Decision expected = inOrder(rules, request, host, address);
        assertEquals(
            expected, indexed.decide(request, host, address), () -> rules + " for " + request);
        seen.add(expected);
      }
    }
    assertEquals(EnumSet.allOf(Decision.class), seen);
  }

  private static AccessRule rule(Random random) {
    RequestPattern requests = any();
    for (int hosts = random.nextInt(4); hosts > 0; hosts--) {
      String prefix = List.of("", "", "*.", ".").get(random.nextInt(4));
      String host = host(random);
      requests = requests.to(Character.isDigit(host.charAt(0)) ? host : prefix + host);
    }
    requests = random.nextInt(20) == 0 ? requests.to("*") : requests;
    requests = random.nextInt(4) == 0 ? requests.port(80 + random.nextInt(2)) : requests;
    requests =
        random.nextInt(4) == 0 ? requests.fromClient("10.0.0." + random.nextInt(3)) : requests;
    requests = random.nextInt(4) == 0 ? requests.toAddress(address(random)) : requests;
    return random.nextInt(3) == 0 ? deny(requests) : allow(requests);
  }

  private static String host(Random random) {
    if (random.nextInt(6) == 0) {
      return address(random);
    }
    StringBuilder name = new StringBuilder(List.of("a", "b", "ab").get(random.nextInt(3)));
    for (int labels = random.nextInt(4); labels > 0; labels--) {
      name.append('.').append(List.of("a", "b", "ab").get(random.nextInt(3)));
    }
    return name.toString();
  }

  private static String address(Random random) {
    return "192.0.2." + random.nextInt(3);
  }

  static Stream<Arguments> lists() {
    return Stream.of(
        Arguments.of(List.of(), false),
        Arguments.of(List.of(deny(to("a.example"))), true),
        Arguments.of(List.of(allow(to("a.example"))), true),
        Arguments.of(List.of(allow(fromClient("10.0.0.0/8"))), true),
        Arguments.of(List.of(allow(toAddress("10.0.0.0/8"))), true),
        Arguments.of(List.of(allow(to("*").fromClient("10.0.0.0/8"))), true),
        Arguments.of(List.of(allow(any())), false),
        Arguments.of(List.of(allow(to("*"))), false),
        Arguments.of(List.of(allow(to("a.example").to("*"))), false),
        Arguments.of(List.of(allow(any().port(443))), false),
        Arguments.of(List.of(allow(any().method("GET").path("/**"))), false),
        Arguments.of(List.of(allow(any().at("08:00", "09:00", "UTC"))), false),
        Arguments.of(List.of(allow(any().user("*"))), true),
        Arguments.of(List.of(allow(any().group("staff"))), true),
        Arguments.of(List.of(allow(any().certificate("*.example.com"))), true),
        Arguments.of(List.of(allow(fromClient("0.0.0.0/0"))), false),
        Arguments.of(List.of(allow(fromClient("10.0.0.0/8").fromClient("::/0"))), false),
        Arguments.of(List.of(allow(toAddress("0.0.0.0/0"))), false),
        Arguments.of(List.of(allow(to("a.example")), allow(any())), false));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("lists")
  void allowListNamesClientsOrDestinationsInEveryRule(List<AccessRule> rules, boolean expected) {
    assertEquals(expected, AccessRules.areAllowList(rules));
  }
}
