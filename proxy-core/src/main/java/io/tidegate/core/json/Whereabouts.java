package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.core.spi.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where in a JSON text a sentence about settings belongs: {@code cluster orders: loadBalancer: best
 * (expected: …)} at the key {@code loadBalancer} of the cluster {@code orders}.
 *
 * <p>A sentence names things in the words of builders, which are not always those of keys, and its
 * value as records print it. So every place is compared with it: one whose value it repeats, behind
 * keys that it mentions, in those elements of lists that it names, is the best. If the last word is
 * a key of the record that said it, only what stands behind that is looked at. Unless one place is
 * better than all others, the sentence stays there, or with the record.
 */
final class Whereabouts {
  private static final String SEPARATOR = ": ";
  private static final String EXPECTED = " (expected: ";
  private static final int VALUE = 4;

  /** A place, and how much speaks for it. */
  private record Place(String path, int merit) {}

  private final Set<String> words;
  private final String names;
  private final String value;
  private final List<Place> places = new ArrayList<>();

  private Whereabouts(String names, String value) {
    this.names = names;
    this.value = value;
    this.words = new HashSet<>(Arrays.asList(names.split("[ :.]+")));
  }

  /**
   * {@code sentence} with its path in front.
   *
   * @param node what the record was made from that said it
   * @param keys the keys that such a record may have
   */
  static String located(String sentence, JsonNode node, String path, Set<String> keys) {
    int end = sentence.lastIndexOf(EXPECTED);
    int start = sentence.lastIndexOf(SEPARATOR, end - SEPARATOR.length());
    if (end < 0 || start < 0) {
      return path + SEPARATOR + sentence;
    }
    String names = sentence.substring(0, start);
    String rest = sentence.substring(names.length());
    String last = names.substring(names.lastIndexOf(' ') + 1);
    boolean named = keys.contains(last);
    String where = named ? Checks.below(path, last) : path;
    Whereabouts search =
        new Whereabouts(names, sentence.substring(start + SEPARATOR.length(), end));
    search.look(named ? node.path(last) : node, where, 0);
    String found = search.best();
    if (found != null) {
      return found + rest;
    }
    return named ? where + rest : path + SEPARATOR + sentence;
  }

  private void look(JsonNode node, String path, int merit) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        String here = Checks.below(path, entry.getKey());
        int mentioned = merit + (isMentioned(entry.getKey()) ? 1 : 0);
        if (mentioned > merit) {
          places.add(new Place(here, mentioned));
        }
        look(entry.getValue(), here, mentioned);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        look(node.get(i), path + "[" + i + "]", merit + named(node.get(i)));
      }
    } else if (means(node.asText())) {
      places.add(new Place(path, merit + VALUE));
    }
  }

  /** A list is called by the word for its elements in the plural. */
  private boolean isMentioned(String key) {
    return words.contains(key)
        || (key.endsWith("s") && words.contains(key.substring(0, key.length() - 1)));
  }

  /** How many of an element's own values are among the names. */
  private int named(JsonNode element) {
    if (element.isTextual()) {
      return isNamed(element.textValue()) ? 1 : 0;
    }
    int named = 0;
    for (JsonNode own : element) {
      named += own.isTextual() && isNamed(own.textValue()) ? 1 : 0;
    }
    return named;
  }

  private boolean isNamed(String text) {
    int at = text.isEmpty() ? -1 : names.indexOf(text);
    int end = at + text.length();
    return at > 0
        && names.charAt(at - 1) == ' '
        && (end == names.length() || names.charAt(end) == ':' || names.charAt(end) == ' ');
  }

  private boolean means(String text) {
    return text.equals(value)
        || value.equals("'" + text + "'")
        || value.equals(String.valueOf(Durations.parse(text)))
        || value.equals(String.valueOf(Sizes.parse(text)));
  }

  private @Nullable String best() {
    int most = places.stream().mapToInt(Place::merit).max().orElse(0);
    List<Place> best = places.stream().filter(place -> place.merit == most).toList();
    return best.size() == 1 ? best.get(0).path : null;
  }
}
