package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is wrong with a JSON text, each with the path to it: {@code $.proxy.ioThreads: "two" …}. */
final class Problems {
  private static final int LONGEST_VALUE = 60;

  /** More would not help anybody who mends the text. */
  private static final int MOST = 100;

  private final List<String> problems = new ArrayList<>();

  /** How many there are beyond those. */
  private int more;

  private static String shortened(String text) {
    return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
  }

  /** Notes that the value at {@code path} is not what was expected. */
  void add(String path, String value, String expected) {
    if (hasRoom()) {
      problems.add(path + ": " + value + " (expected: " + expected + ")");
    }
  }

  /** Whether one more is told; if not, it is counted. */
  private boolean hasRoom() {
    boolean room = problems.size() < MOST;
    more += room ? 0 : 1;
    return room;
  }

  /** The same about {@code node}, which should be a single value. */
  void add(String path, JsonNode node, String expected) {
    if (node.isContainerNode()) {
      addKind(path, node, expected);
    } else {
      add(path, shortened(node.toString()), expected);
    }
  }

  /**
   * The same about {@code node}, which should have parts, and is not repeated: it may be a secret
   * where a reference to one should stand.
   */
  void addKind(String path, JsonNode node, String expected) {
    String kind =
        switch (node.getNodeType()) {
          case OBJECT -> "an object";
          case ARRAY -> "a list";
          case STRING -> "a text";
          case NUMBER -> "a number";
          default -> node.toString();
        };
    add(path, kind, expected);
  }

  /** Notes that the object at {@code path} has a key that none of its kind has. */
  void addUnknownKey(String path, String key, Set<String> known) {
    if (problems.size() == MOST) {
      more++;
      return;
    }
    String meant = Spelling.nearest(key, known);
    String value = meant == null ? "unknown key" : "unknown key, perhaps " + meant;
    String expected = known.isEmpty() ? "no keys" : "one of " + String.join(", ", known);
    add(Checks.below(path, key), value, expected);
  }

  /**
   * Notes why a record made from {@code node} was refused: sentences that begin with the name of a
   * setting.
   *
   * @param keys the keys that such a record may have
   */
  void addRefusal(IllegalArgumentException refusal, JsonNode node, String path, Set<String> keys) {
    List<String> sentences =
        refusal instanceof InvalidSettingsException several
            ? several.problems()
            : String.valueOf(refusal.getMessage()).lines().toList();
    for (String sentence : sentences) {
      if (hasRoom()) {
        problems.add(Whereabouts.located(sentence, node, path, keys));
      }
    }
  }

  /** How many there are so far. */
  int count() {
    return problems.size() + more;
  }

  /** Lets those from {@code first} on that are said of {@code path} be about another one. */
  void moved(int first, String path, String other) {
    problems
        .subList(Math.min(first, problems.size()), problems.size())
        .replaceAll(
            problem ->
                problem.startsWith(path) ? other + problem.substring(path.length()) : problem);
  }

  /** Whether nothing is wrong so far. */
  boolean none() {
    return problems.isEmpty();
  }

  /** All of them; of many the first ones, and how many more there are. */
  InvalidSettingsException exception() {
    List<String> told = new ArrayList<>(problems);
    if (more > 0) {
      told.add("$: and " + more + " more (expected: none)");
    }
    return new InvalidSettingsException(told);
  }
}
