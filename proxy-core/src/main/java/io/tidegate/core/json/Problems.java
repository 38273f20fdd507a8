package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.core.spi.InvalidSettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with a JSON text, each with the path to it: {@code $.proxy.ioThreads: "two" …}. */
final class Problems {
  private static final Pattern SENTENCE =
      Pattern.compile("([^:]+): (.*) \\(expected: (.*)\\)", Pattern.DOTALL);
  private static final int LONGEST_VALUE = 60;

  private final List<String> problems = new ArrayList<>();

  /** Notes that the value at {@code path} is not what was expected. */
  void add(String path, String value, String expected) {
    problems.add(path + ": " + value + " (expected: " + expected + ")");
  }

  /** The same about {@code node}, which should be a single value. */
  void add(String path, JsonNode node, String expected) {
    if (node.isContainerNode()) {
      addKind(path, node, expected);
      return;
    }
    String text = node.toString();
    boolean tooLong = text.length() > LONGEST_VALUE;
    add(path, tooLong ? text.substring(0, LONGEST_VALUE) + "…" : text, expected);
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

  /**
   * Notes why a record made from {@code node} was refused: sentences that begin with the name of a
   * setting, which need not be that of a key. The key is looked for by its name, or else by the
   * value.
   */
  void addRefusal(IllegalArgumentException refusal, JsonNode node, String path, Set<String> keys) {
    List<String> sentences =
        refusal instanceof InvalidSettingsException several
            ? several.problems()
            : String.valueOf(refusal.getMessage()).lines().toList();
    for (String sentence : sentences) {
      problems.add(located(sentence, node, path, keys));
    }
  }

  private static String located(String sentence, JsonNode node, String path, Set<String> keys) {
    Matcher matcher = SENTENCE.matcher(sentence);
    if (!matcher.matches()) {
      return path + ": " + sentence;
    }
    String name = matcher.group(1);
    String value = matcher.group(2);
    boolean named = keys.contains(name);
    List<String> places = new ArrayList<>();
    String where = named ? path + "." + name : path;
    find(value, named ? node.path(name) : node, where, places);
    if (places.size() != 1) {
      return named ? where + sentence.substring(name.length()) : path + ": " + sentence;
    }
    return places.get(0) + sentence.substring(name.length());
  }

  private static void find(String value, JsonNode node, String path, List<String> places) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        find(value, entry.getValue(), path + "." + entry.getKey(), places);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        find(value, node.get(i), path + "[" + i + "]", places);
      }
    } else if (means(node.asText(), value)) {
      places.add(path);
    }
  }

  private static boolean means(String text, String value) {
    return text.equals(value)
        || value.equals(String.valueOf(Durations.parse(text)))
        || value.equals(String.valueOf(Sizes.parse(text)));
  }

  /** Whether nothing is wrong so far. */
  boolean none() {
    return problems.isEmpty();
  }

  /** All of them. */
  InvalidSettingsException exception() {
    return new InvalidSettingsException(problems);
  }
}
