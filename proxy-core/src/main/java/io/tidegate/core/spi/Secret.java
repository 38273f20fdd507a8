package io.tidegate.core.spi;

import java.util.Objects;

/**
 * Something that must not be seen: a password, a token. It stands in a file or an environment
 * variable, which is read when the proxy is built and when its settings are reloaded, or was given
 * to a builder as it is. {@link #toString} never tells it.
 */
public final class Secret {
  /** Where a secret stands. */
  public enum Source {
    /** In a file, without the line break at its end. */
    FILE,
    /** In an environment variable. */
    ENVIRONMENT,
    /** Here. */
    VALUE
  }

  private final Source source;
  private final String text;

  private Secret(Source source, String text) {
    this.source = source;
    this.text = Objects.requireNonNull(text, "a secret");
  }

  /** The content of the file at {@code path}, without the line break at its end. */
  public static Secret file(String path) {
    return new Secret(Source.FILE, path);
  }

  /** The value of the environment variable {@code name}. */
  public static Secret environment(String name) {
    return new Secret(Source.ENVIRONMENT, name);
  }

  /** This very text. */
  public static Secret of(String value) {
    return new Secret(Source.VALUE, value);
  }

  /** Where it stands. */
  public Source source() {
    return source;
  }

  /** The path, the name of the variable, or the secret itself. */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && source == that.source && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, text);
  }

  /** Tells where a secret stands, never the secret. */
  @Override
  public String toString() {
    return source == Source.VALUE
        ? "a secret"
        : (source == Source.FILE ? "file " : "environment variable ") + text;
  }
}
