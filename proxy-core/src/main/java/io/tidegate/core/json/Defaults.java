package io.tidegate.core.json;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key that is not there means: what the settings have that nobody has said anything about;
 * else what the type of the part has in its constant {@code DEFAULT}; else nothing, false or empty,
 * where the type has that.
 */
final class Defaults {
  /**
   * What a record is by default.
   *
   * @param values a record whose values these are
   * @param required the components that these are not the values of: they are what their type has
   *     for nothing, an empty list for one, and must be said if it has none
   */
  record Base(Record values, Set<String> required) {
    static Base of(Record values) {
      return new Base(values, Set.of());
    }
  }

  private final Map<Class<?>, Base> byType;

  /** With these in place of the constants of their types. */
  Defaults(Map<Class<?>, Base> byType) {
    this.byType = new HashMap<>(byType);
  }

  /** The default of a record, or null if it has none of its own. */
  @Nullable Base of(Class<?> type) {
    Base known = byType.get(type);
    return known == null ? constant(type) : known;
  }

  private static @Nullable Base constant(Class<?> type) {
    try {
      Field field = type.getField("DEFAULT");
      boolean fits = Modifier.isStatic(field.getModifiers()) && field.getType() == type;
      return fits ? Base.of((Record) field.get(null)) : null;
    } catch (NoSuchFieldException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a component is if its key is missing, or null if it must not be missing. */
  @Nullable Object absent(RecordComponent component, @Nullable Base base) {
    if (base != null) {
      boolean required = base.required.contains(component.getName());
      return required ? nothing(component.getType()) : Records.get(component, base.values);
    }
    Class<?> type = component.getType();
    if (!type.isRecord()) {
      return nothing(type);
    }
    Base own = of(type);
    return own == null || !own.required.isEmpty() ? null : own.values;
  }

  private static @Nullable Object nothing(Class<?> type) {
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == OptionalInt.class) {
      return OptionalInt.empty();
    }
    if (type == OptionalLong.class) {
      return OptionalLong.empty();
    }
    if (type == boolean.class) {
      return false;
    }
    return type == List.class
        ? List.of()
        : type == Set.class ? Set.of() : type == Map.class ? Map.of() : null;
  }

  /** The default of a part with this type, where {@code around} has it in its own default. */
  @Nullable Base inside(Type type, @Nullable Object around) {
    Object here = around instanceof Optional<?> some ? some.orElse(null) : around;
    Class<?> raw = Records.raw(type);
    return raw.isInstance(here) ? Base.of((Record) here) : of(raw);
  }

  /** The components of a record that must be said. */
  List<RecordComponent> required(Class<?> type, @Nullable Base base) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> absent(component, base) == null)
        .toList();
  }

  /**
   * The component that a record may be written as, without braces: the only one that must be said,
   * if it is a single value. Else null.
   */
  @Nullable RecordComponent alone(Class<?> type, @Nullable Base base) {
    List<RecordComponent> required = required(type, base);
    return required.size() == 1 && Scalars.has(required.get(0).getType()) ? required.get(0) : null;
  }
}
