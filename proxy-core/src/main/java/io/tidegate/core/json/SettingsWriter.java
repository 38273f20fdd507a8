package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.core.json.Defaults.Base;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Confidential;
import io.tidegate.core.spi.Secret;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes settings records as JSON, as briefly as {@link SettingsReader} takes it. */
final class SettingsWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Defaults defaults;
  private final Problems problems;
  private final boolean shown;

  /**
   * @param shown whether this is for eyes: secrets are hidden, rather than refused
   */
  SettingsWriter(Defaults defaults, Problems problems, boolean shown) {
    this.defaults = defaults;
    this.problems = problems;
    this.shown = shown;
  }

  /** An object with the components of {@code record} that differ from those of {@code base}. */
  ObjectNode object(Record record, @Nullable Base base, String path) {
    ObjectNode object = NODES.objectNode();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = Records.get(component, record);
      Object absent = defaults.absent(component, base);
      if (!value.equals(absent)) {
        object.set(component.getName(), component(component, value, absent, path));
      }
    }
    return object;
  }

  private JsonNode component(
      RecordComponent component, Object value, @Nullable Object absent, String path) {
    if (shown && component.isAnnotationPresent(Confidential.class)) {
      boolean nothing = value.equals(Optional.empty()) || value.equals("");
      return NODES.textNode(nothing ? "" : JsonText.HIDDEN);
    }
    String here = Checks.below(path, component.getName());
    return value(value, component.getGenericType(), absent, here);
  }

  /** Without braces if there is but the component that may stand alone. */
  private JsonNode record(Record record, @Nullable Base base, String path) {
    ObjectNode object = object(record, base, path);
    RecordComponent alone = object.size() == 1 ? defaults.alone(record.getClass(), base) : null;
    return alone == null ? object : object.path(alone.getName());
  }

  JsonNode value(Object value, Type type, @Nullable Object byDefault, String path) {
    if (value instanceof Optional<?> some) {
      Type inner = Records.argument(type, 0);
      return some.isPresent() ? value(some.get(), inner, byDefault, path) : NODES.nullNode();
    }
    if (value instanceof OptionalInt some) {
      return some.isPresent() ? NODES.numberNode(some.getAsInt()) : NODES.nullNode();
    }
    if (value instanceof OptionalLong some) {
      return some.isPresent() ? NODES.numberNode(some.getAsLong()) : NODES.nullNode();
    }
    if (value instanceof Collection<?> several) {
      return elements(several, Records.argument(type, 0), path);
    }
    if (value instanceof Map<?, ?> map) {
      return map(map, Records.argument(type, 1), path);
    }
    if (value instanceof Secret secret) {
      return secret(secret, path);
    }
    if (value instanceof Record variant && Variants.has(Records.raw(type))) {
      return variant(variant, path);
    }
    if (Scalars.has(value.getClass())) {
      return Scalars.write(value);
    }
    if (value instanceof Record record) {
      return record(record, defaults.inside(type, byDefault), path);
    }
    throw new IllegalStateException(path + " is a " + value.getClass() + ", which has no JSON");
  }

  private JsonNode variant(Record record, String path) {
    Class<?> type = record.getClass();
    String name = Variants.name(type);
    JsonNode said = record(record, defaults.of(type), Checks.below(path, name));
    boolean nothing = said.isObject() && said.isEmpty() && Variants.isText(type, defaults);
    return nothing ? NODES.textNode(name) : NODES.objectNode().set(name, said);
  }

  /** The elements of a set in the order of their texts: the same for the same set. */
  private ArrayNode elements(Collection<?> values, Type type, String path) {
    Comparator<Object> byText = Comparator.comparing(Scalars::text);
    List<?> ordered =
        values instanceof Set<?> ? values.stream().sorted(byText).toList() : List.copyOf(values);
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < ordered.size(); i++) {
      array.add(value(ordered.get(i), type, null, path + "[" + i + "]"));
    }
    return array;
  }

  private ObjectNode map(Map<?, ?> values, Type type, String path) {
    Map<String, Object> ordered = new TreeMap<>();
    values.forEach((key, value) -> ordered.put(Scalars.text(key), value));
    ObjectNode object = NODES.objectNode();
    ordered.forEach(
        (key, value) -> object.set(key, value(value, type, null, Checks.below(path, key))));
    return object;
  }

  private JsonNode secret(Secret secret, String path) {
    if (secret.source() != Secret.Source.VALUE) {
      String key = secret.source() == Secret.Source.FILE ? "file" : "env";
      return NODES.objectNode().put(key, secret.text());
    }
    if (!shown) {
      problems.add(path, "a secret as it is", "one in a file or an environment variable");
    }
    return NODES.textNode(JsonText.HIDDEN);
  }
}
