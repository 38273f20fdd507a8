package io.tidegate.core.json;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A part that is one of several records: a sealed interface. Each record has a name, that of its
 * class without a preposition at its beginning: {@code OfClient} is {@code client}, {@code
 * WithResponse} is {@code response}.
 */
final class Variants {
  private static final Pattern PREPOSITION = Pattern.compile("^(Of|To|With)(?=[A-Z])");

  private Variants() {}

  /** Whether {@code type} is one of several. */
  static boolean has(Class<?> type) {
    return type.isInterface() && type.isSealed();
  }

  /** The records that a part of {@code type} may be, by their names. */
  static Map<String, Class<?>> of(Class<?> type) {
    Map<String, Class<?>> variants = new LinkedHashMap<>();
    Class<?>[] permitted = type.getPermittedSubclasses();
    for (Class<?> variant : permitted == null ? new Class<?>[0] : permitted) {
      variants.put(name(variant), variant);
    }
    return variants;
  }

  static String name(Class<?> variant) {
    String name = PREPOSITION.matcher(variant.getSimpleName()).replaceFirst("");
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  /** What is expected of a part of {@code type}. */
  static String expected(Class<?> type, Defaults defaults) {
    return "one of "
        + of(type).entrySet().stream()
            .map(variant -> form(variant.getKey(), variant.getValue(), defaults))
            .collect(Collectors.joining(", "));
  }

  private static String form(String name, Class<?> variant, Defaults defaults) {
    return isText(variant, defaults) ? '"' + name + '"' : "{\"" + name + "\": …}";
  }

  /** Whether nothing must be said of a variant, so that its name is enough. */
  static boolean isText(Class<?> variant, Defaults defaults) {
    return defaults.required(variant, defaults.of(variant)).isEmpty();
  }
}
