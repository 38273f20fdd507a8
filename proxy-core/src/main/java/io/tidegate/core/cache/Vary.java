package io.tidegate.core.cache;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which request fields selected a response, and what they were (RFC 9111 §4.1). Immutable.
 *
 * <p>Two requests match if their fields are equal once lines are combined and white space at commas
 * is gone. In Accept-Encoding and Accept-Language, neither case nor the order of members counts:
 * preferences are expressed by weights (RFC 9110 §12.5.3, §12.5.4). A field that is absent matches
 * only an absent one.
 */
public final class Vary {
  /** A response that any request may have. */
  public static final Vary NONE = new Vary(List.of(), "", false);

  /** A response that no other request selects: {@code *}. */
  public static final Vary ANY = new Vary(List.of(), "", true);

  private static final Set<FieldName> UNORDERED =
      Set.of(FieldName.ACCEPT_ENCODING, FieldName.ACCEPT_LANGUAGE);

  /** What a name costs, in octets. */
  private static final int NAME = 150;

  /**
   * What a proxy writes into upstream requests itself: what a response that varies on it was
   * selected by is not in what clients send.
   */
  private static final Set<FieldName> OURS =
      Set.of(
          FieldName.FORWARDED,
          FieldName.VIA,
          FieldName.X_FORWARDED_FOR,
          FieldName.X_FORWARDED_HOST,
          FieldName.X_FORWARDED_PORT,
          FieldName.X_FORWARDED_PROTO,
          FieldName.of("X-Real-IP"));

  private final List<FieldName> names;
  private final String key;
  private final boolean any;

  private Vary(List<FieldName> names, String key, boolean any) {
    this.names = names;
    this.key = key;
    this.any = any;
  }

  /**
   * What the fields of a response say about the request it answers. A member that is no field name
   * is like {@code *}, and so is a field that the proxy has written: nobody knows which requests
   * select the response.
   */
  public static Vary of(Fields response, Fields request) {
    if (!response.contains(FieldName.VARY)) {
      return NONE;
    }
    Set<String> names = new TreeSet<>();
    for (String name : response.tokens(FieldName.VARY)) {
      if (name.equals("*") || !Ascii.isToken(name)) {
        return ANY;
      }
      names.add(name.toLowerCase(Locale.ROOT));
    }
    List<FieldName> fields = names.stream().map(FieldName::of).toList();
    if (fields.stream().anyMatch(OURS::contains)) {
      return ANY;
    }
    return names.isEmpty() ? NONE : new Vary(fields, key(fields, request), false);
  }

  /** Whether no request but the one it answers selects the response. */
  public boolean isAny() {
    return any;
  }

  /** The names of the selecting fields, sorted, in lower case. */
  public List<FieldName> names() {
    return names;
  }

  /** Whether a request with these fields selects the response. */
  public boolean matches(Fields request) {
    return !any && (names.isEmpty() || key.equals(keyOf(request)));
  }

  /**
   * The secondary key: the selecting fields of the request that the response answers. Never to be
   * printed: Cookie may be among them.
   */
  public String key() {
    return key;
  }

  /** The secondary key that a request with these fields has among responses that vary alike. */
  public String keyOf(Fields request) {
    return names.isEmpty() ? "" : key(names, request);
  }

  /** How many octets it takes, about. */
  int size() {
    return names.size() * NAME + key.length();
  }

  /** The same names with the values of another request, which selects the response too. */
  Vary selectedBy(Fields request) {
    return new Vary(names, keyOf(request), any);
  }

  private static String key(List<FieldName> names, Fields request) {
    StringBuilder key = new StringBuilder();
    for (FieldName name : names) {
      key.append(name);
      if (request.contains(name)) {
        key.append(':')
            .append(UNORDERED.contains(name) ? sorted(name, request) : combined(name, request));
      }
      key.append('\n');
    }
    return key.toString();
  }

  private static String sorted(FieldName name, Fields request) {
    List<String> sorted = new ArrayList<>();
    for (String member : request.members(name)) {
      List<String> parts = Stream.of(member.split(";", -1)).map(String::strip).toList();
      sorted.add(String.join(";", parts).toLowerCase(Locale.ROOT));
    }
    Collections.sort(sorted);
    return String.join(",", sorted);
  }

  /**
   * The lines of a field as one (RFC 9110 §5.3), without white space at the commas outside of
   * quotes. Empty members stay: whether the field is a list at all is not known.
   */
  private static String combined(FieldName name, Fields request) {
    String value = String.join(",", request.all(name));
    StringBuilder combined = new StringBuilder(value.length());
    boolean quoted = false;
    boolean escaped = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ',' && !quoted) {
        dropSpace(combined);
      }
      if (quoted || !isSpace(c) || !endsWithComma(combined)) {
        combined.append(c);
      }
      quoted ^= c == '"' && !escaped;
      escaped = quoted && c == '\\' && !escaped;
    }
    return combined.toString();
  }

  private static void dropSpace(StringBuilder text) {
    while (!text.isEmpty() && isSpace(text.charAt(text.length() - 1))) {
      text.setLength(text.length() - 1);
    }
  }

  private static boolean endsWithComma(StringBuilder text) {
    return !text.isEmpty() && text.charAt(text.length() - 1) == ',';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  /** The names only: values may be secrets. */
  @Override
  public String toString() {
    return any ? "*" : names.toString();
  }
}
