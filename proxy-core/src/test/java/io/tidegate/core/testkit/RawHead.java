package io.tidegate.core.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a message, parsed strictly.
 *
 * @param startLine request line or status line, without CRLF
 * @param fields the fields in order
 */
public record RawHead(String startLine, List<RawField> fields) {
  /** Parses a head that ends in an empty line; what is malformed is an {@link AssertionError}. */
  public static RawHead parse(String head) {
    if (!head.endsWith("\r\n\r\n")) {
      throw new AssertionError("no empty line ends '" + head + "'");
    }
    String[] lines = head.substring(0, head.length() - 4).split("\r\n", -1);
    List<RawField> fields = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      fields.add(RawField.parse(lines[i]));
    }
    return new RawHead(lines[0], List.copyOf(fields));
  }

  /** The method of a request. */
  public String method() {
    return startLine.split(" ", 2)[0];
  }

  /**
   * The value of the only line with this name, null if there is none; two are an {@link
   * AssertionError}.
   */
  public @Nullable String field(String name) {
    return only(name, fields);
  }

  /** The values of all lines with this name. */
  public List<String> all(String name) {
    return all(name, fields);
  }

  static @Nullable String only(String name, List<RawField> fields) {
    List<String> values = all(name, fields);
    if (values.size() > 1) {
      throw new AssertionError(values.size() + " lines of " + name + ": " + values);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  static List<String> all(String name, List<RawField> fields) {
    return fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(RawField::value)
        .toList();
  }
}
