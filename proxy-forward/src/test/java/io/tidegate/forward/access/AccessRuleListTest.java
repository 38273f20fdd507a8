package io.tidegate.forward.access;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.forward.ForwardProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessRuleListTest {
  private static final AccessRule EVERYTHING =
      new AccessRule(
          AccessRule.Action.DENY,
          to(".example.com")
              .toAddress("192.0.2.0/24")
              .ports(80, 443)
              .portRange(8000, 8999)
              .fromClient("10.0.0.0/8")
              .user("alice")
              .group("staff")
              .certificate("CN=a,O=b")
              .method("POST")
              .path("/api/**")
              .at("08:00", "18:00", "Europe/Berlin", DayOfWeek.MONDAY)
              .at("00:00", "24:00", "UTC"));

  @Test
  void rulesAreWrittenLikeThis(@TempDir Path directory) throws Exception {
    String json =
        """
        {
          "rules": [
            {
              "action": "deny",
              "requests": {
                "hosts": [".example.com"],
                "addresses": ["192.0.2.0/24"],
                "ports": [80, "443", "8000-8999"],
                "clients": ["10.0.0.0/8"],
                "users": ["alice"],
                "groups": ["staff"],
                "certificates": ["CN=a,O=b"],
                "methods": ["POST"],
                "paths": ["/api/**"],
                "times": [
                  {"from": "08:00", "to": "18:00", "zone": "Europe/Berlin", "days": ["monday"]},
                  {"from": "00:00", "to": "24:00", "zone": "UTC"}
                ]
              }
            },
            {"action": "allow", "requests": {}}
          ]
        }
        """;
    Path file = Files.writeString(directory.resolve("rules.json"), json);
    List<AccessRule> expected = List.of(EVERYTHING, new AccessRule(AccessRule.Action.ALLOW, any()));
    assertEquals(expected, AccessRuleList.fromJson(file).rules());
    assertEquals(
        expected,
        ForwardProxy.builder()
            .authentication(
                a -> a.bearer((token, request, told) -> told.completed(Identity.of(token))))
            .rules(AccessRuleList.fromJson(file).rules())
            .settings()
            .rules());
  }

  @Test
  void nothingIsLostInJson() {
    AccessRuleList list =
        new AccessRuleList(
            List.of(new AccessRule(AccessRule.Action.ALLOW, any()), EVERYTHING, EVERYTHING));
    assertEquals(list, AccessRuleList.fromJson(list.toJson()));
    assertEquals(new AccessRuleList(List.of()), AccessRuleList.fromJson("{}"));
  }

  @Test
  void everythingWrongIsToldAtOnceWithItsPath() {
    InvalidSettingsException refused =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                AccessRuleList.fromJson(
                    """
                    {"rules": [
                      {"action": "allow", "requests": {"host": ["a"], "ports": ["http"]}},
                      {"action": "forbid", "requests": {}},
                      {"action": "allow"}
                    ], "name": "x"}"""));
    assertEquals(
        List.of(
            "$.name: unknown key (expected: one of rules)",
            "$.rules[0].requests.host: unknown key, perhaps hosts (expected: one of hosts, addresses, ports,"
                + " clients, users, groups, certificates, methods, paths, times)",
            "$.rules[0].requests.ports[0]: \"http\" (expected: a port or a range like 8000-8999)",
            "$.rules[1].action: \"forbid\" (expected: one of allow, deny)",
            "$.rules[2].requests: missing (expected: an object)"),
        refused.problems());
  }

  @Test
  void valuesThatCannotWorkAreToldWithTheirPath() {
    InvalidSettingsException refused =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                AccessRuleList.fromJson(
                    """
                    {"rules": [
                      {"action": "allow", "requests": {"hosts": ["ok.example", "*bad"]}},
                      {"action": "deny", "requests": {"paths": ["/a//b"], "methods": ["get"]}}
                    ]}"""));
    assertEquals(
        List.of(
            "$.rules[0].requests.hosts[1]: *bad (expected: " + HostPattern.EXPECTED + ")",
            "$.rules[1].requests.methods[0]: get (expected: a method in capitals, GET)",
            "$.rules[1].requests.paths[0]: /a//b (expected: " + PathPattern.EXPECTED + ")"),
        refused.problems());
  }
}
