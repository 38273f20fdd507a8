package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tidegate.core.json.Defaults.Base;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes settings records from JSON: an object for a record, with a key for each component. Whatever
 * is wrong is noted, and the rest looked at all the same.
 */
final class SettingsReader {
  private static final String SECRET = "{\"file\": path} or {\"env\": name of a variable}";

  private final Defaults defaults;
  private final Problems problems;

  SettingsReader(Defaults defaults, Problems problems) {
    this.defaults = defaults;
    this.problems = problems;
  }

  /** A record; null after problems have been noted. */
  @Nullable Object record(JsonNode node, String path, Class<?> type, @Nullable Base base) {
    if (node.isObject()) {
      return object(node, path, type, base);
    }
    RecordComponent alone = node.isValueNode() ? defaults.alone(type, base) : null;
    if (alone == null) {
      problems.addKind(path, node, "an object");
      return null;
    }
    String name = alone.getName();
    JsonNode object = JsonNodeFactory.instance.objectNode().set(name, node);
    int first = problems.count();
    Object made = object(object, path, type, base);
    problems.moved(first, path + "." + name, path);
    return made;
  }

  private @Nullable Object object(JsonNode node, String path, Class<?> type, @Nullable Base base) {
    RecordComponent[] components = type.getRecordComponents();
    Set<String> keys =
        Arrays.stream(components)
            .map(RecordComponent::getName)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    refuseOtherKeys(node, path, keys);
    Object[] values = new Object[components.length];
    boolean complete = true;
    for (int i = 0; i < components.length; i++) {
      Object value = component(node, path, components[i], base);
      values[i] = value == null ? standIn(components[i], base) : value;
      complete &= values[i] != null;
    }
    return complete ? made(type, values, node, path, keys) : null;
  }

  private void refuseOtherKeys(JsonNode node, String path, Set<String> keys) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!keys.contains(entry.getKey())) {
        problems.addUnknownKey(path, entry.getKey(), keys);
      }
    }
  }

  /** The value of a component, or null after problems have been noted. */
  private @Nullable Object component(
      JsonNode node, String path, RecordComponent component, @Nullable Base base) {
    String here = Checks.below(path, component.getName());
    Object absent = defaults.absent(component, base);
    JsonNode value = node.get(component.getName());
    if (value != null) {
      return value(value, here, component.getGenericType(), absent);
    }
    if (absent == null) {
      problems.add(here, "missing", expected(component.getType()));
    }
    return absent;
  }

  /** So that what else is wrong with a record can be told although one of its values is wrong. */
  private @Nullable Object standIn(RecordComponent component, @Nullable Base base) {
    return Scalars.has(component.getType()) ? defaults.absent(component, base) : null;
  }

  private @Nullable Object made(
      Class<?> type, Object[] values, JsonNode node, String path, Set<String> keys) {
    try {
      return Records.make(type, values);
    } catch (IllegalArgumentException e) {
      problems.addRefusal(e, node, path, keys);
      return null;
    }
  }

  private @Nullable Object value(
      JsonNode node, String path, Type type, @Nullable Object byDefault) {
    Class<?> raw = Records.raw(type);
    if (raw == Optional.class) {
      return optional(node, path, Records.argument(type, 0), byDefault);
    }
    if (raw == OptionalInt.class || raw == OptionalLong.class) {
      return optionalNumber(node, path, raw);
    }
    if (raw == List.class || raw == Set.class) {
      return elements(node, path, Records.argument(type, 0), raw);
    }
    if (raw == Map.class) {
      return map(node, path, Records.raw(Records.argument(type, 0)), Records.argument(type, 1));
    }
    if (raw == Secret.class) {
      return secret(node, path);
    }
    if (Variants.has(raw)) {
      return variant(node, path, raw);
    }
    return Scalars.has(raw)
        ? scalar(node, path, raw)
        : record(node, path, raw, defaults.inside(type, byDefault));
  }

  private @Nullable Object optional(
      JsonNode node, String path, Type type, @Nullable Object byDefault) {
    if (node.isNull()) {
      return Optional.empty();
    }
    Object value = value(node, path, type, byDefault);
    return value == null ? null : Optional.of(value);
  }

  private @Nullable Object optionalNumber(JsonNode node, String path, Class<?> type) {
    if (node.isNull()) {
      return type == OptionalInt.class ? OptionalInt.empty() : OptionalLong.empty();
    }
    Object number = scalar(node, path, type == OptionalInt.class ? int.class : long.class);
    if (number instanceof Integer small) {
      return OptionalInt.of(small);
    }
    return number instanceof Long large ? OptionalLong.of(large) : null;
  }

  /** One of several records: its name, or an object with its name as the only key. */
  private @Nullable Object variant(JsonNode node, String path, Class<?> type) {
    Map<String, Class<?>> known = Variants.of(type);
    boolean one = node.isObject() && node.size() == 1;
    String name = one ? node.fieldNames().next() : node.textValue();
    Class<?> chosen = name == null ? null : known.get(name);
    if (chosen != null && one) {
      return record(node.path(name), Checks.below(path, name), chosen, defaults.of(chosen));
    }
    if (chosen != null && Variants.isText(chosen, defaults)) {
      return record(JsonNodeFactory.instance.objectNode(), path, chosen, defaults.of(chosen));
    }
    if (one && chosen == null) {
      problems.addUnknownKey(path, String.valueOf(name), known.keySet());
    } else {
      problems.add(path, node, Variants.expected(type, defaults));
    }
    return null;
  }

  private @Nullable Object elements(JsonNode node, String path, Type type, Class<?> container) {
    if (!node.isArray()) {
      problems.addKind(path, node, "a list");
      return null;
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      Object value = value(node.get(i), path + "[" + i + "]", type, null);
      if (value != null) {
        values.add(value);
      }
    }
    if (values.size() < node.size()) {
      return null;
    }
    return container == Set.class ? new LinkedHashSet<>(values) : values;
  }

  private @Nullable Object map(JsonNode node, String path, Class<?> keyType, Type type) {
    if (!node.isObject()) {
      problems.addKind(path, node, "an object");
      return null;
    }
    Map<Object, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String here = Checks.below(path, entry.getKey());
      Object key = scalar(TextNode.valueOf(entry.getKey()), here, keyType);
      Object value = value(entry.getValue(), here, type, null);
      if (key != null && value != null && values.put(key, value) != null) {
        problems.add(here, "said twice", "each key once");
      }
    }
    return values.size() < node.size() ? null : values;
  }

  private @Nullable Object scalar(JsonNode node, String path, Class<?> type) {
    try {
      return Scalars.read(node, type);
    } catch (IllegalArgumentException e) {
      problems.add(path, node, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Nothing that stands in its place is repeated: it may be the secret. */
  private @Nullable Object secret(JsonNode node, String path) {
    JsonNode file = node.path("file");
    JsonNode variable = node.path("env");
    if (node.size() == 1 && file.isTextual()) {
      return Secret.file(file.textValue());
    }
    if (node.size() == 1 && variable.isTextual()) {
      return Secret.environment(variable.textValue());
    }
    problems.addKind(path, node, SECRET);
    return null;
  }

  private String expected(Class<?> type) {
    if (type == Secret.class) {
      return SECRET;
    }
    if (type == List.class || type == Set.class) {
      return "a list";
    }
    if (Variants.has(type)) {
      return Variants.expected(type, defaults);
    }
    return Scalars.has(type) ? Scalars.expected(type) : "an object";
  }
}
