package io.tidegate.core.json;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key that is not there means: what the settings have that nobody has said anything about;
 * else what the type of the part has in its constant {@code DEFAULT}; else nothing, false or empty,
 * where the type has that.
 */
final class Defaults {
  private final Map<Class<?>, Record> byType = new HashMap<>();

  /** With these in place of the constants of their types. */
  Defaults(Record... ofTypes) {
    for (Record one : ofTypes) {
      byType.put(one.getClass(), one);
    }
  }

  /** The default of a record, or null if it has none of its own. */
  @Nullable Record of(Class<?> type) {
    Record known = byType.get(type);
    return known == null ? constant(type) : known;
  }

  private static @Nullable Record constant(Class<?> type) {
    try {
      Field field = type.getField("DEFAULT");
      boolean fits = Modifier.isStatic(field.getModifiers()) && field.getType() == type;
      return fits ? (Record) field.get(null) : null;
    } catch (NoSuchFieldException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a component is if its key is missing, or null if it must not be missing. */
  @Nullable Object absent(RecordComponent component, @Nullable Record base) {
    if (base != null) {
      return Records.get(component, base);
    }
    Class<?> type = component.getType();
    return type.isRecord() ? of(type) : nothing(type);
  }

  private static @Nullable Object nothing(Class<?> type) {
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == boolean.class) {
      return false;
    }
    return type == List.class
        ? List.of()
        : type == Set.class ? Set.of() : type == Map.class ? Map.of() : null;
  }

  /** The default of a part with this type, where {@code around} has it in its own default. */
  @Nullable Record inside(Type type, @Nullable Object around) {
    Object here = around instanceof Optional<?> some ? some.orElse(null) : around;
    Class<?> raw = Records.raw(type);
    return raw.isInstance(here) ? (Record) here : of(raw);
  }
}
