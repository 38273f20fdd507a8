package io.tidegate.reverse.rewrite;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.Destination;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an upstream says about its own URLs into the client's: Location, Content-Location,
 * Refresh, and Path and Domain of Set-Cookie. References to anything else, and relative ones, stay
 * octet for octet.
 */
public final class ResponseMapping {
  private static final FieldName REFRESH = FieldName.of("Refresh");

  private final PathMapping paths;
  private final Optional<Authority> hostName;

  /**
   * Maps paths by {@code paths}; {@code hostName} is a Host we tell the upstream in place of its
   * own, if any.
   */
  ResponseMapping(PathMapping paths, Optional<Authority> hostName) {
    this.paths = paths;
    this.hostName = hostName;
  }

  /** Whether there is anything to map: few responses have such a field. */
  static boolean concerns(Fields received) {
    return received.contains(FieldName.LOCATION)
        || received.contains(FieldName.SET_COOKIE)
        || received.contains(FieldName.CONTENT_LOCATION)
        || received.contains(REFRESH);
  }

  /**
   * Rewrites the fields of a response.
   *
   * @param origin {@code scheme://authority} as the client sees it, or empty if we do not know:
   *     references to the upstream then become paths
   */
  void apply(FieldEdits fields, Destination upstream, String origin) {
    mapReference(fields, FieldName.LOCATION, upstream, origin);
    mapReference(fields, FieldName.CONTENT_LOCATION, upstream, origin);
    mapRefresh(fields, upstream, origin);
    mapCookies(fields, upstream);
  }

  private void mapReference(
      FieldEdits fields, FieldName name, Destination upstream, String origin) {
    String value = received(fields, name);
    if (value != null) {
      replace(fields, name, value, reference(value, upstream, origin));
    }
  }

  private void mapRefresh(FieldEdits fields, Destination upstream, String origin) {
    String value = received(fields, REFRESH);
    if (value != null) {
      replace(fields, REFRESH, value, refresh(value, upstream, origin));
    }
  }

  /** The only value of the field, or null: of several nobody knows which one counts. */
  private static @Nullable String received(FieldEdits fields, FieldName name) {
    Fields received = fields.received();
    int index = received.indexOf(name, 0);
    boolean only = index >= 0 && fields.keeps(index) && received.indexOf(name, index + 1) < 0;
    return only ? received.value(index) : null;
  }

  private static void replace(FieldEdits fields, FieldName name, String before, String after) {
    if (!after.equals(before)) {
      fields.set(name, after);
    }
  }

  /** The client's reference for the upstream's. */
  String reference(String value, Destination upstream, String origin) {
    if (value.startsWith("/")) {
      return value.startsWith("//") ? value : path(value);
    }
    int colon = value.indexOf("://");
    String scheme = upstream.secure() ? "https" : "http";
    if (colon != scheme.length() || !value.regionMatches(true, 0, scheme, 0, colon)) {
      return value;
    }
    int end = colon + 3;
    while (end < value.length() && "/?#".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    Authority authority = Authority.parseOrNull(value.substring(colon + 3, end));
    if (authority == null || !isOwn(authority, upstream)) {
      return value;
    }
    String rest = value.substring(end);
    String path = rest.startsWith("/") ? rest : "/" + rest;
    return origin.isEmpty() ? path(path) : origin + mapped(path);
  }

  /** The client's path; one that would name a host if it stood alone is kept from that. */
  private String path(String value) {
    String mapped = mapped(value);
    boolean host = mapped.startsWith("//") || mapped.startsWith("/\\");
    return host ? "/." + mapped : mapped;
  }

  private String mapped(String path) {
    return Objects.requireNonNullElse(paths.toClient(path), path);
  }

  private boolean isOwn(Authority authority, Destination upstream) {
    String scheme = upstream.secure() ? "https" : "http";
    int port = authority.portOr(scheme);
    return (port == upstream.port() && authority.bareHost().equalsIgnoreCase(upstream.host()))
        || (hostName.isPresent()
            && port == hostName.get().portOr(scheme)
            && authority.host().equals(hostName.get().host()));
  }

  /** The value of Refresh, {@code seconds; url=reference}, for the client. */
  String refresh(String value, Destination upstream, String origin) {
    int url = value.toLowerCase(Locale.ROOT).indexOf("url=");
    if (url < 0) {
      return value;
    }
    int from = url + 4;
    int to = value.length();
    if (to - from >= 2 && "\"'".indexOf(value.charAt(from)) >= 0) {
      to = value.indexOf(value.charAt(from), from + 1);
      from++;
    }
    return to < 0
        ? value
        : value.substring(0, from)
            + reference(value.substring(from, to), upstream, origin)
            + value.substring(to);
  }

  private void mapCookies(FieldEdits fields, Destination upstream) {
    Fields received = fields.received();
    int first = received.indexOf(FieldName.SET_COOKIE, 0);
    boolean changed = false;
    for (int i = first; i >= 0 && !changed; i = received.indexOf(FieldName.SET_COOKIE, i + 1)) {
      String value = received.value(i);
      changed = fields.keeps(i) && !cookie(value, upstream).equals(value);
    }
    if (!changed) {
      return;
    }
    // If one moves behind the other fields, all do: of two cookies of one name the later one
    // counts.
    for (int i = first; i >= 0; i = received.indexOf(FieldName.SET_COOKIE, i + 1)) {
      if (fields.keeps(i)) {
        fields.removeReceived(i);
        fields.add(FieldName.SET_COOKIE, cookie(received.value(i), upstream));
      }
    }
  }

  /** The value of Set-Cookie (RFC 6265 §4.1) for the client. */
  String cookie(String value, Destination upstream) {
    int at = value.indexOf(';');
    if (at < 0) {
      return value;
    }
    // Browsers drop a cookie of this name unless its Path is "/" (RFC 6265bis §4.1.3.2).
    boolean fixedPath = value.regionMatches(true, 0, "__Host-", 0, 7);
    StringBuilder mapped = new StringBuilder(value.length() + 16).append(value, 0, at);
    while (at < value.length()) {
      int end = value.indexOf(';', at + 1);
      end = end < 0 ? value.length() : end;
      int equals = value.indexOf('=', at);
      equals = equals < 0 || equals > end ? end : equals;
      String name = value.substring(at + 1, equals).strip();
      String text = equals < end ? value.substring(equals + 1, end).strip() : "";
      if (name.equalsIgnoreCase("Path") && !fixedPath && !text.isEmpty()) {
        mapped.append(value, at, equals + 1).append(paths.cookieToClient(text));
      } else if (!name.equalsIgnoreCase("Domain") || !isOwnDomain(text, upstream)) {
        mapped.append(value, at, end);
      }
      at = end;
    }
    return mapped.toString();
  }

  private boolean isOwnDomain(String domain, Destination upstream) {
    String host = domain.startsWith(".") ? domain.substring(1) : domain;
    return host.equalsIgnoreCase(upstream.host())
        || (hostName.isPresent() && host.equalsIgnoreCase(hostName.get().host()));
  }
}
