package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.core.json.Defaults.Base;
import io.tidegate.core.spi.Secret;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Schema (draft 2020-12) of settings: it takes the forms that {@link SettingsFormat} reads,
 * as far as a schema can tell. Editors complete by it.
 */
public final class JsonSchema {
  /** What editors tell about settings. */
  @FunctionalInterface
  public interface Descriptions {
    /**
     * A sentence about a record, or about a component of it.
     *
     * @param component the name of the component; empty for the record
     * @return empty for nothing
     */
    String of(Class<?> type, String component);
  }

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final String DEFINITIONS = "$defs";

  private record Key(Class<?> type, @Nullable Base base) {}

  private final Defaults defaults;
  private final String prefix;
  private final ObjectNode definitions;
  private final Descriptions descriptions;
  private final Map<Key, String> names = new HashMap<>();

  private JsonSchema(
      Defaults defaults, String prefix, ObjectNode definitions, Descriptions descriptions) {
    this.defaults = defaults;
    this.prefix = prefix;
    this.definitions = definitions;
    this.descriptions = descriptions;
  }

  /** The schema of a text that is settings of one format. */
  public static String of(SettingsFormat<?> format, Descriptions descriptions) {
    ObjectNode definitions = NODES.objectNode();
    JsonSchema schema = new JsonSchema(format.defaults(), "", definitions, descriptions);
    ObjectNode root = schema.object(format.type(), Base.of(format.byDefault()));
    return text(root, definitions);
  }

  /** The schema of an object that has settings of each format behind its key, or some of them. */
  public static String of(Map<String, SettingsFormat<?>> formats, Descriptions descriptions) {
    ObjectNode definitions = NODES.objectNode();
    ObjectNode root = NODES.objectNode().put("type", "object");
    ObjectNode properties = root.putObject("properties");
    formats.forEach(
        (key, format) -> {
          JsonSchema schema =
              new JsonSchema(format.defaults(), key + ".", definitions, descriptions);
          properties.set(key, schema.record(format.type(), Base.of(format.byDefault())));
        });
    ArrayNode some = root.put("additionalProperties", false).putArray("anyOf");
    formats.keySet().forEach(key -> some.addObject().putArray("required").add(key));
    return text(root, definitions);
  }

  private static String text(ObjectNode root, ObjectNode definitions) {
    ObjectNode schema = NODES.objectNode().put("$schema", DIALECT);
    root.withObjectProperty("properties").set("$schema", type("string"));
    schema.setAll(root);
    schema.set(DEFINITIONS, definitions);
    return JsonDocument.text(schema);
  }

  /** A reference to the definition of a record; one for each that it can be by default. */
  private ObjectNode record(Class<?> type, @Nullable Base base) {
    Key key = new Key(type, base);
    String name = names.get(key);
    if (name == null) {
      name = unused(prefix + type.getSimpleName());
      names.put(key, name);
      definitions.putObject(name); // keeps its place, and ends recursion
      definitions.set(name, definition(type, base));
    }
    return NODES.objectNode().put("$ref", "#/" + DEFINITIONS + "/" + name);
  }

  private String unused(String name) {
    String free = name;
    for (int i = 2; definitions.has(free); i++) {
      free = name + i;
    }
    return free;
  }

  private ObjectNode definition(Class<?> type, @Nullable Base base) {
    RecordComponent alone = defaults.alone(type, base);
    ObjectNode object = object(type, base);
    return alone == null ? object : anyOf(value(alone.getGenericType(), null), object);
  }

  private ObjectNode object(Class<?> type, @Nullable Base base) {
    ObjectNode object = type("object");
    describe(object, descriptions.of(type, ""));
    ObjectNode properties = object.putObject("properties");
    for (RecordComponent component : type.getRecordComponents()) {
      properties.set(component.getName(), component(type, component, base));
    }
    ArrayNode required = NODES.arrayNode();
    defaults.required(type, base).forEach(component -> required.add(component.getName()));
    if (!required.isEmpty()) {
      object.set("required", required);
    }
    return object.put("additionalProperties", false);
  }

  private ObjectNode component(Class<?> type, RecordComponent component, @Nullable Base base) {
    Object absent = defaults.absent(component, base);
    ObjectNode schema = value(component.getGenericType(), absent);
    describe(schema, descriptions.of(type, component.getName()));
    JsonNode byDefault = absent == null ? null : byDefault(absent, component.getGenericType());
    if (byDefault != null) {
      schema.set("default", byDefault);
    }
    return schema;
  }

  private static void describe(ObjectNode schema, String description) {
    if (!description.isEmpty()) {
      schema.put("description", description);
    }
  }

