package io.tidegate.forward.access;

import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.testkit.Logged;
import io.tidegate.forward.Sample;
import io.tidegate.forward.access.AccessRules.Decision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WouldBeRefusalsTest {
  @RegisterExtension private final Logged logged = Logged.by(WouldBeRefusals.class);
  private final List<ClientRequest> told = new ArrayList<>();
  private final WouldBeRefusals refusals = new WouldBeRefusals(List.of(told::add));

  private void add(Decision decision, ClientRequest request) {
    refusals.add(decision, request, Sample.host(request.authority().host()));
  }

  @Test
  void eachKindOfRequestIsLoggedOnceWithoutWhatWasAskedFor() {
    ClientRequest alice =
        Sample.get("http://a.example/secret?token=x").from(Identity.of("alice\nroot"));
    add(Decision.UNNAMED, alice);
    add(Decision.UNNAMED, alice);
    add(Decision.DENIED, Sample.connect("a.example:443"));
    add(Decision.UNNAMED, Sample.connect("[2001:db8::7]:443"));
    assertEquals(
        List.of(
            "INFO the rules would refuse GET to a.example:80 by alice?root: no rule names it",
            "INFO the rules would refuse CONNECT to a.example:443 by a client without a name: it is"
                + " denied",
            "INFO the rules would refuse CONNECT to [2001:db8:0:0:0:0:0:7]:443 by a client without"
                + " a name: no rule names it"),
        logged.lines());
    assertEquals(new AccessReport(4, 3, 0), refusals.report());
    assertEquals(4, told.size());
  }

  @Test
  void whatIsDeniedIsNotLearned() {
    add(Decision.DENIED, Sample.get("http://a.example/"));
    add(Decision.UNNAMED, Sample.get("http://b.example/"));
    assertEquals(
        List.of(new AccessRule(AccessRule.Action.ALLOW, to("b.example").port(80))),
        refusals.learned());
  }

  @Test
  void aUserWhoseNameStandsForEverybodyIsNotLearned() {
    add(Decision.UNNAMED, Sample.get("http://a.example/").from(Identity.of("*")));
    add(Decision.UNNAMED, Sample.get("http://b.example/").from(Identity.of("bob")));
    assertEquals(
        List.of(new AccessRule(AccessRule.Action.ALLOW, to("b.example").port(80).user("bob"))),
        refusals.learned());
  }

  @Test
  void listenerThatFailsHarmsNothing() {
    WouldBeRefusals failing =
        new WouldBeRefusals(
            List.of(
                request -> {
                  throw new IllegalStateException("on purpose");
                },
                told::add));
    failing.add(Decision.UNNAMED, Sample.get("http://a.example/"), Sample.host("a.example"));
    assertEquals(1, told.size());
  }

  @Test
  void memoryIsBounded() {
    for (int i = 0; i < WouldBeRefusals.MOST_KINDS; i++) {
      add(Decision.UNNAMED, Sample.get("http://h" + i + ".example/"));
    }
    assertEquals(new AccessReport(10_000, 10_000, 0), refusals.report());
    add(Decision.UNNAMED, Sample.get("http://one-more.example/"));
    add(Decision.UNNAMED, Sample.get("http://one-more.example/"));
    add(Decision.UNNAMED, Sample.get("http://h7.example/"));
    assertEquals(new AccessReport(10_003, 10_000, 2), refusals.report());
    assertEquals(10_000, logged.lines().size());
  }

  @Test
  void methodsThatDifferLateAreOneKind() {
    String method = "A".repeat(32);
    add(Decision.UNNAMED, Sample.request(method + "B", "http://a.example/"));
    add(Decision.UNNAMED, Sample.request(method + "C", "http://a.example/"));
    assertEquals(new AccessReport(2, 1, 0), refusals.report());
  }
}
