package io.tidegate.core.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with settings, so that all of it is said at once: {@code maxBytes: -1
 * (expected: >= 0)}.
 *
 * <p>What turns out to be wrong when settings are put to use is told by where they stand: the path
 * of record components to it, {@code proxy.listeners[0].tls.certificates[1].key}. In JSON the same
 * path leads there.
 */
public final class Checks {
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,59}");
  private static final int LONGEST_KEY = 60;

  private final List<String> problems;

  /** In front of what is noted here: the path to what is looked at, with a dot behind it. */
  private final String path;

  /** For what has been found nothing wrong with as yet. */
  public Checks() {
    this(new ArrayList<>(), "");
  }

  private Checks(List<String> problems, String path) {
    this.problems = problems;
    this.path = path;
  }

  /**
   * For the part of these settings that {@code place} leads to, {@code upstream.tls}: what is noted
   * there is noted here too, with that in front.
   */
  public Checks at(String place) {
    return new Checks(problems, path + place + ".");
  }

  /** The path to what stands behind {@code key}: {@code $.proxy}, or {@code $["a key"]}. */
  public static String below(String path, String key) {
    if (PLAIN_KEY.matcher(key).matches()) {
      return path + "." + key;
    }
    StringBuilder quoted = new StringBuilder();
    key.chars().limit(LONGEST_KEY).forEach(c -> quote((char) c, quoted));
    return path + "[\"" + quoted + (key.length() > LONGEST_KEY ? "…" : "") + "\"]";
  }

  /** As in a JSON text (RFC 8259 §7). */
  private static void quote(char c, StringBuilder quoted) {
    if (c < ' ') {
      quoted.append("\\u").append(HexFormat.of().toHexDigits(c));
    } else {
      quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
    }
  }

  /** Notes that {@code name} has a value other than the expected one. */
  public Checks reject(String name, @Nullable Object value, String expected) {
    return problem(name + ": " + value + " (expected: " + expected + ")");
  }

  /** Notes a problem that is a sentence of its own. */
  public Checks problem(String sentence) {
    problems.add(path + sentence);
    return this;
  }

  /** Expects at least {@code least}. */
  public Checks atLeast(String name, long value, long least) {
    return value >= least ? this : reject(name, value, ">= " + least);
  }

  /** Expects a value between the two, both included. */
  public Checks between(String name, long value, long least, long most) {
    return value >= least && value <= most ? this : reject(name, value, least + " to " + most);
  }

  /** Expects more than nothing and at most a year. */
  public Checks duration(String name, Duration value) {
    boolean good = !value.isNegative() && !value.isZero() && value.compareTo(LONGEST) <= 0;
    return good ? this : reject(name, value, "more than 0, at most 365 days");
  }

  /** The value of {@code settings}, or null after its problems have been noted here. */
  public <T> @Nullable T collect(Supplier<T> settings) {
    try {
      return settings.get();
    } catch (InvalidSettingsException e) {
      e.problems().forEach(this::problem);
    } catch (IllegalArgumentException e) {
      String.valueOf(e.getMessage()).lines().forEach(this::problem);
    }
    return null;
  }

  /** The same, with {@code where} in front of each problem. */
  public <T> @Nullable T collect(String where, Supplier<T> settings) {
    return new Checks(problems, path + where).collect(settings);
  }

  /**
   * What {@code reader} reads of each of the {@code elements} of a list, one after the other,
   * without those that it finds fault with; it is given the place of the element, {@code list[0]},
   * too.
   */
  public <E, T> List<T> collectAll(
      String list, List<E> elements, BiFunction<String, E, List<T>> reader) {
    List<T> all = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      E element = elements.get(i);
      String place = list + "[" + i + "]";
      List<T> read = collect(() -> reader.apply(place, element));
      all.addAll(read == null ? List.of() : read);
    }
    return all;
  }

  /** Notes what {@code others} have noted. */
  public Checks addAll(Checks others) {
    others.problems.forEach(this::problem);
    return this;
  }

  /** Whether nothing is wrong so far. */
  public boolean passed() {
    return problems.isEmpty();
  }

  /**
   * Ends the checks.
   *
   * @throws InvalidSettingsException if anything was wrong
   */
  public void done() {
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
  }
}
