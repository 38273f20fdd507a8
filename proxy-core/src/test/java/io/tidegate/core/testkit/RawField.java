package io.tidegate.core.testkit;

/**
 * One field line.
 *
 * @param name as spelled
 * @param value without the white space around it
 */
public record RawField(String name, String value) {
  /**
   * Parses a line without its CRLF; anything that RFC 9110 §5 does not allow is an {@link
   * AssertionError}.
   */
  static RawField parse(String line) {
    int colon = line.indexOf(':');
    if (colon < 0 || !line.substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
      throw new AssertionError("no field name in '" + line + "'");
    }
    String value = line.substring(colon + 1).replaceAll("^[ \t]+|[ \t]+$", "");
    if (!value.matches("[\\t\\x20-\\x7e\\x80-\\xff]*")) {
      throw new AssertionError("an octet in '" + line + "' that no field value has");
    }
    return new RawField(line.substring(0, colon), value);
  }

  @Override
  public String toString() {
    return name + ": " + value;
  }
}
