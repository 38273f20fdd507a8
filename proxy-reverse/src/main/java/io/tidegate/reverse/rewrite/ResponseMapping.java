package io.tidegate.reverse.rewrite;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.route.HostPattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an upstream says about its own URLs, and those of other servers behind this proxy,
 * into the client's: Location, Content-Location, Refresh, Link, and Path and Domain of Set-Cookie.
 * References to anything else, and relative ones, stay octet for octet.
 */
public final class ResponseMapping {
  private static final FieldName REFRESH = FieldName.of("Refresh");
  private static final FieldName LINK = FieldName.of("Link");

  private final UrlSpace.Way own;
  private final Optional<Authority> hostName;
  private final UrlSpace space;
  private final boolean secureCookies;

  /**
   * Maps for one route.
   *
   * @param own the route
   * @param hostName a Host we tell the upstream in place of its own, if any
   * @param space all routes and servers
   * @param secureCookies whether cookies get Secure if the client's side is https
   */
  ResponseMapping(
      UrlSpace.Way own, Optional<Authority> hostName, UrlSpace space, boolean secureCookies) {
    this.own = own;
    this.hostName = hostName;
    this.space = space;
    this.secureCookies = secureCookies;
  }

  /** Whether there is anything to map: few responses have such a field. */
  static boolean concerns(Fields received) {
    return received.contains(FieldName.LOCATION)
        || received.contains(FieldName.SET_COOKIE)
        || received.contains(FieldName.CONTENT_LOCATION)
        || received.contains(LINK)
        || received.contains(REFRESH);
  }

  /** Rewrites the fields of a response. If the client's origin is not known, URLs become paths. */
  void apply(FieldEdits fields, Destination upstream, ClientSide client) {
    UnaryOperator<String> reference = value -> reference(value, upstream, client);
    mapOnly(fields, FieldName.LOCATION, reference);
    mapOnly(fields, FieldName.CONTENT_LOCATION, reference);
    mapOnly(fields, REFRESH, value -> refresh(value, upstream, client));
    mapAll(fields, LINK, value -> Links.map(value, reference));
    mapAll(fields, FieldName.SET_COOKIE, value -> cookie(value, upstream, client));
  }

  /** Maps the only value of the field: of several nobody knows which one counts. */
  private static void mapOnly(FieldEdits fields, FieldName name, UnaryOperator<String> map) {
    Fields received = fields.received();
    int index = received.indexOf(name, 0);
    if (index >= 0 && fields.keeps(index) && received.indexOf(name, index + 1) < 0) {
      String value = received.value(index);
      String mapped = map.apply(value);
      if (!mapped.equals(value)) {
        fields.set(name, mapped);
      }
    }
  }

  /** Maps every line of the field. If one moves behind the other fields, all do, in their order. */
  private static void mapAll(FieldEdits fields, FieldName name, UnaryOperator<String> map) {
    Fields received = fields.received();
    int first = received.indexOf(name, 0);
    boolean changed = false;
    for (int i = first; i >= 0 && !changed; i = received.indexOf(name, i + 1)) {
      String value = received.value(i);
      changed = fields.keeps(i) && !map.apply(value).equals(value);
    }
    for (int i = changed ? first : -1; i >= 0; i = received.indexOf(name, i + 1)) {
      if (fields.keeps(i)) {
        fields.removeReceived(i);
        fields.add(name, map.apply(received.value(i)));
      }
    }
  }

  /** The client's reference for the upstream's. */
  String reference(String value, Destination upstream, ClientSide client) {
    boolean network = value.startsWith("//");
    if (value.startsWith("/") && !network) {
      return ours(value, true, clustersOf(upstream), "", client);
    }
    int colon = network ? 0 : value.indexOf("://");
    String scheme = network ? scheme(upstream) : value.substring(0, Math.max(0, colon));
    if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
      return value;
    }
    int from = network ? 2 : colon + 3;
    int end = from;
    while (end < value.length() && "/?#".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    String server = value.substring(from, end);
    Authority authority = Authority.parseOrNull(server.substring(server.lastIndexOf('@') + 1));
    String rest = value.substring(end);
    String path = rest.startsWith("/") ? rest : "/" + rest;
    String mapped =
        authority == null
            ? null
            : absolute(scheme.toLowerCase(Locale.ROOT), authority, path, upstream, client);
    return mapped == null ? value : mapped;
  }

  /** The client's reference for an absolute one, or null if it stays. */
  private @Nullable String absolute(
      String scheme, Authority authority, String path, Destination upstream, ClientSide client) {
    boolean ofUpstream = isOwn(scheme, authority, upstream);
    boolean certain = ofUpstream && scheme.equals(scheme(upstream));
    String named = scheme + "://" + authority.withoutDefaultPort(scheme);
    if (named.equals(client.origin()) && !certain) {
      return null; // the client's own URL already
    }
    List<String> clusters = ofUpstream ? clustersOf(upstream) : space.clusters(scheme, authority);
    return ofUpstream || !clusters.isEmpty()
        ? ours(path, ofUpstream, clusters, client.origin(), client)
        : null;
  }

