package io.tidegate.core.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.InvalidSettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tries files of settings that somebody has spoilt. */
public final class DamagedTrials {
  private static final String STEP =
      "(?:\\.?([A-Za-z_][\\w-]*)|\\[(\\d+)]|\\[\"((?:[^\"\\\\]|\\\\.)*)\"])";
  private static final Pattern NEXT = Pattern.compile("\\G" + STEP);
  private static final Pattern IN_JSON =
      Pattern.compile("(?s)\\$" + STEP + "*: .+\\(expected: .+\\)");

  /** As many are tried, and more until as many could be read. */
  private static final int FILES = 250;

  private static final int READABLE = 50;

  private final Supplier<String> texts;
  private final Path file;
  private int unreadable;
  private int taken;
  private int refused;

  /** Tries {@code texts}, one after the other, each as {@code file}. */
  public DamagedTrials(Supplier<String> texts, Path file) {
    this.texts = texts;
    this.file = file;
  }

  /**
   * Gives what {@code reader} reads of each file to {@code user}. Each is taken, or one of them
   * refuses it with the paths of what is wrong.
   */
  public <S extends Record> void run(Function<Path, S> reader, Consumer<S> user)
      throws IOException {
    while (unreadable + taken + refused < FILES || taken + refused < READABLE) {
      String text = texts.get();
      Files.write(file, text.getBytes(UTF_8));
      try {
        tryOne(reader, user);
      } catch (RuntimeException e) {
        throw new AssertionError("neither taken nor refused: " + text, e);
      }
    }
  }

  private <S extends Record> void tryOne(Function<Path, S> reader, Consumer<S> user) {
    S settings;
    try {
      settings = reader.apply(file);
    } catch (InvalidSettingsException e) {
      unreadable++;
      e.problems().forEach(one -> assertTrue(IN_JSON.matcher(one).matches(), one));
      return;
    }
    try {
      user.accept(settings);
      taken++;
    } catch (InvalidSettingsException e) {
      refused++;
      e.problems().forEach(problem -> assertLeadsInto(settings, problem));
    } catch (UncheckedIOException e) {
      refused++;
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("cannot listen on "), message);
    }
  }

  /** The path in front of {@code problem} is that of a part of {@code settings}. */
  private static void assertLeadsInto(Record settings, String problem) {
    Matcher steps = NEXT.matcher(problem);
    Object here = settings;
    int end = 0;
    while (here != null && !problem.startsWith(": ", end) && steps.find()) {
      here = next(here, steps);
      end = steps.end();
    }
    boolean there = here != null && end > 0 && problem.startsWith(": ", end);
    assertTrue(there && problem.matches("(?s).+\\(expected: .+\\)"), problem);
  }

  private static @Nullable Object next(Object from, Matcher step) {
    Object here = from instanceof Optional<?> some ? some.orElse(null) : from;
    if (here instanceof List<?> list && step.group(2) != null) {
      int index = Integer.parseInt(step.group(2));
      return index < list.size() ? list.get(index) : null;
    }
    String name = step.group(1) == null ? step.group(3) : step.group(1);
    if (here instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .filter(one -> named(String.valueOf(one.getKey()), String.valueOf(name)))
          .findFirst()
          .map(Map.Entry::getValue)
          .orElse(null);
    }
    return here instanceof Record record ? component(record, String.valueOf(name)) : null;
  }

  /** A long key is cut in paths. */
  private static boolean named(String key, String name) {
    boolean cut = name.endsWith("…");
    return cut ? key.startsWith(name.substring(0, name.length() - 1)) : key.equals(name);
  }

  private static @Nullable Object component(Record record, String name) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getName().equals(name)) {
        return Records.get(component, record);
      }
    }
    return null;
  }

  /** How many were taken. */
  public int taken() {
    return taken;
  }

  /** How many could be read, and were refused. */
  public int refused() {
    return refused;
  }
}
