package io.tidegate.reverse.route;

/** Whether a value is the one that a {@link ValueCondition} asks for. */
@FunctionalInterface
interface ValueMatcher {
  boolean matches(String value);

  static ValueMatcher of(ValueCondition condition) {
    String expected = condition.value();
    return switch (condition.kind()) {
      case PRESENT -> value -> true;
      case EXACT -> expected::equals;
      case PREFIX -> value -> value.startsWith(expected);
      case REGEX -> {
        SafeRegex regex = SafeRegex.of(expected);
        yield value -> regex.matches(value, value.length());
      }
    };
  }
}
