package io.tidegate.core.header;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.Confidential;
import java.util.Optional;
import java.util.Set;

/**
 * What a user wants done with one field of a message. May be nonsense until {@link #problem} was
 * asked.
 *
 * @param action what is done
 * @param name the name of the field
 * @param value its value; none for {@link Action#REMOVE}
 */
public record FieldRule(Action action, String name, @Confidential Optional<String> value) {
  /** What is done with a field. */
  public enum Action {
    /** All lines are replaced by one. */
    SET,
    /** A line is added. */
    ADD,
    /** All lines are removed. */
    REMOVE
  }

  /** Fields that the engine writes itself. */
  private static final Set<FieldName> ENGINE =
      Set.of(
          FieldName.HOST,
          FieldName.CONTENT_LENGTH,
          FieldName.TRANSFER_ENCODING,
          FieldName.TRAILER,
          FieldName.TE,
          FieldName.CONNECTION,
          FieldName.KEEP_ALIVE,
          FieldName.PROXY_CONNECTION,
          FieldName.UPGRADE);

  /** Replaces all lines of the field by one. */
  public static FieldRule set(String name, String value) {
    return new FieldRule(Action.SET, name, Optional.of(value));
  }

  /** Adds a line. */
  public static FieldRule add(String name, String value) {
    return new FieldRule(Action.ADD, name, Optional.of(value));
  }

  /** Removes every line of the field. */
  public static FieldRule remove(String name) {
    return new FieldRule(Action.REMOVE, name, Optional.empty());
  }

  /**
   * What is wrong with this rule, if anything: {@code setting: name (expected: …)}. The value may
   * be a secret and is not repeated.
   */
  public Optional<String> problem(String setting) {
    if (!Ascii.isToken(name)) {
      return Optional.of(setting + ": " + name + " (expected: a field name)");
    }
    if (ENGINE.contains(FieldName.of(name))) {
      return Optional.of(
          setting
              + ": "
              + name
              + " (expected: neither Host, nor framing, nor connection-specific)");
    }
    if (value.isPresent() == (action == Action.REMOVE)) {
      return Optional.of(
          setting
              + ": "
              + name
              + " (expected: "
              + (value.isPresent() ? "no value where a field is removed)" : "a value)"));
    }
    if (value.isPresent() && !isValue(value.get())) {
      return Optional.of(
          setting
              + ": value of "
              + name
              + " (expected: ISO-8859-1 without control characters, nor space at its ends)");
    }
    return Optional.empty();
  }

  private static boolean isValue(String text) {
    return text.strip().length() == text.length() && Ascii.isFieldValue(text);
  }

  /** The rule without its value, which may be a secret. */
  @Override
  public String toString() {
    return action + " " + name;
  }
}