  /**
   * A default as JSON, if it is one value or several; those of records are in their definitions.
   */
  private @Nullable JsonNode byDefault(Object absent, Type type) {
    Class<?> raw = Records.raw(type);
    Object value = absent instanceof Optional<?> some ? some.orElse(null) : absent;
    boolean plain = value != null && (Scalars.has(value.getClass()) || raw == List.class);
    if (!plain && raw != Set.class && !Variants.has(raw)) {
      return null;
    }
    JsonNode node =
        new SettingsWriter(defaults, new Problems(), true).value(absent, type, null, "");
    boolean empty = node.isContainerNode() && node.isEmpty();
    return empty ? null : node;
  }

  private ObjectNode value(Type type, @Nullable Object byDefault) {
    Class<?> raw = Records.raw(type);
    if (raw == Optional.class) {
      return anyOf(value(Records.argument(type, 0), byDefault), type("null"));
    }
    if (raw == OptionalInt.class || raw == OptionalLong.class) {
      return anyOf(number(raw == OptionalInt.class), type("null"));
    }
    if (raw == List.class || raw == Set.class) {
      ObjectNode list = type("array");
      list.set("items", value(Records.argument(type, 0), null));
      return list;
    }
    if (raw == Map.class) {
      ObjectNode map = type("object");
      map.set("additionalProperties", value(Records.argument(type, 1), null));
      return map;
    }
    if (raw == Secret.class) {
      return secret();
    }
    if (Variants.has(raw)) {
      return variants(raw);
    }
    return Scalars.has(raw) ? scalar(raw) : record(raw, defaults.inside(type, byDefault));
  }

  private static ObjectNode secret() {
    ObjectNode secret = type("object");
    ObjectNode properties = secret.putObject("properties");
    properties.set("file", type("string"));
    properties.set("env", type("string"));
    return secret
        .put("minProperties", 1)
        .put("maxProperties", 1)
        .put("additionalProperties", false);
  }

  private ObjectNode variants(Class<?> type) {
    ObjectNode schema = NODES.objectNode();
    ArrayNode forms = schema.putArray("anyOf");
    ArrayNode words = NODES.arrayNode();
    Variants.of(type)
        .forEach(
            (name, variant) -> {
              if (Variants.isText(variant, defaults)) {
                words.add(name);
              }
              ObjectNode form = forms.addObject().put("type", "object");
              form.putObject("properties").set(name, record(variant, defaults.of(variant)));
              form.putArray("required").add(name);
              form.put("additionalProperties", false);
            });
    if (!words.isEmpty()) {
      forms.insertObject(0).set("enum", words);
    }
    return schema;
  }

  private static ObjectNode scalar(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return type("boolean");
    }
    if (type == double.class || type == Double.class) {
      return type("number");
    }
    if (type == String.class) {
      return type("string");
    }
    if (type == Duration.class) {
      return type("string").put("pattern", Durations.PATTERN);
    }
    if (type.isEnum()) {
      return words(type);
    }
    return TextType.of(type).isPresent()
        ? anyOf(type("string"), type("integer"))
        : number(type == int.class || type == Integer.class);
  }

  private static ObjectNode number(boolean small) {
    ObjectNode number =
        type("integer")
            .put("minimum", small ? Integer.MIN_VALUE : Long.MIN_VALUE)
            .put("maximum", small ? Integer.MAX_VALUE : Long.MAX_VALUE);
    return anyOf(number, type("string").put("pattern", Sizes.PATTERN));
  }

  /** The words for editors to offer, and the same in any case. */
  private static ObjectNode words(Class<?> type) {
    List<String> words = Arrays.stream(type.getEnumConstants()).map(Scalars::text).toList();
    ObjectNode offered = NODES.objectNode();
    words.forEach(offered.putArray("enum")::add);
    String pattern =
        words.stream().map(JsonSchema::inAnyCase).collect(Collectors.joining("|", "^(", ")$"));
    return anyOf(offered, type("string").put("pattern", pattern));
  }

  private static String inAnyCase(String word) {
    return word.chars()
        .mapToObj(c -> Character.toString(c))
        .map(c -> c.equals("-") ? "[-_]" : either(c, c.toUpperCase(Locale.ROOT)))
        .collect(Collectors.joining());
  }

  private static String either(String lower, String upper) {
    return lower.equals(upper) ? lower : "[" + lower + upper + "]";
  }

  private static ObjectNode type(String name) {
    return NODES.objectNode().put("type", name);
  }

  private static ObjectNode anyOf(ObjectNode... schemas) {
    ObjectNode any = NODES.objectNode();
    any.putArray("anyOf").addAll(List.of(schemas));
    return any;
  }
}
