package io.tidegate.core.json;

import io.tidegate.core.json.Defaults.Base;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which settings a sample of a format says nothing of: those that somebody has forgotten there. */
public final class SettingsCoverage {
  private final Defaults defaults;
  private final Set<String> there = new TreeSet<>();
  private final Set<String> said = new TreeSet<>();

  private SettingsCoverage(Defaults defaults) {
    this.defaults = defaults;
  }

  /**
   * The components of all records that {@code sample} could consist of, and nowhere in it are other
   * than by default.
   */
  @SafeVarargs
  public static <T extends Record> Set<String> missing(SettingsFormat<T> format, T... samples) {
    SettingsCoverage coverage = new SettingsCoverage(format.defaults());
    coverage.reach(format.type());
    for (T sample : samples) {
      coverage.look(sample, Base.of(format.byDefault()));
    }
    Set<String> missing = new TreeSet<>(coverage.there);
    missing.removeAll(coverage.said);
    return missing;
  }

  private void reach(Type type) {
    if (type instanceof ParameterizedType container) {
      List.of(container.getActualTypeArguments()).forEach(this::reach);
      return;
    }
    Class<?> raw = Records.raw(type);
    if (Variants.has(raw)) {
      Variants.of(raw).values().forEach(this::reach);
    } else if (raw.isRecord() && !Scalars.has(raw) && there.add(raw.getName())) {
      for (RecordComponent component : raw.getRecordComponents()) {
        there.add(name(raw, component));
        reach(component.getGenericType());
      }
    }
  }

  private static String name(Class<?> type, RecordComponent component) {
    return type.getName() + "." + component.getName();
  }

  private void look(Record record, @Nullable Base base) {
    said.add(record.getClass().getName());
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = Records.get(component, record);
      Object absent = defaults.absent(component, base);
      if (!value.equals(absent)) {
        said.add(name(record.getClass(), component));
      }
      inside(value, component.getGenericType(), absent);
    }
  }

  private void inside(Object value, Type type, @Nullable Object byDefault) {
    if (value instanceof Optional<?> some) {
      some.ifPresent(one -> inside(one, Records.argument(type, 0), byDefault));
    } else if (value instanceof Collection<?> several) {
      several.forEach(one -> inside(one, Records.argument(type, 0), null));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(one -> inside(one, Records.argument(type, 1), null));
    } else if (value instanceof Record record && !Scalars.has(record.getClass())) {
      Class<?> raw = Records.raw(type);
      look(
          record,
          Variants.has(raw) ? defaults.of(record.getClass()) : defaults.inside(type, byDefault));
    }
  }
}
