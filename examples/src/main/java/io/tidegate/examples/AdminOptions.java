package io.tidegate.examples;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.core.AdminBuilder;
import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.metrics.ProxyMetrics;
import io.tidegate.core.spi.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about the admin listener and what is measured, and what is printed of both. */
final class AdminOptions {
  private static final int TOKEN_OCTETS = 24;
  private static final String DEFAULT_ADDRESS = "127.0.0.1:9901";

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description =
          "Where the admin page and its API are; beyond this machine, with --admin-from beside it.")
  private @Nullable String admin;

  @Option(
      names = "--admin-from",
      paramLabel = "RANGE",
      description =
          "Who may ask where --admin says, as addresses or ranges like 10.0.0.0/8; repeatable,"
              + " this machine alone by default.")
  private List<String> adminClients = new ArrayList<>();

  @Option(
      names = "--admin-token-file",
      paramLabel = "FILE",
      description =
          "A file with the token for --admin; without it one is made up, and printed with the"
              + " address of the page.")
  private @Nullable Path adminTokenFile;

  @Option(
      names = "--metrics",
      description =
          "Measures, for Prometheus: /metrics where --admin says, for whoever can connect; on"
              + " 127.0.0.1:9901 if it is not said.")
  private boolean metrics;

  /** Has {@code builder} listen for administrators, and returns the token if it was made up. */
  <B extends ProxyBuilder<B>> String apply(B builder, String what) {
    String where = admin == null && metrics ? DEFAULT_ADDRESS : admin;
    Path file = adminTokenFile;
    if (where == null) {
      requireNoAdmin("--admin-token-file", file);
      requireNoAdmin("--admin-from", adminClients.isEmpty() ? null : adminClients.get(0));
      return "";
    }
    CommonOptions.HostAndPort address = CommonOptions.HostAndPort.parse("--admin", where);
    String token = file == null ? madeUpToken() : "";
    Secret secret = file == null ? Secret.of(token) : Secret.file(file.toString());
    builder.admin(
        told ->
            told.listen(address.host(), address.port())
                .token(secret)
                .clients(adminClients.toArray(String[]::new)));
    if (metrics) {
      measure(builder, prometheus(), what).admin(AdminBuilder::openMetrics);
    }
    return token;
  }

  /** Rejects {@code option} if it says something, as there is no admin listener. */
  private static void requireNoAdmin(String option, @Nullable Object value) {
    if (value != null) {
      throw new IllegalArgumentException(option + ": " + value + " (expected: --admin beside it)");
    }
  }

  /** What proxies of one process are measured in, together. */
  static MeterRegistry prometheus() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  /** Has {@code builder} count and time in {@code registry}, as the proxy {@code what}. */
  static <B extends ProxyBuilder<B>> B measure(B builder, MeterRegistry registry, String what) {
    ProxyMetrics meters = ProxyMetrics.of("proxy", what);
    meters.bindTo(registry);
    return builder.metrics(meters);
  }

  private static String madeUpToken() {
    byte[] octets = new byte[TOKEN_OCTETS];
    new SecureRandom().nextBytes(octets);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  /** As {@link #tell(Proxy, String, boolean)}, of a proxy that these options are about. */
  void tell(Proxy proxy, String token) {
    tell(proxy, token, metrics);
  }

  /**
   * Says where the admin page of {@code proxy} is, if it has one, and where Prometheus finds what
   * is {@code measured}. A token that was made up is in the fragment, which a browser sends nobody;
   * the page takes it out of the address.
   */
  static void tell(Proxy proxy, String token, boolean measured) {
    if (proxy.adminAddress().isEmpty()) {
      return;
    }
    String root = "http://" + CommonOptions.text(proxy.adminAddress().get()) + "/";
    String fragment = token.isEmpty() ? "" : "#token=" + token;
    System.out.println("tidegate: admin page at " + root + fragment);
    if (measured) {
      System.out.println("tidegate: metrics at " + root + "metrics");
    }
  }
}
