package io.tidegate.reverse.route;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a route asks of a request beyond host and path template. All of them must be met; an empty
 * one is met by every request. May be nonsense until it was {@linkplain #check checked}.
 *
 * @param scheme {@code http} or {@code https}, which the client's connection speaks; or empty
 * @param methods one of these methods
 * @param pathRegex what all of the path must fit, in the one spelling of {@link RequestPath}; or
 *     empty
 * @param fields what fields must be, their names in lower case
 * @param query what query parameters must be, names and values decoded
 * @param cookies what cookies must be
 * @param clients ranges of addresses, one of which the client is in
 */
public record Conditions(
    String scheme,
    List<String> methods,
    String pathRegex,
    List<ValueCondition> fields,
    List<ValueCondition> query,
    List<ValueCondition> cookies,
    List<String> clients)
    implements Comparable<Conditions> {
  /** Every request meets them. */
  public static final Conditions NONE =
      new Conditions("", List.of(), "", List.of(), List.of(), List.of(), List.of());

  private static final Comparator<Conditions> MOST_SPECIFIC_FIRST =
      Comparator.comparingInt((Conditions c) -> -c.count())
          .thenComparingInt(c -> -c.count(ValueCondition.Kind.EXACT))
          .thenComparingInt(c -> -c.count(ValueCondition.Kind.PREFIX))
          .thenComparingInt(c -> -c.count(ValueCondition.Kind.REGEX))
          .thenComparingInt(c -> c.allMethods().size());

  /** Copies the lists; names of fields become lower case. */
  public Conditions {
    methods = List.copyOf(methods);
    fields =
        fields.stream()
            .map(f -> new ValueCondition(f.name().toLowerCase(Locale.ROOT), f.kind(), f.value()))
            .toList();
    query = List.copyOf(query);
    cookies = List.copyOf(cookies);
    clients = List.copyOf(clients);
  }

  /** Notes what is wrong with them; {@code route} begins each problem. */
  public void check(Checks checks, String route) {
    if (!scheme.isEmpty() && !scheme.equals("http") && !scheme.equals("https")) {
      checks.reject(route + "scheme", scheme, "http or https");
    }
    for (String method : methods) {
      if (!Ascii.isToken(method) || method.equals("CONNECT")) {
        checks.reject(route + "method", method, "a method other than CONNECT");
      }
    }
    if (!pathRegex.isEmpty()) {
      SafeRegex.check(checks, route + "pathRegex", pathRegex);
    }
    for (ValueCondition field : fields) {
      checkName(checks, route + "field", field);
    }
    for (ValueCondition cookie : cookies) {
      checkName(checks, route + "cookie", cookie);
    }
    for (ValueCondition parameter : query) {
      parameter.check(checks, route + "query");
    }
    AddressRange.parse(route + "client", clients, checks);
  }

  private static void checkName(Checks checks, String setting, ValueCondition condition) {
    if (!Ascii.isToken(condition.name())) {
      checks.reject(setting, condition.name(), "a token as its name");
    }
    condition.check(checks, setting);
  }

  /** Whether a path that {@code template} takes may meet these, as far as can be told. */
  public boolean admit(PathTemplate template) {
    String only = template.onlyPath();
    SafeRegex regex =
        only == null || pathRegex.isEmpty() ? null : SafeRegex.check(new Checks(), "", pathRegex);
    try {
      return regex == null || only == null || regex.matches(only, only.length());
    } catch (SafeRegex.UndecidedException e) {
      return true;
    }
  }

  /** How many there are; several methods are one, and so are several ranges of addresses. */
  public int count() {
    return (scheme.isEmpty() ? 0 : 1)
        + (methods.isEmpty() ? 0 : 1)
        + (pathRegex.isEmpty() ? 0 : 1)
        + fields.size()
        + query.size()
        + cookies.size()
        + (clients.isEmpty() ? 0 : 1);
  }

  /**
   * What stands for the conditions on anything but the target URI, others for others: a digest, for
   * values may be secrets. Empty if there are none.
   *
   * @param wholeQuery whether all of the query counts as a part of the URI
   */
  public String beyondUri(boolean wholeQuery) {
    List<List<String>> all =
        List.of(values(fields), values(cookies), clients, wholeQuery ? List.of() : values(query));
    if (all.stream().allMatch(List::isEmpty)) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (List<String> each : all) {
      text.append(each.size()).append('\n');
      each.forEach(one -> text.append(one.length()).append(':').append(one));
    }
    return "#" + digest(text.toString());
  }

  private static List<String> values(List<ValueCondition> conditions) {
    return conditions.stream()
        .flatMap(one -> Stream.of(one.name(), one.kind().name(), one.value()))
        .toList();
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every platform has SHA-256", e);
    }
  }

  private int count(ValueCondition.Kind kind) {
    int count = kind == ValueCondition.Kind.REGEX && !pathRegex.isEmpty() ? 1 : 0;
    for (List<ValueCondition> values : List.of(fields, query, cookies)) {
      for (ValueCondition value : values) {
        count += value.kind() == kind ? 1 : 0;
      }
    }
    return count;
  }

  /** The methods they are met by: whoever may GET may HEAD (RFC 9110 §9.3.2). */
  Set<String> allMethods() {
    Set<String> all = new HashSet<>(methods);
    if (all.contains("GET")) {
      all.add("HEAD");
    }
    return all;
  }

  /**
   * The more specific ones come first: more conditions before fewer; of as many, those with more
   * exact values, then with more prefixes, then with more regular expressions, then with fewer
   * methods. Conditions that are not equal may compare as equal.
   */
  @Override
  public int compareTo(Conditions other) {
    return MOST_SPECIFIC_FIRST.compare(this, other);
  }

  /** Whether every request that meets these meets {@code other} too, as far as can be told. */
  public boolean imply(Conditions other) {
    return (other.scheme.isEmpty() || other.scheme.equals(scheme))
        && (other.methods.isEmpty()
            || (!methods.isEmpty() && other.allMethods().containsAll(allMethods())))
        && (other.pathRegex.isEmpty() || other.pathRegex.equals(pathRegex))
        && imply(fields, other.fields)
        && imply(query, other.query)
        && imply(cookies, other.cookies)
        && (other.clients.isEmpty() || (!clients.isEmpty() && liesIn(clients, other.clients)));
  }

  private static boolean imply(List<ValueCondition> these, List<ValueCondition> others) {
    return others.stream().allMatch(other -> these.stream().anyMatch(one -> one.implies(other)));
  }

  private static boolean liesIn(List<String> ranges, List<String> others) {
    Checks unheard = new Checks();
    List<AddressRange> inner = AddressRange.parse("", ranges, unheard);
    List<AddressRange> outer = AddressRange.parse("", others, unheard);
    return unheard.passed()
        && inner.stream().allMatch(range -> outer.stream().anyMatch(other -> other.covers(range)));
  }

  /** The conditions as problems name a route; values may be secrets and are left out. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, "scheme ", scheme.isEmpty() ? List.of() : List.of(scheme));
    add(parts, "", methods);
    add(parts, "~", pathRegex.isEmpty() ? List.of() : List.of(pathRegex));
    add(parts, "field ", fields.stream().map(ValueCondition::name).toList());
    add(parts, "query ", query.stream().map(ValueCondition::name).toList());
    add(parts, "cookie ", cookies.stream().map(ValueCondition::name).toList());
    add(parts, "client ", clients);
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, String label, List<String> values) {
    if (!values.isEmpty()) {
      parts.add(label + String.join("/", values));
    }
  }
}
