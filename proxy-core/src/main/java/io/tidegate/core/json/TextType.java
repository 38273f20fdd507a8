package io.tidegate.core.json;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A class whose values are texts: it has a static method {@code parse} that takes one text and
 * makes what {@code toString} turns into that text again; unless it is a record, {@code of} will do
 * too. An address range is one, a port range, a time of day.
 */
final class TextType {
  private static final ConcurrentMap<Class<?>, Optional<TextType>> KNOWN =
      new ConcurrentHashMap<>();

  private final Method factory;

  private TextType(Method factory) {
    this.factory = factory;
  }

  /** The way to make values of {@code type}; empty if they are not texts. */
  static Optional<TextType> of(Class<?> type) {
    return KNOWN.computeIfAbsent(type, TextType::find);
  }

  private static Optional<TextType> find(Class<?> type) {
    if (type.isEnum() || type == String.class) {
      return Optional.empty();
    }
    for (String name : type.isRecord() ? List.of("parse") : List.of("parse", "of")) {
      for (Class<?> argument : List.of(String.class, CharSequence.class)) {
        Optional<TextType> found = find(type, name, argument);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<TextType> find(Class<?> type, String name, Class<?> argument) {
    try {
      Method method = type.getMethod(name, argument);
      boolean makesIt = method.getReturnType() == type && Modifier.isStatic(method.getModifiers());
      return makesIt ? Optional.of(new TextType(method)) : Optional.empty();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
  }

  /**
   * The value that {@code text} spells out.
   *
   * @throws IllegalArgumentException if there is none
   */
  Object parse(String text) {
    try {
      return factory.invoke(null, text);
    } catch (InvocationTargetException e) {
      Throwable reason = Objects.requireNonNullElse(e.getCause(), e);
      throw new IllegalArgumentException(reason.getMessage(), reason);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
