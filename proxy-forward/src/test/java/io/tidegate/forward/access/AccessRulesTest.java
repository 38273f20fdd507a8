package io.tidegate.forward.access;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.Sample;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AccessRulesTest {
  private static final InetAddress CLIENT = Sample.ip("10.0.0.5");

  private static AccessRule allow(RequestPattern requests) {
    return new AccessRule(AccessRule.Action.ALLOW, requests);
  }

  private static AccessRule deny(RequestPattern requests) {
    return new AccessRule(AccessRule.Action.DENY, requests);
  }

  private static boolean permits(List<AccessRule> rules, String host, int port) {
    return permits(rules, CLIENT, host, port, null);
  }

  private static boolean permits(
      List<AccessRule> rules,
      InetAddress client,
      String host,
      int port,
      @Nullable InetAddress address) {
    String authority = host.indexOf(':') < 0 ? host : "[" + host + "]";
    ClientRequest request =
        Sample.getFrom(client.getHostAddress(), "http://" + authority + ":" + port + "/");
    return new AccessRules(rules).permit(request, Sample.host(host), address);
  }

  @Test
  void everythingMayPassWithoutRules() {
    assertTrue(permits(List.of(), "example.com", 80));
    assertTrue(new AccessRules(List.of()).isEmpty());
  }

  @Test
  void whatIsNotNamedIsRefusedOnceAnythingIsAllowed() {
    List<AccessRule> rules = List.of(allow(to("*.example.com")), allow(to("example.org")));
    assertTrue(permits(rules, "www.example.com", 80));
    assertTrue(permits(rules, "example.org", 80));
    assertFalse(permits(rules, "example.net", 80));
    assertFalse(new AccessRules(rules).isEmpty());
  }

  @Test
  void whatIsNotNamedMayPassIfThereAreOnlyDenials() {
    List<AccessRule> rules = List.of(deny(to("ads.example")));
    assertFalse(permits(rules, "ads.example", 80));
    assertTrue(permits(rules, "example.com", 80));
  }

  @Test
  void firstRuleThatMatchesDecides() {
    AccessRule allowAll = allow(to(".example.com"));
    AccessRule denyOne = deny(to("secret.example.com"));
    assertFalse(permits(List.of(denyOne, allowAll), "secret.example.com", 80));
    assertTrue(permits(List.of(allowAll, denyOne), "secret.example.com", 80));
  }

  @Test
  void everyConditionMustHold() {
    List<AccessRule> rules =
        List.of(
            allow(
                to("example.com").ports(80, 443).fromClient("10.0.0.0/8").fromClient("fd00::/8")));
    assertTrue(permits(rules, "example.com", 443));
    assertTrue(permits(rules, Sample.ip("fd00::1"), "example.com", 80, null));
    assertFalse(permits(rules, "example.com", 8080));
    assertFalse(permits(rules, "example.net", 443));
    assertFalse(permits(rules, Sample.ip("11.0.0.5"), "example.com", 443, null));
  }

  @Test
  void severalValuesOfOneConditionAreAlternatives() {
    List<AccessRule> rules =
        List.of(allow(to("a.example").to("b.example").port(80).portRange(8000, 8999)));
    assertTrue(permits(rules, "a.example", 80));
    assertTrue(permits(rules, "b.example", 8999));
    assertFalse(permits(rules, "b.example", 9000));
    assertFalse(permits(rules, "c.example", 80));
  }

  @Test
  void allowedAddressRangeIsDecidedWhenTheNameIsResolved() {
    List<AccessRule> rules = List.of(allow(toAddress("203.0.113.0/24")));
    assertTrue(permits(rules, "example.com", 80), "may still turn out to be inside");
    assertTrue(permits(rules, CLIENT, "example.com", 80, Sample.ip("203.0.113.7")));
    assertFalse(permits(rules, CLIENT, "example.com", 80, Sample.ip("203.0.114.7")));
  }

  @Test
  void deniedAddressRangeIsDecidedWhenTheNameIsResolved() {
    List<AccessRule> rules = List.of(deny(toAddress("203.0.113.0/24")));
    assertTrue(permits(rules, "example.com", 80), "may still turn out to be outside");
    assertFalse(permits(rules, CLIENT, "example.com", 80, Sample.ip("203.0.113.7")));
    assertTrue(permits(rules, CLIENT, "example.com", 80, Sample.ip("203.0.114.7")));
  }

  @Test
  void nameAllowedBeforeADeniedRangeStaysAllowed() {
    List<AccessRule> rules =
        List.of(allow(to("ok.example")), deny(toAddress("203.0.113.0/24")), allow(any()));
    assertTrue(permits(rules, CLIENT, "ok.example", 80, Sample.ip("203.0.113.7")));
    assertFalse(permits(rules, CLIENT, "other.example", 80, Sample.ip("203.0.113.7")));
    assertTrue(permits(rules, CLIENT, "other.example", 80, Sample.ip("203.0.114.7")));
  }

  static Stream<Arguments> lists() {
    return Stream.of(
        Arguments.of(List.of(), false),
        Arguments.of(List.of(deny(to("a.example"))), false),
        Arguments.of(List.of(allow(to("a.example"))), true),
        Arguments.of(List.of(allow(fromClient("10.0.0.0/8"))), true),
        Arguments.of(List.of(allow(toAddress("10.0.0.0/8"))), true),
        Arguments.of(List.of(allow(to("*").fromClient("10.0.0.0/8"))), true),
        Arguments.of(List.of(allow(any())), false),
        Arguments.of(List.of(allow(to("*"))), false),
        Arguments.of(List.of(allow(to("a.example").to("*"))), false),
        Arguments.of(List.of(allow(any().port(443))), false),
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
