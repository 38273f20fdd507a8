package io.tidegate.reverse.route;

import io.tidegate.core.spi.Checks;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of {@link Pattern} for all of a text that strangers write. One that
 * backtracks without end, or too deep for the stack, is stopped: matching reads at most {@value
 * #MOST_READS} characters, those it reads again included.
 */
public final class SafeRegex {
  /** How long a regular expression may be, in characters. */
  static final int LONGEST = 1000;

  /** About a millisecond; a well-behaved expression reads each character a few times. */
  private static final int MOST_READS = 100_000;

  /** Matching took too long, so nobody knows whether the text fits. */
  public static final class UndecidedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UndecidedException() {
      super("a regular expression took too long", null, false, false);
    }
  }

  private final Pattern pattern;

  private SafeRegex(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * The expression spelled {@code regex}.
   *
   * @throws PatternSyntaxException if it is none
   */
  public static SafeRegex of(String regex) {
    return new SafeRegex(Pattern.compile(regex));
  }

  /** Notes what is wrong with {@code regex}; the expression if nothing is. */
  public static @Nullable SafeRegex check(Checks checks, String setting, String regex) {
    if (regex.isEmpty() || regex.length() > LONGEST) {
      checks.reject(setting, regex.length() + " characters", "1 to " + LONGEST);
      return null;
    }
    try {
      return of(regex);
    } catch (PatternSyntaxException e) {
      checks.reject(setting, regex, "a regular expression: " + e.getDescription());
      return null;
    }
  }

  /**
   * Whether the expression fits the first {@code end} characters of {@code text}.
   *
   * @throws UndecidedException if that takes too long to find out
   */
  boolean matches(String text, int end) {
    return match(text, end) != null;
  }

  /**
   * The groups of the expression in the first {@code end} characters of {@code text}, or null if it
   * does not fit.
   *
   * @throws UndecidedException if that takes too long to find out
   */
  public @Nullable Matcher match(String text, int end) {
    Matcher matcher = pattern.matcher(new Metered(text, end));
    try {
      return matcher.matches() ? matcher : null;
    } catch (StackOverflowError e) {
      throw new UndecidedException();
    }
  }

  /** How many groups the expression has. */
  public int groups() {
    return pattern.matcher("").groupCount();
  }

  /** Text that may be read a limited number of times. */
  private static final class Metered implements CharSequence {
    private final String text;
    private final int end;
    private int reads;

    Metered(String text, int end) {
      this.text = text;
      this.end = end;
    }

    @Override
    public char charAt(int index) {
      if (++reads > MOST_READS) {
        throw new UndecidedException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return end;
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return text.substring(from, to);
    }

    @Override
    public String toString() {
      return text.substring(0, end);
    }
  }
}
