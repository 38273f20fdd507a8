package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.core.spi.Secret;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns settings records into JSON, as {@link SettingsReader} reads it; defaults are left out. */
final class SettingsWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Defaults defaults;
  private final Problems problems;

  SettingsWriter(Defaults defaults, Problems problems) {
    this.defaults = defaults;
    this.problems = problems;
  }

  /** An object with the components of {@code record} that differ from those of {@code base}. */
  ObjectNode record(Record record, @Nullable Record base, String path) {
    ObjectNode object = NODES.objectNode();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = Records.get(component, record);
      Object absent = defaults.absent(component, base);
      if (!value.equals(absent)) {
        String here = path + "." + component.getName();
        object.set(component.getName(), value(value, component.getGenericType(), absent, here));
      }
    }
    return object;
  }

  private JsonNode value(Object value, Type type, @Nullable Object byDefault, String path) {
    if (value instanceof Optional<?> some) {
      Type inner = Records.argument(type, 0);
      return some.isPresent() ? value(some.get(), inner, byDefault, path) : NODES.nullNode();
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
    if (Scalars.has(value.getClass())) {
      return Scalars.write(value);
    }
    if (value instanceof Record record) {
      return record(record, defaults.inside(type, byDefault), path);
    }
    throw new IllegalStateException(path + " is a " + value.getClass() + ", which has no JSON");
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
    ordered.forEach((key, value) -> object.set(key, value(value, type, null, path + "." + key)));
    return object;
  }

  private JsonNode secret(Secret secret, String path) {
    if (secret.source() == Secret.Source.VALUE) {
      problems.add(path, "a secret as it is", "one in a file or an environment variable");
      return NODES.nullNode();
    }
    String key = secret.source() == Secret.Source.FILE ? "file" : "env";
    return NODES.objectNode().put(key, secret.text());
  }
}
