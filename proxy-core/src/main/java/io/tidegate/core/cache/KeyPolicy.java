package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a request becomes its cache key. Names of parameters are compared as they are, nothing is
 * decoded; a parameter that some server could take for one that counts is never left out.
 *
 * @param parameters which parameters of the query count
 * @param named the parameters that {@code parameters} is about
 * @param sortParameters whether the order of parameters with different names is of no account
 * @param fields request fields whose values set keys apart
 * @param cookies cookies whose values set keys apart
 */
public record KeyPolicy(
    Parameters parameters,
    Set<String> named,
    boolean sortParameters,
    List<FieldName> fields,
    List<String> cookies) {
  /** Which parameters of a query count. */
  public enum Parameters {
    /** Every one. */
    ALL,
    /** Every one but those named. */
    ALL_BUT,
    /** Those named and no other. */
    ONLY
  }

  /** The whole URI and nothing else. */
  public static final KeyPolicy DEFAULT =
      new KeyPolicy(Parameters.ALL, Set.of(), false, List.of(), List.of());

  private static final Set<FieldName> CREDENTIALS =
      Set.of(FieldName.AUTHORIZATION, FieldName.COOKIE, FieldName.PROXY_AUTHORIZATION);

  /**
   * Rejects fields with credentials, which would be printed with the key.
   *
   * @throws IllegalArgumentException with a sentence like {@code keyField: Cookie (expected: …)}
   */
  public KeyPolicy {
    for (FieldName field : fields) {
      if (CREDENTIALS.contains(field)) {
        throw new IllegalArgumentException(
            "keyField: " + field + " (expected: a field without credentials)");
      }
    }
    named = Set.copyOf(named);
    fields = List.copyOf(fields);
    cookies = List.copyOf(cookies);
  }

  /**
   * The key of a request.
   *
   * @param partition what nothing is shared across, empty for none
   * @param contentDigest a digest of content and content type of a QUERY request (RFC 10008); of no
   *     account for other methods
   */
  public CacheKey key(
      RequestHead request, TargetUri target, String partition, String contentDigest) {
    boolean query = request.method().equals("QUERY");
    String method = query ? "QUERY" : "GET";
    if (!query && fields.isEmpty() && cookies.isEmpty()) {
      return new CacheKey(uri(target), method, partition, "", "");
    }
    StringBuilder selectors = new StringBuilder();
    StringBuilder shown = new StringBuilder();
    if (query) {
      selectors.append(contentDigest);
      shown.append(" content=").append(contentDigest);
    }
    addFields(request.fields(), selectors, shown);
    addCookies(request.fields(), selectors, shown);
    return new CacheKey(uri(target), method, partition, selectors.toString(), shown.toString());
  }

  /** No value holds the line feed that keeps them apart, and an absent one has no colon. */
  private void addFields(Fields from, StringBuilder selectors, StringBuilder shown) {
    for (FieldName field : fields) {
      selectors.append('\n');
      if (from.contains(field)) {
        String value = String.join(", ", from.all(field));
        selectors.append(':').append(value);
        shown.append(' ').append(field).append(": ").append(value);
      }
    }
  }

  private void addCookies(Fields from, StringBuilder selectors, StringBuilder shown) {
    for (String name : cookies) {
      selectors.append('\n');
      String value = cookies(from, name);
      if (value != null) {
        selectors.append(':').append(value);
        shown.append(" Cookie: ").append(name).append('#');
        shown.append(Integer.toHexString(value.hashCode()));
      }
    }
  }

  /**
   * What all cookies with this name have behind it, in order, or null if there is none: which of
   * them counts is for the origin to say (RFC 6265 §4.2.2).
   */
  private static @Nullable String cookies(Fields from, String name) {
    List<String> found = new ArrayList<>(1);
    for (String line : from.all(FieldName.COOKIE)) {
      for (String pair : line.split(";", -1)) {
        String cookie = pair.strip();
        if (name(cookie).strip().equals(name)) {
          found.add(cookie.substring(name.length()));
        }
      }
    }
    return found.isEmpty() ? null : String.join(";", found);
  }

  /** The URI of {@code target} in keys: without the parameters that do not count. */
  public String uri(TargetUri target) {
    int question = target.pathAndQuery().indexOf('?');
    if (question < 0 || (parameters == Parameters.ALL && !sortParameters)) {
      return target.text();
    }
    List<String> counted = counted(target.pathAndQuery().substring(question + 1));
    if (sortParameters && counted.stream().noneMatch(KeyPolicy::mayBeSeveral)) {
      counted.sort(Comparator.comparing(KeyPolicy::name));
    }
    String path = target.pathAndQuery().substring(0, question);
    String query = counted.isEmpty() ? "" : "?" + String.join("&", counted);
    return new TargetUri(target.scheme(), target.authority(), path + query).text();
  }

  private List<String> counted(String query) {
    List<String> counted = new ArrayList<>();
    for (String parameter : query.split("&", -1)) {
      if (mayBeSeveral(parameter) || counts(name(parameter))) {
        counted.add(parameter);
      }
    }
    return counted;
  }

  /** Some servers split a query at semicolons too: then another name may stand behind the first. */
  private static boolean mayBeSeveral(String parameter) {
    return parameter.indexOf(';') >= 0;
  }

  private boolean counts(String name) {
    return switch (parameters) {
      case ALL -> true;
      case ALL_BUT -> !named.contains(name);
      case ONLY -> !isPlain(name) || named.stream().anyMatch(name::equalsIgnoreCase);
    };
  }

  /** Whether no server takes it for another name, by decoding it, say, or by cutting it off. */
  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static String name(String parameter) {
    int equals = parameter.indexOf('=');
    return equals < 0 ? parameter : parameter.substring(0, equals);
  }
}
