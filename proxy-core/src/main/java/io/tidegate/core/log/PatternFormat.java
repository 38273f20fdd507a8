package io.tidegate.core.log;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lines of text with values in it; a hyphen stands for a value that is not there. */
final class PatternFormat implements LineFormat {
  private static final int MAX_LENGTH = 8192;

  /** What stands before each value, and after the last. */
  private final byte[][] texts;

  private final Value[] values;

  private PatternFormat(List<byte[]> texts, List<Value> values) {
    this.texts = texts.toArray(byte[][]::new);
    this.values = values.toArray(Value[]::new);
  }

  /**
   * The lines that {@code pattern} describes.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong, and where:
   *     characters are counted from 1
   */
  static PatternFormat of(String pattern, Values values) {
    Checks checks = new Checks().between("pattern length", pattern.length(), 1, MAX_LENGTH);
    List<byte[]> texts = new ArrayList<>();
    List<Value> chosen = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      int end = c == '{' ? pattern.indexOf('}', at) : -1;
      if ((c == '{' || c == '}') && pattern.startsWith(String.valueOf(c), at + 1)) {
        text.append(c);
        at += 2;
      } else if (end > 0) {
        choose(pattern.substring(at + 1, end), at, values, chosen, checks);
        texts.add(octets(text));
        text.setLength(0);
        at = end + 1;
      } else {
        check(c, at, checks);
        text.append(c);
        at++;
      }
    }
    texts.add(octets(text));
    checks.done();
    return new PatternFormat(texts, chosen);
  }

  private static void choose(
      String name, int at, Values values, List<Value> chosen, Checks checks) {
    try {
      chosen.add(values.get(name));
    } catch (IllegalArgumentException e) {
      checks.reject("pattern at " + (at + 1), "{" + name + "}", "one of " + e.getMessage());
    }
  }

  private static void check(char c, int at, Checks checks) {
    if (c == '{' || c == '}') {
      checks.reject("pattern at " + (at + 1), c, "a name in braces, or {{ or }} for a brace");
    } else if (c != '\t' && Character.isISOControl(c)) {
      checks.reject("pattern at " + (at + 1), "a control character", "text without");
    }
  }

  private static byte[] octets(StringBuilder text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void write(Outcome outcome, Line line) {
    for (int i = 0; i < values.length; i++) {
      line.raw(texts[i]);
      if (!values[i].write(outcome, line)) {
        line.octet('-');
      }
    }
    line.raw(texts[values.length]);
  }

  @Override
  public Escape escape() {
    return Escape.HEX;
  }
}
