package io.tidegate.core.spi;

import java.util.List;

/** Settings that cannot work, with every problem found. */
public final class InvalidSettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  /** Settings with these problems, each a sentence like {@code maxBytes: -1 (expected: >= 0)}. */
  public InvalidSettingsException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** The same of settings that are part of others, where {@code place} leads to. */
  public InvalidSettingsException at(String place) {
    return new InvalidSettingsException(
        problems.stream().map(problem -> place + "." + problem).toList());
  }

  /** Every problem found. */
  public List<String> problems() {
    return problems;
  }
}
