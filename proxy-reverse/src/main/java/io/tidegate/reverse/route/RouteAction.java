package io.tidegate.reverse.route;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Checks;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the requests of a route that does not lead to one cluster. May be nonsense until
 * it was checked.
 */
public sealed interface RouteAction {
  /**
   * Each request goes to one of several clusters.
   *
   * @param shares the clusters and their weights
   * @param by what decides which one, if not chance
   */
  record Split(List<Share> shares, Optional<SplitKey> by) implements RouteAction {
    /** Copies the list. */
    public Split {
      shares = List.copyOf(shares);
    }
  }

  /**
   * A cluster's share of the requests.
   *
   * @param cluster its name
   * @param weight its weight beside those of the others, 0 to 1,000
   */
  record Share(String cluster, int weight) {}

  /**
   * What of a request decides to which cluster it goes, so that the next one like it goes there
   * too. A request without it goes by chance.
   *
   * @param source where it is found
   * @param name the name of the field or cookie; empty for {@link Source#CLIENT}
   */
  record SplitKey(Source source, String name) {
    /** Where it is found. */
    public enum Source {
      /** The first line of a field. */
      FIELD,
      /** A cookie. */
      COOKIE,
      /** The address of the client; behind trusted proxies the one they tell. */
      CLIENT
    }
  }

  /**
   * The client is sent elsewhere; what is left empty stays as it asked for it.
   *
   * @param status 301, 302, 303, 307 or 308
   * @param scheme http or https
   * @param host a host, or a host and port
   * @param port 0 for the default port of a new scheme or host, else the client's
   * @param path a template, filled from the route's path
   * @param query the query without its question mark; present and empty for none
   */
  record Redirect(
      int status, String scheme, String host, int port, String path, Optional<String> query)
      implements RouteAction {}

  /**
   * The response is always the same.
   *
   * @param status 200 to 599
   * @param content its content, sent in UTF-8 as text/plain unless a field rule says otherwise
   */
  record Respond(int status, String content) implements RouteAction {}

  /** The clusters it leads to. */
  default List<String> clusters() {
    return this instanceof Split split
        ? split.shares.stream().map(Share::cluster).toList()
        : List.of();
  }

  /**
   * Notes what is wrong with it.
   *
   * @param route begins each problem
   * @param from the route's template, or null if that is wrong itself
   */
  default void check(Checks checks, String route, @Nullable PathTemplate from) {
    if (this instanceof Split split) {
      check(checks, route, split);
    } else if (this instanceof Redirect redirect) {
      check(checks, route + "redirect: ", redirect);
      if (!redirect.path.isEmpty()) {
        PathTemplate.checkFilling(checks, route + "redirect: path", from, redirect.path);
      }
    } else if (this instanceof Respond respond) {
      checks.between(route + "respond: status", respond.status, 200, 599);
    }
  }

  private static void check(Checks checks, String route, Split split) {
    int total = 0;
    for (Share share : split.shares) {
      checks.between(route + "split: weight of " + share.cluster, share.weight, 0, 1000);
      total += Math.max(0, share.weight);
    }
    long distinct = split.shares.stream().map(Share::cluster).distinct().count();
    if (total == 0 || distinct < split.shares.size()) {
      checks.reject(
          route + "split",
          String.join(", ", split.clusters()),
          "clusters that differ, one with a weight at least");
    }
    split.by.ifPresent(
        key -> {
          if (key.source != SplitKey.Source.CLIENT && !Ascii.isToken(key.name)) {
            checks.reject(route + "split by", key.name, "the name of a field or cookie");
          }
        });
  }

  private static void check(Checks checks, String setting, Redirect redirect) {
    if (!Set.of(301, 302, 303, 307, 308).contains(redirect.status)) {
      checks.reject(setting + "status", redirect.status, "301, 302, 303, 307 or 308");
    }
    if (!Set.of("", "http", "https").contains(redirect.scheme)) {
      checks.reject(setting + "scheme", redirect.scheme, "http or https");
    }
    Authority host = redirect.host.isEmpty() ? null : Authority.parseOrNull(redirect.host);
    if (!redirect.host.isEmpty() && (host == null || host.host().isEmpty())) {
      checks.reject(setting + "host", redirect.host, "a host, or a host and port");
    }
    checks.between(setting + "port", redirect.port, 0, 65_535);
    if (host != null && host.port() >= 0 && redirect.port > 0) {
      checks.reject(setting + "port", redirect.port, "none if the host has one");
    }
    redirect.query.ifPresent(
        query -> {
          if (!query.isEmpty() && !Ascii.isTarget(query)) {
            checks.reject(setting + "query", query, "characters of a query, others escaped");
          }
        });
    boolean same =
        redirect.scheme.isEmpty()
            && redirect.host.isEmpty()
            && redirect.port == 0
            && redirect.path.isEmpty()
            && redirect.query.isEmpty();
    if (same) {
      checks.reject(setting + "target", "what was asked for", "another one");
    }
  }
}
