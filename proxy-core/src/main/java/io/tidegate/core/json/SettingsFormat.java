package io.tidegate.core.json;

import io.tidegate.core.json.Defaults.Base;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How settings of one kind stand in JSON. What a key that is missing means comes from an instance
 * nobody has told anything; for parts of which there may be none, or several, from the {@linkplain
 * #part parts} named here, or else from a constant {@code DEFAULT} of their type. Immutable.
 *
 * @param <T> the record that settings of this kind are
 */
public final class SettingsFormat<T extends Record> {
  private final T byDefault;
  private final Map<Class<?>, Base> parts;

  private SettingsFormat(T byDefault, Map<Class<?>, Base> parts) {
    this.byDefault = byDefault;
    this.parts = parts;
  }

  /** The format of settings that are {@code byDefault} if nothing is said. */
  public static <T extends Record> SettingsFormat<T> of(T byDefault) {
    return new SettingsFormat<>(byDefault, Map.of());
  }

  /**
   * The same with a part that is like {@code part} where nothing is said, but for its components
   * {@code required}: they must be said, unless they are lists. If one must, and is a number or a
   * text, the part may be written as that alone: {@code "http://10.0.0.1"} for {@code {"uri":
   * "http://10.0.0.1"}}.
   */
  public SettingsFormat<T> part(Record part, String... required) {
    Map<Class<?>, Base> all = new HashMap<>(parts);
    all.put(part.getClass(), new Base(part, Set.of(required)));
    return new SettingsFormat<>(byDefault, all);
  }

  /**
   * The settings that {@code json} says.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong, each with
   *     its path
   */
  public T read(JsonDocument json) {
    Problems problems = new Problems();
    SettingsReader reader = new SettingsReader(defaults(), problems);
    Object settings =
        reader.record(json.node(), json.path(), byDefault.getClass(), Base.of(byDefault));
    if (settings == null || !problems.none()) {
      throw problems.exception();
    }
    @SuppressWarnings("unchecked")
    T made = (T) settings;
    return made;
  }

  /**
   * JSON that {@link #read} makes the same settings of, as brief as can be.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException if there are secrets that stand neither
   *     in a file nor in an environment variable
   */
  public String write(T settings) {
    return text(settings, false);
  }

  /**
   * The same to be looked at: secrets that stand nowhere else, and values that may be secrets, are
   * {@value JsonText#HIDDEN}.
   */
  public String show(T settings) {
    return text(settings, true);
  }

  private String text(T settings, boolean shown) {
    Problems problems = new Problems();
    SettingsWriter writer = new SettingsWriter(defaults(), problems, shown);
    String text = JsonDocument.text(writer.object(settings, Base.of(byDefault), "$"));
    if (!problems.none()) {
      throw problems.exception();
    }
    return text;
  }

  T byDefault() {
    return byDefault;
  }

  Class<?> type() {
    return byDefault.getClass();
  }

  Defaults defaults() {
    return new Defaults(parts);
  }
}
