package io.tidegate.forward.access;

import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.forward.Sample;
import io.tidegate.forward.address.EmbeddedIpv4;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleLearnerTest {
  private static Asked asked(String user, String host, int port) {
    return new Asked(user, Sample.host(host), port);
  }

  private static AccessRule allow(RequestPattern requests) {
    return new AccessRule(AccessRule.Action.ALLOW, requests);
  }

  /** So many names below {@code parent}, and others. */
  private static List<Asked> below(String parent, int names, Asked... others) {
    List<Asked> all = new ArrayList<>(List.of(others));
    for (int i = 0; i < names; i++) {
      all.add(asked("", "n" + i + "." + parent, 443));
    }
    return all;
  }

  private static List<String> hosts(List<Asked> asked) {
    return RuleLearner.rules(asked).stream()
        .flatMap(rule -> rule.requests().hosts().stream())
        .toList();
  }

  @Test
  void hostsWithTheSamePortsShareARule() {
    assertEquals(
        List.of(
            allow(to("a.example").to("b.example").port(443)),
            allow(to("c.example").ports(80, 443))),
        RuleLearner.rules(
            List.of(
                asked("", "c.example", 443),
                asked("", "b.example", 443),
                asked("", "c.example", 80),
                asked("", "a.example", 443))));
  }

  @Test
  void eachUserGetsWhatTheyAskedFor() {
    assertEquals(
        List.of(
            allow(to("a.example").port(443).user("alice").user("bob")),
            allow(to("b.example").port(80).user("bob")),
            allow(to("c.example").port(80))),
        RuleLearner.rules(
            List.of(
                asked("bob", "a.example", 443),
                asked("alice", "a.example", 443),
                asked("bob", "b.example", 80),
                asked("bob", "c.example", 80),
                asked("", "c.example", 80))));
  }

  @Test
  void nothingTeachesNothing() {
    assertEquals(List.of(), RuleLearner.rules(List.of()));
  }

  @Test
  void fromFiveNamesOnAllBelowTheSameNameAreAllowed() {
    assertEquals(4, hosts(below("cdn.example", 4)).size());
    assertEquals(List.of("*.cdn.example"), hosts(below("cdn.example", 5)));
    assertEquals(
        List.of("*.cdn.example", "cdn.example", "xcdn.example"),
        hosts(
            below(
                "cdn.example",
                5,
                asked("", "cdn.example", 443),
                asked("", "deep.n0.cdn.example", 443),
                asked("", "xcdn.example", 443))));
  }

  @Test
  void otherUsersAndPortsDoNotCount() {
    List<Asked> four = below("cdn.example", 4);
    four.add(asked("", "n4.cdn.example", 80));
    four.add(asked("bob", "n5.cdn.example", 443));
    assertEquals(6, hosts(four).size());
  }

  @ParameterizedTest
  @CsvSource({"example, 9", "co.uk, 9", "com.au, 9", "uk, 9", "a.co.uk, 1", "bbbb.uk, 1", "com, 9"})
  void topLevelDomainsAreNeverAllowedAsAWhole(String parent, int rules) {
    assertEquals(rules, hosts(below(parent, 9)).size());
  }

  @Test
  void addressesAreNamedOneByOne() {
    List<Asked> addresses = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      addresses.add(asked("", "203.0.113." + i, 443));
    }
    addresses.add(asked("", "[2001:db8::7]", 443));
    assertEquals(7, hosts(addresses).size());
  }

  @Test
  void whatWasLearnedAllowsAllThatWasAskedForInWhateverOrder() {
    Random random = new Random(20_250_306);
    List<Asked> all =
        new ArrayList<>(
            Stream.generate(
                    () ->
                        asked(
                            List.of("", "alice", "bob").get(random.nextInt(3)),
                            random.nextInt(9) == 0
                                ? "[2001:db8::" + random.nextInt(9) + "]"
                                : "n" + random.nextInt(9) + ".d" + random.nextInt(9) + ".example",
                            80 + random.nextInt(2)))
                .limit(300)
                .toList());
    List<AccessRule> learned = RuleLearner.rules(all);
    AccessRules rules =
        new AccessRules(
            learned, new RequestMatchers(InstantSource.system(), EmbeddedIpv4.WELL_KNOWN));
    for (Asked one : all) {
      String name = one.host().name();
      String host = name.indexOf(':') < 0 ? name : "[" + name + "]";
      var request =
          Sample.get("http://" + host + ":" + one.port() + "/")
              .from(io.tidegate.core.spi.Identity.of(one.user()));
      assertEquals(
          AccessRules.Decision.ALLOWED,
          rules.decide(request, one.host(), one.host().address()),
          one::toString);
    }
    Collections.shuffle(all, random);
    assertEquals(learned, RuleLearner.rules(all));
  }
}
