package io.tidegate.core.http;

import io.tidegate.core.http.StructuredValue.Bool;
import io.tidegate.core.http.StructuredValue.Item;
import io.tidegate.core.http.StructuredValue.Member;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes structured fields (RFC 9651). Reading is strict: a field that breaks a rule
 * anywhere is no value at all, and its recipient goes on as if the field were not there.
 */
public final class StructuredFields {
  private StructuredFields() {}

  /**
   * Parses a list (RFC 9651 §4.2.1).
   *
   * @param lines the values of all lines of the field; none make an empty list
   * @return the members, or null if the syntax is wrong
   */
  public static @Nullable List<Member> parseList(List<String> lines) {
    return new StructuredParser(String.join(", ", lines)).list();
  }

  /**
   * Parses a dictionary (RFC 9651 §4.2.2). Of members with the same key the last one counts.
   *
   * @param lines the values of all lines of the field; none make an empty dictionary
   * @return the members in order, or null if the syntax is wrong
   */
  public static @Nullable Map<String, Member> parseDictionary(List<String> lines) {
    return new StructuredParser(String.join(", ", lines)).dictionary();
  }

  /**
   * Parses an item (RFC 9651 §4.2.3).
   *
   * @param lines the values of all lines of the field
   * @return the item, or null if the syntax is wrong or there is none
   */
  public static @Nullable Item parseItem(List<String> lines) {
    return new StructuredParser(String.join(", ", lines)).onlyItem();
  }

  /** A list as it stands in a field (RFC 9651 §4.1.1); one without members is not to be sent. */
  public static String writeList(List<? extends Member> members) {
    return members.stream().map(StructuredValue::text).collect(Collectors.joining(", "));
  }

  /**
   * A dictionary as it stands in a field (RFC 9651 §4.1.2); one without members is not to be sent.
   *
   * @throws IllegalArgumentException if a key is none
   */
  public static String writeDictionary(Map<String, ? extends Member> members) {
    return members.entrySet().stream()
        .map(entry -> entry(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String entry(String key, Member member) {
    checkKey(key);
    return member instanceof Item item && item.value().equals(Bool.TRUE)
        ? key + Item.text(item.parameters())
        : key + "=" + member.text();
  }

  static void checkKey(String key) {
    boolean valid =
        !key.isEmpty()
            && isKeyStart(key.charAt(0))
            && key.chars().allMatch(StructuredFields::isKeyPart);
    if (!valid) {
      throw new IllegalArgumentException("structured field key: '" + key + "' (expected: a key)");
    }
  }

  /** What a key begins with (RFC 9651 §3.1.2). */
  static boolean isKeyStart(int c) {
    return (c >= 'a' && c <= 'z') || c == '*';
  }

  /** What a key goes on with. */
  static boolean isKeyPart(int c) {
    return isKeyStart(c) || Ascii.isDigit(c) || c == '_' || c == '-' || c == '.';
  }
}
