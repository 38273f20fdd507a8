package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  @Test
  void everythingWrongIsSaidAtOnceInOneForm() {
    Checks checks =
        new Checks()
            .atLeast("maxBytes", -1, 0)
            .between("port", 70_000, 0, 65_535)
            .duration("timeout", Duration.ZERO)
            .duration("age", Duration.ofDays(400))
            .duration("pause", Duration.ofSeconds(-1))
            .reject("name", "a b", "a token")
            .problem("two clusters are called a");
    assertFalse(checks.passed());
    InvalidSettingsException e = assertThrows(InvalidSettingsException.class, checks::done);
    assertEquals(
        List.of(
            "maxBytes: -1 (expected: >= 0)",
            "port: 70000 (expected: 0 to 65535)",
            "timeout: PT0S (expected: more than 0, at most 365 days)",
            "age: PT9600H (expected: more than 0, at most 365 days)",
            "pause: PT-1S (expected: more than 0, at most 365 days)",
            "name: a b (expected: a token)",
            "two clusters are called a"),
        e.problems());
    assertEquals(String.join(System.lineSeparator(), e.problems()), e.getMessage());
  }

  @Test
  void whatIsRightPasses() {
    Checks checks =
        new Checks()
            .atLeast("a", 0, 0)
            .between("b", 1, 1, 1)
            .duration("c", Duration.ofMillis(1))
            .duration("d", Duration.ofDays(365));
    assertTrue(checks.passed());
    assertDoesNotThrow(checks::done);
  }

  @Test
  void problemsOfPartsAreCollected() {
    Checks checks = new Checks();
    assertEquals("fine", checks.collect(() -> "fine"));
    Object part =
        checks.collect(
            () -> {
              new Checks().atLeast("part", -1, 0).done();
              return "never";
            });
    assertNull(part);
    InvalidSettingsException e = assertThrows(InvalidSettingsException.class, checks::done);
    assertEquals(List.of("part: -1 (expected: >= 0)"), e.problems());
  }

  @Test
  void problemsOfAPlaceAreToldWithThePathToIt() {
    Checks checks = new Checks();
    Checks tls = checks.at("listeners[1]").at("tls");
    tls.reject("certificates", "none", "one");
    assertNull(tls.collect("handshake ", () -> parsed(-1)));
    checks.addAll(new Checks().reject("ioThreads", 7, "6"));
    tls.addAll(new Checks().reject("a", 1, "2"));
    assertFalse(tls.passed());
    assertEquals(
        List.of(
            "listeners[1].tls.certificates: none (expected: one)",
            "listeners[1].tls.handshake timeout: -1 (expected: >= 0)",
            "ioThreads: 7 (expected: 6)",
            "listeners[1].tls.a: 1 (expected: 2)"),
        problems(checks));
    assertEquals(problems(checks), problems(tls));
  }

  @Test
  void elementsThatAreWrongAreToldByTheirPlaces() {
    Checks checks = new Checks();
    List<Integer> read =
        checks
            .at("tls")
            .collectAll(
                "trusted",
                List.of("1", "x", "3", "y"),
                (place, element) -> {
                  if (!element.matches("\\d")) {
                    new Checks().reject(place, element, "a digit").done();
                  }
                  return List.of(Integer.valueOf(element), 0);
                });
    assertEquals(List.of(1, 0, 3, 0), read);
    assertEquals(
        List.of("tls.trusted[1]: x (expected: a digit)", "tls.trusted[3]: y (expected: a digit)"),
        problems(checks));
  }

  @ParameterizedTest
  @CsvSource({
    "bob,            users.bob",
    "a-b_1,          users.a-b_1",
    "a b,            'users[\"a b\"]'",
    "1,              'users[\"1\"]'",
    "'',             'users[\"\"]'",
    "a.b,            'users[\"a.b\"]'",
    "'a\"b\\',       'users[\"a\\\"b\\\\\"]'",
  })
  void aKeyIsPutBehindThePathToItsObject(String key, String path) {
    assertEquals(path, Checks.below("users", key));
  }

  @Test
  void aKeyBreaksNoLineAndIsCutWhenItIsLong() {
    assertEquals("$[\"a\\u000ab\"]", Checks.below("$", "a\nb"));
    String longest = "x".repeat(60);
    assertEquals("$." + longest, Checks.below("$", longest));
    assertEquals("$[\"" + longest + "…\"]", Checks.below("$", longest + "x"));
  }

  @Test
  void settingsThatArePartOfOthersAreRefusedByTheirPlaceThere() {
    InvalidSettingsException whole =
        new InvalidSettingsException(List.of("a: 1 (expected: 2)", "b: 2 (expected: 1)"))
            .at("$.reverse");
    assertEquals(
        List.of("$.reverse.a: 1 (expected: 2)", "$.reverse.b: 2 (expected: 1)"), whole.problems());
  }

  private static int parsed(int timeout) {
    new Checks().atLeast("timeout", timeout, 0).done();
    return timeout;
  }

  private static List<String> problems(Checks checks) {
    return assertThrows(InvalidSettingsException.class, checks::done).problems();
  }

  @Test
  void everyLineOfAnIllegalArgumentIsAProblem() {
    Checks checks = new Checks();
    Object part =
        checks.collect(
            () -> {
              throw new IllegalArgumentException("a: 1 (expected: 2)\nb: 2 (expected: 1)");
            });
    assertNull(part);
    InvalidSettingsException e = assertThrows(InvalidSettingsException.class, checks::done);
    assertEquals(List.of("a: 1 (expected: 2)", "b: 2 (expected: 1)"), e.problems());
  }
}