  /**
   * The client's reference for a path of ours: through this route if it is the upstream's, else
   * through the first route that leads there, best one for the host that the client asked for. If
   * there is none the path stays, but the server remains hidden.
   *
   * @param base what a path of the client's own host stands behind
   */
  private String ours(
      String path, boolean ofUpstream, List<String> clusters, String base, ClientSide client) {
    String mapped = ofUpstream ? own.toClient(path) : null;
    if (mapped != null) {
      return at(base, mapped);
    }
    String host = HostPattern.withoutFinalDot(client.authority().host());
    String elsewhere = null;
    for (String cluster : clusters) {
      for (UrlSpace.Way way : space.ways(cluster)) {
        mapped = way.toClient(path);
        if (mapped != null && way.host().matches(host)) {
          return at(base, mapped);
        }
        if (mapped != null && elsewhere == null && way.host().kind() == HostPattern.Kind.EXACT) {
          elsewhere = client.originOf(way.host().text()) + mapped;
        }
      }
    }
    String last = ofUpstream ? own.paths().toClient(path) : null;
    return elsewhere != null ? elsewhere : at(base, last == null ? path : last);
  }

  /** The path behind {@code base}; alone, one that would name a host is kept from that. */
  private static String at(String base, String path) {
    boolean host = base.isEmpty() && (path.startsWith("//") || path.startsWith("/\\"));
    return host ? "/." + path : base + path;
  }

  private static String scheme(Destination upstream) {
    return upstream.secure() ? "https" : "http";
  }

  private List<String> clustersOf(Destination upstream) {
    Authority authority = Authority.parseOrNull(upstream.authority());
    return authority == null ? List.of() : space.clusters(scheme(upstream), authority);
  }

  /** Whether it is the upstream's, whichever scheme that thinks it is asked with. */
  private boolean isOwn(String scheme, Authority authority, Destination upstream) {
    boolean port =
        authority.portOr(scheme) == upstream.port()
            || authority.portOr(scheme(upstream)) == upstream.port();
    return (port && UrlSpace.isAt(upstream, authority.host()))
        || (hostName.isPresent()
            && authority.portOr(scheme) == hostName.get().portOr(scheme)
            && authority.host().equals(hostName.get().host()));
  }

  /** The value of Refresh, {@code seconds; url=reference}, for the client. */
  String refresh(String value, Destination upstream, ClientSide client) {
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
            + reference(value.substring(from, to), upstream, client)
            + value.substring(to);
  }

  /** The value of Set-Cookie (RFC 6265 §4.1) for the client. */
  String cookie(String value, Destination upstream, ClientSide client) {
    int at = value.indexOf(';');
    at = at < 0 ? value.length() : at;
    // Browsers drop a cookie of this name unless its Path is "/" (RFC 6265bis §4.1.3.2).
    boolean fixedPath = value.regionMatches(true, 0, "__Host-", 0, 7);
    boolean secure = false;
    StringBuilder mapped = new StringBuilder(value.length() + 16).append(value, 0, at);
    while (at < value.length()) {
      int end = value.indexOf(';', at + 1);
      end = end < 0 ? value.length() : end;
      int equals = value.indexOf('=', at);
      equals = equals < 0 || equals > end ? end : equals;
      String name = value.substring(at + 1, equals).strip();
      String text = equals < end ? value.substring(equals + 1, end).strip() : "";
      secure |= name.equalsIgnoreCase("Secure");
      if (name.equalsIgnoreCase("Path") && !fixedPath && !text.isEmpty()) {
        mapped.append(value, at, equals + 1).append(own.paths().cookieToClient(text));
      } else if (!name.equalsIgnoreCase("Domain") || !isHiddenDomain(text, upstream, client)) {
        mapped.append(value, at, end);
      }
      at = end;
    }
    return mapped + (secureCookies && client.secure() && !secure ? "; Secure" : "");
  }

  /** Whether a cookie's Domain is a name that clients do not know, and so would refuse. */
  private boolean isHiddenDomain(String domain, Destination upstream, ClientSide client) {
    String host = (domain.startsWith(".") ? domain.substring(1) : domain).toLowerCase(Locale.ROOT);
    boolean own =
        host.equalsIgnoreCase(upstream.host())
            || (hostName.isPresent() && host.equals(hostName.get().host()));
    String asked = "." + client.authority().host();
    boolean known = asked.length() == 1 || asked.endsWith("." + host);
    String upstreamHost = upstream.host().toLowerCase(Locale.ROOT);
    return own
        || (!known
            && (space.hides(host) || (!host.isEmpty() && upstreamHost.endsWith("." + host))));
  }
}
