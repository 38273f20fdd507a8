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
