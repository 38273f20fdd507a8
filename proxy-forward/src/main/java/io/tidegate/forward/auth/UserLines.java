package io.tidegate.forward.auth;

import io.tidegate.core.spi.Checks;
import io.tidegate.forward.access.RequestPattern;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a file about users; empty ones, and those that begin with {@code #}, say nothing.
 * What is wrong with one is noted with its number, never with what it says.
 */
final class UserLines {
  private static final int MOST_PROBLEMS = 10;

  /** What a line is made of. */
  interface Reader {
    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is wrong; the message says what it is
     */
    void read(String line);
  }

  private final String setting;
  private final String expected;
  private final Checks checks;

  /** Lines of which {@code expected} tells the form, in the file that {@code setting} names. */
  UserLines(String setting, String expected, Checks checks) {
    this.setting = setting;
    this.expected = expected;
    this.checks = checks;
  }

  void read(byte[] file, Reader reader) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      checks.reject(setting, "octets that are no text", "a file in UTF-8");
      return;
    }
    String[] lines = text.split("\r?\n", -1);
    int problems = 0;
    for (int i = 0; i < lines.length && problems < MOST_PROBLEMS; i++) {
      String line = lines[i].strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          reader.read(line);
        } catch (IllegalArgumentException e) {
          checks.reject(setting + ": line " + (i + 1), e.getMessage(), expected);
          problems++;
        }
      }
    }
  }

  /** The name at the start of {@code line}, which a colon ends. */
  static String name(String line) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a line without a colon");
    }
    return checked(line.substring(0, colon));
  }

  /** {@code name}, if it can be one. */
  static String checked(String name) {
    if (name.equals(RequestPattern.ANY_USER)) {
      throw new IllegalArgumentException("the name *, which stands for every user in rules");
    }
    if (name.isBlank() || name.indexOf(':') >= 0 || hasControls(name)) {
      throw new IllegalArgumentException("a name that is empty or has a colon or controls in it");
    }
    return name;
  }

  private static boolean hasControls(String name) {
    return name.chars().anyMatch(Character::isISOControl);
  }
}
