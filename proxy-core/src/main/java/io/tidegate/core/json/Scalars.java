package io.tidegate.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values that are one JSON value each: numbers, texts and what is written as text. */
final class Scalars {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String REASON = "(expected: ";

  private Scalars() {}

  /** Whether values of {@code type} are. */
  static boolean has(Class<?> type) {
    return type.isPrimitive()
        || Number.class.isAssignableFrom(type)
        || type == Boolean.class
        || type == String.class
        || type == Duration.class
        || type.isEnum()
        || TextType.of(type).isPresent();
  }

  /** What is expected of a value of {@code type}. */
  static String expected(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (isInteger(type)) {
      return "a whole number, or a size like 64KiB or 256MiB";
    }
    if (type == Duration.class) {
      return Durations.EXPECTED;
    }
    return type.isEnum()
        ? "one of "
            + Arrays.stream(constants(type)).map(Scalars::text).collect(Collectors.joining(", "))
        : "a text";
  }

  /**
   * The value of {@code type} that {@code node} is.
   *
   * @throws IllegalArgumentException with what was expected, if it is none
   */
  static Object read(JsonNode node, Class<?> type) {
    Object value = valueOrNull(node, type);
    if (value == null) {
      throw new IllegalArgumentException(expected(type));
    }
    return value;
  }

  private static @Nullable Object valueOrNull(JsonNode node, Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return node.isBoolean() ? node.booleanValue() : null;
    }
    if (type == double.class || type == Double.class) {
      return node.isNumber() && Double.isFinite(node.doubleValue()) ? node.doubleValue() : null;
    }
    if (isInteger(type)) {
      return integer(node, type);
    }
    if (type == String.class) {
      return node.isTextual() ? node.textValue() : null;
    }
    if (type == Duration.class) {
      return node.isTextual() ? Durations.parse(node.textValue()) : null;
    }
    return type.isEnum() ? constant(node, type) : parsed(node, type);
  }

  private static boolean isInteger(Class<?> type) {
    return type == int.class || type == long.class || type == Integer.class || type == Long.class;
  }

  private static @Nullable Object integer(JsonNode node, Class<?> type) {
    Long number =
        node.isIntegralNumber() && node.canConvertToLong()
            ? Long.valueOf(node.longValue())
            : node.isTextual() ? Sizes.parse(node.textValue()) : null;
    if (number == null || type == long.class || type == Long.class) {
      return number;
    }
    return number.intValue() == number ? (Object) number.intValue() : null;
  }

  private static @Nullable Object constant(JsonNode node, Class<?> type) {
    String name = node.isTextual() ? node.textValue().replace('-', '_') : "";
    for (Object constant : constants(type)) {
      if (((Enum<?>) constant).name().equalsIgnoreCase(name)) {
        return constant;
      }
    }
    return null;
  }

  private static Object[] constants(Class<?> type) {
    Object[] constants = type.getEnumConstants();
    return constants == null ? new Object[0] : constants;
  }

  /** A number will do where a text of digits is expected: {@code 443} for a range of ports. */
  private static @Nullable Object parsed(JsonNode node, Class<?> type) {
    Optional<TextType> text = TextType.of(type);
    if (text.isEmpty() || !(node.isTextual() || node.isIntegralNumber())) {
      return null;
    }
    try {
      return text.get().parse(node.asText());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(reason(e, type), e);
    }
  }

  private static String reason(IllegalArgumentException e, Class<?> type) {
    String message = String.valueOf(e.getMessage());
    int at = message.lastIndexOf(REASON);
    return at < 0 || !message.endsWith(")")
        ? "a " + type.getSimpleName()
        : message.substring(at + REASON.length(), message.length() - 1);
  }

  /** The node for {@code value}, whose type is one of these. */
  static JsonNode write(Object value) {
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof Double number) {
      return NODES.numberNode(number);
    }
    return value instanceof Number number
        ? NODES.numberNode(number.longValue())
        : NODES.textNode(text(value));
  }

  /** {@code value} as the text that it is written as, or that is the name of a key. */
  static String text(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    return value instanceof Duration duration ? Durations.text(duration) : value.toString();
  }
}
