package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldRuleTest {
  private static List<String> applied(FieldRule... rules) {
    FieldEdits edits = new FieldEdits(Fields.of("A", "1", "a", "2", "B", "3"));
    FieldRules.of(List.of(rules)).apply(edits);
    Fields fields = edits.toFields();
    return java.util.stream.IntStream.range(0, fields.size())
        .mapToObj(i -> fields.name(i) + "=" + fields.value(i))
        .toList();
  }

  @Test
  void settingReplacesAllLines() {
    assertEquals(List.of("B=3", "A=x"), applied(FieldRule.set("A", "x")));
  }

  @Test
  void addingKeepsWhatIsThere() {
    assertEquals(List.of("A=1", "a=2", "B=3", "a=x"), applied(FieldRule.add("a", "x")));
  }

  @Test
  void removingTakesAllLines() {
    assertEquals(List.of("B=3"), applied(FieldRule.remove("a")));
  }

  @Test
  void aLaterRuleSeesWhatTheEarlierOnesDid() {
    assertEquals(
        List.of("A=1", "a=2", "B=3"), applied(FieldRule.add("C", "x"), FieldRule.remove("c")));
  }

  @Test
  void noRulesAreNothingToDo() {
    assertSame(FieldRules.NONE, FieldRules.of(List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "content-length",
        "Transfer-Encoding",
        "Trailer",
        "TE",
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Upgrade",
        "",
        "a b",
        "a:"
      })
  void fieldsOfTheEngineAndWhatIsNoNameAreProblems(String name) {
    String problem = FieldRule.remove(name).problem("requestField").orElseThrow();
    assertEquals(0, problem.indexOf("requestField: " + name + " (expected: "), problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret\r\nX: y", "secret\u0000", "secret€", " secret", "secret\t"})
  void aWrongValueIsAProblemThatDoesNotRepeatIt(String value) {
    FieldRule rule = FieldRule.set("A", value);
    String problem = rule.problem("requestField").orElseThrow();
    assertFalse(problem.contains("secret"), problem);
    assertFalse(rule.toString().contains("secret"));
  }

  @Test
  void onlyARuleThatRemovesHasNoValue() {
    assertEquals(
        Optional.of("requestField: A (expected: a value)"),
        new FieldRule(FieldRule.Action.SET, "A", Optional.empty()).problem("requestField"));
    assertEquals(
        Optional.of("requestField: A (expected: no value where a field is removed)"),
        new FieldRule(FieldRule.Action.REMOVE, "A", Optional.of("")).problem("requestField"));
  }

  @Test
  void aGoodRuleHasNoProblem() {
    assertEquals(Optional.empty(), FieldRule.set("X-A", "b c").problem("requestField"));
    assertEquals(Optional.empty(), FieldRule.set("X-A", "").problem("requestField"));
    assertEquals(Optional.empty(), FieldRule.remove("Via").problem("requestField"));
  }
}
