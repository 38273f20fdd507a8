package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
  @Nullable Object record(JsonNode node, String path, Class<?> type, @Nullable Record base) {
    if (!node.isObject()) {
      problems.addKind(path, node, "an object");
      return null;
    }
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
        String known = "one of " + String.join(", ", keys);
        problems.add(path + "." + entry.getKey(), "unknown key", known);
      }
    }
  }

  /** The value of a component, or null after problems have been noted. */
  private @Nullable Object component(
      JsonNode node, String path, RecordComponent component, @Nullable Record base) {
    String here = path + "." + component.getName();
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
  private @Nullable Object standIn(RecordComponent component, @Nullable Record base) {
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
    if (raw == List.class || raw == Set.class) {
      return elements(node, path, Records.argument(type, 0), raw);
    }
    if (raw == Map.class) {
      return map(node, path, Records.raw(Records.argument(type, 0)), Records.argument(type, 1));
    }
    if (raw == Secret.class) {
      return secret(node, path);
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
      String here = path + "." + entry.getKey();
      Object key = scalar(TextNode.valueOf(entry.getKey()), here, keyType);
      Object value = value(entry.getValue(), here, type, null);
      if (key != null && value != null) {
        values.put(key, value);
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

  private static String expected(Class<?> type) {
    if (type == Secret.class) {
      return SECRET;
    }
    return Scalars.has(type) ? Scalars.expected(type) : "an object";
  }
}
