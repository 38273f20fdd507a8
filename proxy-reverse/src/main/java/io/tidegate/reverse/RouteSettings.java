package io.tidegate.reverse;

import io.tidegate.core.coding.CompressionSettings;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.protect.ProtectionSettings;
import io.tidegate.reverse.resilience.ResilienceSettings;
import io.tidegate.reverse.rewrite.PrefixMapping;
import io.tidegate.reverse.rewrite.UpstreamHost;
import io.tidegate.reverse.route.HostPattern;
import io.tidegate.reverse.route.PathTemplate;
import io.tidegate.reverse.route.RequestPath;
import io.tidegate.reverse.route.RouteAction;
import io.tidegate.reverse.traffic.TrafficSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A route: which requests it takes, where they go, how they are rewritten.
 *
 * @param host the hosts it takes, see {@link Routes}; {@link #ANY_HOST} for all
 * @param path the paths it takes, see {@link Routes}; {@link #ANY_PATH} for all
 * @param cluster the name of the cluster they go to; empty if something else becomes of them
 * @param stripPrefix what is taken from the front of the path, whole segments; empty for nothing
 * @param addPrefix what is then put in front of the path, whole segments; empty for nothing
 * @param upstreamHost what the upstream gets as Host; empty for what the proxy says
 * @param requestFields rules for the fields of the upstream request, after those of the proxy
 * @param responseFields rules for the fields of the client response, after those of the proxy
 * @param resilience what is done about endpoints that fail or are slow
 * @param traffic requests that are made besides
 * @param compression which responses are compressed; empty for none
 * @param routing what else it asks of requests, and does with them
 * @param protection what keeps harm from endpoints and browsers, besides that of the proxy
 * @param buffering which content is buffered for slow clients; empty for what the proxy says
 */
public record RouteSettings(
    String host,
    String path,
    String cluster,
    String stripPrefix,
    String addPrefix,
    Optional<UpstreamHost> upstreamHost,
    List<FieldRule> requestFields,
    List<FieldRule> responseFields,
    ResilienceSettings resilience,
    TrafficSettings traffic,
    Optional<CompressionSettings> compression,
    RoutingSettings routing,
    ProtectionSettings protection,
    Optional<BufferingSettings> buffering) {
  /** Takes every host. */
  public static final String ANY_HOST = HostPattern.ANY;

  /** Takes every path, and {@code OPTIONS *}. */
  public static final String ANY_PATH = "/**";

  private static final String PREFIX_EXPECTED =
      "a path like /a or /a/b, without slash at its end, dot segments or query";

  /** Copies the lists; rejects what cannot work. */
  public RouteSettings {
    requestFields = List.copyOf(requestFields);
    responseFields = List.copyOf(responseFields);
    Checks checks = new Checks();
    String route = "route " + new RouteMatch(host, path, routing.conditions()) + ": ";
    if (HostPattern.parse(host) == null) {
      checks.reject(route + "host", host, HostPattern.EXPECTED);
    }
    PathTemplate template = PathTemplate.parse(path);
    if (template == null) {
      checks.reject(route + "path", path, PathTemplate.EXPECTED);
    }
    if (!isPrefix(stripPrefix)) {
      checks.reject(route + "stripPrefix", stripPrefix, PREFIX_EXPECTED);
    } else if (template != null && !template.isBelow(PrefixMapping.normal(stripPrefix))) {
      checks.reject(route + "stripPrefix", stripPrefix, "what every path of the route begins with");
    }
    if (!isPrefix(addPrefix)) {
      checks.reject(route + "addPrefix", addPrefix, PREFIX_EXPECTED);
    }
    checkRules(checks, route + "requestField", requestFields);
    checkRules(checks, route + "responseField", responseFields);
    routing.check(checks, route, template);
    if (routing.rewrite().isPresent() && !(stripPrefix + addPrefix).isEmpty()) {
      checks.reject(route + "rewrite", "together with prefixes", "one or the other");
    }
    boolean answered = routing.action().filter(action -> action.clusters().isEmpty()).isPresent();
    if (answered && traffic.authorization().isPresent()) {
      checks.reject(route + "authorization", "of our own response", "of what a cluster serves");
    }
    if (routing.action().isPresent() && !cluster.isEmpty()) {
      checks.reject(route + "cluster", cluster, "none beside a split, redirect or response");
    }
    checks.done();
  }

  /** The names of the clusters that serve its requests besides, or get requests of their own. */
  List<String> otherClusters() {
    return Stream.concat(resilience.fallbackCluster().stream(), traffic.clusters().stream())
        .toList();
  }

  /** The names of the clusters it leads to; an empty one if it should name one. */
  List<String> clusters() {
    return routing.action().map(RouteAction::clusters).orElse(List.of(cluster));
  }

  /** Which requests it takes. */
  RouteMatch match() {
    return new RouteMatch(host, path, routing.conditions());
  }

  private static boolean isPrefix(String text) {
    if (text.isEmpty()) {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!Ascii.isTarget(text.charAt(i)) || text.charAt(i) == '?') {
        return false;
      }
    }
    RequestPath path = RequestPath.parse(text);
    return text.startsWith("/") && !text.endsWith("/") && path != null && !path.dotSegments();
  }

  static void checkRules(Checks checks, String setting, List<FieldRule> rules) {
    for (FieldRule rule : rules) {
      rule.problem(setting).ifPresent(checks::problem);
    }
  }
}
