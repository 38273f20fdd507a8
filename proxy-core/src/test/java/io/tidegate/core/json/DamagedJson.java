package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Texts that were settings before somebody spoilt them, the same ones for the same seed. */
public final class DamagedJson implements Supplier<String> {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> WORDS =
      List.of(
          "",
          " ",
          "none",
          "0",
          "-1",
          "443",
          "1-0",
          "*",
          "/",
          "/{",
          "(",
          "[",
          "\u0000",
          "\r\n",
          "\ud800",
          "P",
          "9999999999TiB",
          "999999999999d",
          "10.0.0.0/33",
          "::1",
          "http://",
          "a b",
          "x".repeat(70_000),
          "a\ud83d\ude00".repeat(20_000),
          "a: b (expected: c)",
          "a\u0000b",
          "{\"file\": 1}");

  private final String whole;
  private final Random random;

  public DamagedJson(String whole, long seed) {
    this.whole = whole;
    this.random = new Random(seed);
  }

  /** The next one. */
  @Override
  public String get() {
    return switch (random.nextInt(4)) {
      case 0 -> damagedText();
      case 1 -> damagedText(damagedTree());
      default -> damagedTree();
    };
  }

  private String damagedText() {
    return damagedText(whole);
  }

  private String damagedText(String text) {
    StringBuilder damaged = new StringBuilder(text);
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(40));
    switch (random.nextInt(5)) {
      case 0 -> damaged.delete(at, end);
      case 1 -> damaged.insert(at, text, at, end);
      case 2 -> damaged.setLength(at);
      case 3 -> damaged.insert(at, "[".repeat(1 + random.nextInt(10_000)));
      default -> damaged.setCharAt(at, (char) random.nextInt(0x180));
    }
    return damaged.toString();
  }

  /** One to three places of the tree are others. */
  private String damagedTree() {
    JsonNode tree = JsonDocument.parse(whole).node();
    for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
      List<Runnable> faultsOfTree = new ArrayList<>();
      collect(tree, faultsOfTree);
      faultsOfTree.get(random.nextInt(faultsOfTree.size())).run();
    }
    return JsonDocument.text(tree);
  }

  private void collect(JsonNode node, List<Runnable> faults) {
    if (node instanceof ObjectNode object) {
      for (String key : List.copyOf(names(object))) {
        JsonNode child = object.path(key);
        faults.add(() -> object.set(key, other(child)));
        faults.add(() -> object.remove(key));
        faults.add(() -> object.set(key + "x", object.remove(key)));
        faults.add(() -> object.set(WORDS.get(random.nextInt(WORDS.size())), child));
        collect(child, faults);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        JsonNode child = array.get(i);
        faults.add(() -> array.set(index, other(child)));
        faults.add(() -> array.insert(index, child.deepCopy()));
        faults.add(() -> array.remove(index));
        collect(child, faults);
      }
    }
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private JsonNode other(JsonNode node) {
    return switch (random.nextInt(9)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextLong());
      case 3 -> NODES.numberNode(random.nextInt(5) - 2);
      case 4 -> NODES.numberNode(random.nextDouble() * 1e300);
      case 5 -> NODES.arrayNode().add(node.deepCopy());
      case 6 -> NODES.objectNode().set("x", node.deepCopy());
      case 7 -> node.isArray() ? NODES.arrayNode() : NODES.objectNode();
      default -> NODES.textNode(WORDS.get(random.nextInt(WORDS.size())));
    };
  }
}
