package io.tidegate.forward;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Secret;
import io.tidegate.forward.access.AccessReport;
import io.tidegate.forward.access.AccessRules.Decision;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ExplainTest {
  private static final String TOKEN = "marked-secret-token";

  private static ForwardProxy.Builder described() {
    return ForwardProxy.builder()
        .listen("127.0.0.1", 0)
        .deny(to("bad.example.com"))
        .allow(to("*.example.com"))
        .allow(to("10.0.0.1"))
        .allow(any().user("alice"))
        .egress(
            e ->
                e.direct(to("near.example.com"))
                    .parent("up", p -> p.proxy("http://parent.test:3128")))
        .authentication(a -> a.user("alice", Secret.of("x")));
  }

  @ParameterizedTest(name = "[{index}] {0} {1} {2} {3}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # method, target, user, address, decision, rule, refused with, parents
          GET, http://a.example.com/x?y, -, -, ALLOWED, 1, -, http://parent.test:3128
          GET, http://near.example.com/, -, -, ALLOWED, 1, -, ''
          CONNECT, a.example.com:443, -, -, ALLOWED, 1, -, http://parent.test:3128
          CONNECT, a.example.com:22, -, -, ALLOWED, 1, CONNECT to this port is not allowed, -
          GET, http://a.example.com:25/, -, -, ALLOWED, 1, requests to this port are not allowed, -
          GET, http://bad.example.com/, -, -, DENIED, 0, the rules of this proxy do not allow this, -
          GET, http://other.test/, -, -, UNNAMED, -, the rules of this proxy do not allow this, -
          GET, http://other.test/, alice, -, ALLOWED, 3, -, http://parent.test:3128
          GET, http://10.0.0.1/, -, -, ALLOWED, 2, the address of the destination is private, -
          GET, http://a.example.com/, -, 10.0.0.7, ALLOWED, 1, the address of the destination is private, -
          GET, http://a.example.com/, -, 93.184.216.34, ALLOWED, 1, -, http://parent.test:3128
          """)
  void whatTheRulesSayAndHowItLeavesIsTold(
      String method,
      String target,
      String user,
      String address,
      Decision decision,
      Integer rule,
      String refused,
      String parents) {
    RequestDescription description = RequestDescription.of(method, target);
    description = user == null ? description : description.user(user);
    description = address == null ? description : description.address(address);
    try (ForwardProxy proxy = described().build()) {
      Explanation told = proxy.explain(description);
      assertEquals(decision, told.decision());
      assertEquals(
          Optional.ofNullable(rule).map(number -> proxy.settings().rules().get(number)),
          told.rule());
      assertEquals(Optional.ofNullable(refused), told.refusal().map(Explanation.Refusal::detail));
      assertEquals(
          Optional.ofNullable(parents), told.way().map(way -> String.join(" ", way.parents())));
      assertTrue(told.authenticated());
    }
  }

  @Test
  void whatDependsOnTheAddressIsDecidedByTheOneThatIsGiven() {
    try (ForwardProxy proxy =
        ForwardProxy.builder().allow(Requests.toAddress("93.184.216.0/24")).build()) {
      RequestDescription description = RequestDescription.of("GET", "http://a.test/");
      assertEquals(Decision.DEPENDS, proxy.explain(description).decision());
      assertEquals(
          Decision.ALLOWED, proxy.explain(description.address("93.184.216.34")).decision());
      assertEquals(
          Decision.UNNAMED, proxy.explain(description.address("93.184.217.34")).decision());
    }
  }

  @Test
  void rulesThatOnlyReportRefuseNothingAndAreToldNothing() {
    try (ForwardProxy proxy =
        ForwardProxy.builder().deny(to("a.test")).allow(any()).reportOnly().build()) {
      Explanation told = proxy.explain(RequestDescription.of("GET", "http://a.test/"));
      assertEquals(Decision.DENIED, told.decision());
      assertTrue(told.reportOnly());
      assertEquals(Optional.empty(), told.refusal());
      assertEquals(new AccessReport(0, 0, 0), proxy.accessReport());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /x",
    "GET, https://a.test/",
    "GET, a.test:443",
    "CONNECT, http://a.test/",
    "'G T', http://a.test/"
  })
  void whatIsNoRequestForAProxyIsRefused(String method, String target) {
    assertThrows(IllegalArgumentException.class, () -> RequestDescription.of(method, target));
  }

  @Test
  void theAdminListenerTellsTheSame() throws Exception {
    ForwardProxy.Builder builder =
        described().admin(admin -> admin.listen("127.0.0.1", 0).token(Secret.of(TOKEN)));
    try (ForwardProxy proxy = builder.start()) {
      String said = "{\"target\": \"http://bad.example.com/\", \"client\": \"192.0.2.1\"}";
      String told = ask(proxy, "explain", said);
      assertTrue(told.contains("\"decision\":\"denied\""), told);
      assertTrue(told.contains("\"hosts\":[\"bad.example.com\"]"), told);
      String rules = ask(proxy, "rules", "");
      assertTrue(rules.contains("\"report\":{\"refusals\":0,"), rules);
      assertTrue(ask(proxy, "explain", "{\"target\": \"x\"}").contains("\"status\":400"));
    }
  }

  private static String ask(ForwardProxy proxy, String what, String content) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + proxy.adminAddress().orElseThrow().getPort() + "/v1/" + what);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json");
    if (!content.isEmpty()) {
      request.POST(BodyPublishers.ofString(content));
    }
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    assertEquals(List.of(response.statusCode()), List.of(told(response.body())));
    return response.body();
  }

  /** The status that an error says it has. */
  private static int told(String body) {
    return body.contains("\"status\":400") ? 400 : 200;
  }
}
