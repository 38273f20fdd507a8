package io.tidegate.core.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with settings, so that all of it is said at once: {@code maxBytes: -1
 * (expected: >= 0)}.
 */
public final class Checks {
  private static final Duration LONGEST = Duration.ofDays(365);

  private final List<String> problems = new ArrayList<>();

  /** Notes that {@code name} has a value other than the expected one. */
  public Checks reject(String name, @Nullable Object value, String expected) {
    return problem(name + ": " + value + " (expected: " + expected + ")");
  }

  /** Notes a problem that is a sentence of its own. */
  public Checks problem(String sentence) {
    problems.add(sentence);
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
      problems.addAll(e.problems());
    } catch (IllegalArgumentException e) {
      problems.addAll(String.valueOf(e.getMessage()).lines().toList());
    }
    return null;
  }

  /** The same, with {@code where} in front of each problem. */
  public <T> @Nullable T collect(String where, Supplier<T> settings) {
    int first = problems.size();
    T value = collect(settings);
    problems.subList(first, problems.size()).replaceAll(problem -> where + problem);
    return value;
  }

  /** Notes what {@code others} have noted. */
  public Checks addAll(Checks others) {
    problems.addAll(others.problems);
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
