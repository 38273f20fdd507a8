package io.tidegate.reverse.rewrite;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.PathTemplate;
import io.tidegate.reverse.route.RequestPath;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What clients know the servers behind a proxy by: the hidden names and addresses of each cluster,
 * and the routes that lead to it. Filled while a proxy is built; which endpoints have come since,
 * it asks the clusters.
 */
public final class UrlSpace {
  /** Any port: what an internal name without port is known at. */
  private static final int ANY_PORT = -1;

  /**
   * A route that leads to a cluster.
   *
   * @param host the hosts it takes
   * @param path the paths it takes
   * @param paths how it maps them
   */
  public record Way(HostPattern host, PathTemplate path, PathMapping paths) {
    /** The client's reference for the upstream's, if this route takes it; else null. */
    @Nullable String toClient(String reference) {
      String mapped = paths.toClient(reference);
      RequestPath parsed = mapped == null ? null : RequestPath.parse(mapped.split("[?#]", 2)[0]);
      return parsed != null && path.matches(parsed.matched()) ? mapped : null;
    }
  }

  private record Server(int port, boolean defaultPort, String cluster) {}

  private final Map<String, List<Server>> servers = new HashMap<>();
  private final Map<String, List<Way>> ways = new HashMap<>();
  private final Map<String, Supplier<List<Destination>>> members = new LinkedHashMap<>();

  /** Notes that {@code cluster} has an endpoint at this host and port. */
  public void endpoint(String cluster, boolean secure, String host, int port) {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    add(bracketed.toLowerCase(Locale.ROOT), new Server(port, port == (secure ? 443 : 80), cluster));
  }

  /** Notes who tells which endpoints {@code cluster} has by now. */
  public void members(String cluster, Supplier<List<Destination>> now) {
    members.put(cluster, now);
  }

  /** Notes that {@code cluster} goes by this name too, at any port if it has none. */
  public void alias(String cluster, Authority name) {
    add(name.host(), new Server(name.port(), false, cluster));
  }

  private void add(String host, Server server) {
    servers
        .computeIfAbsent(HostPattern.withoutFinalDot(host), key -> new ArrayList<>())
        .add(server);
  }

  /** Notes that a route leads to {@code cluster}; the one noted first is preferred. */
  public void way(String cluster, Way way) {
    ways.computeIfAbsent(cluster, key -> new ArrayList<>()).add(way);
  }

  /** Whether {@code host} is the name or address of a hidden server, whatever the port. */
  boolean hides(String host) {
    String name = HostPattern.withoutFinalDot(host);
    return servers.containsKey(name)
        || members.values().stream()
            .anyMatch(now -> now.get().stream().anyMatch(one -> isAt(one, name)));
  }

  /** The clusters that the server at {@code authority} belongs to; none if it is not ours. */
  List<String> clusters(String scheme, Authority authority) {
    List<String> found = new ArrayList<>();
    for (Server server :
        servers.getOrDefault(HostPattern.withoutFinalDot(authority.host()), List.of())) {
      // The scheme may be what the upstream thinks the client's is; the port tells the server.
      boolean same =
          server.port == ANY_PORT
              || server.port == authority.portOr(scheme)
              || (authority.port() < 0 && server.defaultPort);
      if (same) {
        found.add(server.cluster);
      }
    }
    members.forEach(
        (cluster, now) -> {
          if (!found.contains(cluster)
              && now.get().stream().anyMatch(one -> isAt(one, scheme, authority))) {
            found.add(cluster);
          }
        });
    return found;
  }

  private static boolean isAt(Destination endpoint, String scheme, Authority authority) {
    String own = endpoint.secure() ? "https" : "http";
    boolean port =
        endpoint.port() == authority.portOr(scheme) || endpoint.port() == authority.portOr(own);
    return port && isAt(endpoint, HostPattern.withoutFinalDot(authority.host()));
  }

  /** Whether {@code host}, an IPv6 address in brackets, is the endpoint's name or address. */
  static boolean isAt(Destination endpoint, String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    InetAddress address = endpoint.address();
    return bare.equalsIgnoreCase(endpoint.host())
        || (address != null && address.equals(Ip.parse(bare)));
  }

  /** The routes that lead to {@code cluster}. */
  List<Way> ways(String cluster) {
    return ways.getOrDefault(cluster, List.of());
  }
}
