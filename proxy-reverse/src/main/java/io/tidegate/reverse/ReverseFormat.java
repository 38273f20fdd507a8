package io.tidegate.reverse;

import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.json.SettingsFormat;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.health.HealthCheckSettings;
import io.tidegate.reverse.protect.LimitKey;
import io.tidegate.reverse.protect.ProtectionBuilder;
import io.tidegate.reverse.resilience.HedgeSettings;
import io.tidegate.reverse.route.RouteAction;
import io.tidegate.reverse.route.ValueCondition;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the settings of a reverse proxy stand in JSON. What a part has by default is what its builder
 * makes of it that was told nothing but what it must be told.
 */
final class ReverseFormat {
  private static final SettingsFormat<ReverseProxySettings> FORMAT = make();

  private ReverseFormat() {}

  static SettingsFormat<ReverseProxySettings> get() {
    return FORMAT;
  }

  private static SettingsFormat<ReverseProxySettings> make() {
    ReverseProxySettings nothing = ReverseProxy.builder().settings();
    SettingsFormat<ReverseProxySettings> format =
        SettingsFormat.of(nothing)
            .part(CacheSettings.REVERSE)
            .part(BufferingSettings.REVERSE)
            .part(nothing.proxy().listeners().get(0));
    return withProtection(withRoutes(withClusters(format)));
  }

  private static SettingsFormat<ReverseProxySettings> withClusters(
      SettingsFormat<ReverseProxySettings> format) {
    String uri = "http://localhost";
    ClusterBuilder cluster = new ClusterBuilder("default").endpoint(uri);
    return format
        .part(made(cluster.settings(new Checks())), "name", "endpoints")
        .part(new EndpointBuilder(uri).settings(), "uri")
        .part(new AffinityBuilder("default").settings(), "cookie")
        .part(HealthCheckSettings.DEFAULT, "path");
  }

  private static SettingsFormat<ReverseProxySettings> withRoutes(
      SettingsFormat<ReverseProxySettings> format) {
    RouteSettings route =
        made(new RouteBuilder(RouteMatch.ALL).mirror("default").settings(new Checks()));
    return format
        .part(made(new RouteBuilder(RouteMatch.ALL).settings(new Checks())))
        .part(route.traffic().mirror().orElseThrow(), "cluster")
        .part(HedgeSettings.DEFAULT, "percentile")
        .part(new RedirectBuilder().action(308), "status")
        .part(new RouteAction.SplitKey(RouteAction.SplitKey.Source.CLIENT, ""), "source")
        .part(new ValueCondition("default", ValueCondition.Kind.PRESENT, ""), "name");
  }

  private static SettingsFormat<ReverseProxySettings> withProtection(
      SettingsFormat<ReverseProxySettings> format) {
    ProtectionBuilder protection =
        new ProtectionBuilder().rateLimit("default", 1, Duration.ofSeconds(1), limit -> {});
    return format
        .part(protection.settings().rateLimits().get(0), "name", "requests", "per")
        .part(new LimitKey.OfClient(LimitKey.OfClient.DEFAULT_IPV6_PREFIX));
  }

  private static <T> T made(@Nullable T settings) {
    return Objects.requireNonNull(settings, "defaults are valid");
  }
}
