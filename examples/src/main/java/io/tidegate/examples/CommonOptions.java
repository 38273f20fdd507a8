package io.tidegate.examples;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.core.AdminBuilder;
import io.tidegate.core.CacheBuilder;
import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.ProxyProtocolBuilder;
import io.tidegate.core.log.LogFormat;
import io.tidegate.core.metrics.ProxyMetrics;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import io.tidegate.core.tls.TlsProvider;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that both directions have, and what both do once built. */
final class CommonOptions {
  private static final int TOKEN_OCTETS = 24;
  private static final String DEFAULT_ADMIN = "127.0.0.1:9901";
  private static final Duration GRACE = Duration.ofSeconds(10);

  @Option(
      names = "--listen",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where to listen; port 0 for any free one.")
  private String listen = "";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Sets every upstream and client time-out at once: 6s, 500ms, 2m.",
      converter = Time.class)
  private @Nullable Duration timeout;

  @Option(
      names = "--io-threads",
      paramLabel = "N",
      description = "How many IO threads; one per processor by default.")
  private int ioThreads;

  @Option(
      names = "--proxy-protocol-from",
      paramLabel = "RANGE",
      description =
          "Balancers, as addresses or ranges like 10.0.0.0/8, that say by the PROXY protocol on"
              + " whose behalf they connect; repeatable. Nobody else is served then.")
  private List<String> balancers = new ArrayList<>();

  @Option(names = "--cache", description = "Store responses and answer from them (RFC 9111).")
  private boolean cache;

  @Option(
      names = "--cache-target",
      paramLabel = "NAME",
      description =
          "A field that the cache obeys in place of Cache-Control (RFC 9213); repeatable,"
              + " the one that counts most first.")
  private List<String> cacheTargets = new ArrayList<>();

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Speaks TLS, HTTP/1.1 and HTTP/2, with the certificate and its chain in this PEM file;"
              + " read again when it changes.")
  private @Nullable Path tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The PEM file with the key, if that of --tls-cert has it not.")
  private @Nullable Path tlsKey;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Clients need certificates of the authorities in this PEM file.")
  private @Nullable Path tlsClientAuthorities;

  @Option(
      names = "--tls-provider",
      paramLabel = "NAME",
      description = "Who computes TLS with clients: fastest (default) or jdk.")
  private @Nullable TlsProvider tlsProvider;

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description = "Writes a line for each exchange to this file; - for standard output.")
  private @Nullable String accessLog;

  @Option(
      names = "--access-log-format",
      paramLabel = "NAME",
      description = "How those lines look: clf, combined (default), json or squid.")
  private @Nullable LogFormat accessLogFormat;

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

  /** Applies the options to {@code builder}, and serves what {@code start} makes of it. */
  <B extends ProxyBuilder<B>, P extends Proxy> P run(B builder, Supplier<P> start, String what) {
    String token = administer(applied(builder), what);
    P proxy = start.get();
    serve(proxy, what);
    tellAdmin(proxy, token, metrics);
    Hangup.runs(() -> renew(proxy, what));
    return proxy;
  }

  /** Has {@code builder} listen for administrators, and returns the token if it was made up. */
  private <B extends ProxyBuilder<B>> String administer(B builder, String what) {
    String where = admin == null && metrics ? DEFAULT_ADMIN : admin;
    Path file = adminTokenFile;
    if (where == null) {
      requireNoAdmin("--admin-token-file", file);
      requireNoAdmin("--admin-from", adminClients.isEmpty() ? null : adminClients.get(0));
      return "";
    }
    HostAndPort address = HostAndPort.parse("--admin", where);
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

  /**
   * Says where the admin page of {@code proxy} is, if it has one, and where Prometheus finds what
   * is {@code measured}. A token that was made up is in the fragment, which a browser sends nobody;
   * the page takes it out of the address.
   */
  static void tellAdmin(Proxy proxy, String token, boolean measured) {
    if (proxy.adminAddress().isEmpty()) {
      return;
    }
    String root = "http://" + text(proxy.adminAddress().get()) + "/";
    String fragment = token.isEmpty() ? "" : "#token=" + token;
    System.out.println("tidegate: admin page at " + root + fragment);
    if (measured) {
      System.out.println("tidegate: metrics at " + root + "metrics");
    }
  }

  /** Applies the options to {@code builder}. */
  <B extends ProxyBuilder<B>> B applied(ProxyBuilder<B> builder) {
    HostAndPort address = HostAndPort.parse("--listen", listen);
    B listening = builder.listen(address.host(), address.port());
    believe(listening::proxyProtocol);
    return logging(caching(timeouts(tls(listening)))).ioThreads(ioThreads);
  }

  /** The address of {@code --listen}. */
  String host() {
    return HostAndPort.parse("--listen", listen).host();
  }

  /** Has a listener, by its {@code proxyProtocol}, believe the balancers, if there are any. */
  void believe(Consumer<Consumer<ProxyProtocolBuilder>> proxyProtocol) {
    if (!balancers.isEmpty()) {
      proxyProtocol.accept(told -> told.from(balancers.toArray(String[]::new)));
    }
  }

  /** Rejects {@code option}, which says {@code value}, unless clients speak TLS. */
  void requireTls(String option, Object value) {
    if (tlsCertificate == null) {
      throw new IllegalArgumentException(
          option + ": " + value + " (expected: --tls-cert beside it)");
    }
  }

  private <B extends ProxyBuilder<B>> B tls(B builder) {
    Path certificate = tlsCertificate;
    if (certificate == null) {
      if (tlsKey != null) {
        requireTls("--tls-key", tlsKey);
      }
      if (tlsClientAuthorities != null) {
        requireTls("--tls-client-ca", tlsClientAuthorities);
      }
      if (tlsProvider != null) {
        requireTls("--tls-provider", tlsProvider);
      }
      return builder;
    }
    Path key = tlsKey;
    TlsProvider provider = tlsProvider;
    builder.tls(
        tls -> {
          if (provider != null) {
            tls.provider(provider);
          }
          if (key == null) {
            tls.certificate(certificate);
          } else {
            tls.certificate(certificate, key);
          }
        });
    Path authorities = tlsClientAuthorities;
    return authorities == null
        ? builder
        : builder.tls(tls -> tls.clientCertificates(Demand.REQUIRED, authorities));
  }

  /** The value of an option that names an address; whether it can be one is checked later. */
  record HostAndPort(String host, int port) {
    static HostAndPort parse(String option, String value) {
      int colon = value.lastIndexOf(':');
      if (colon < 0 || !value.substring(colon + 1).matches("\\d{1,5}")) {
        throw new IllegalArgumentException(option + ": " + value + " (expected: HOST:PORT)");
      }
      String host = value.substring(0, colon).replaceAll("^\\[|]$", "");
      return new HostAndPort(host, Integer.parseInt(value.substring(colon + 1)));
    }
  }

  /** Says where {@code proxy} listens, and sees to it that SIGTERM stops it. */
  static void serve(Proxy proxy, String what) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> proxy.stop(GRACE), "tidegate-stop"));
    String addresses =
        proxy.addresses().stream().map(CommonOptions::text).collect(Collectors.joining(" and "));
    System.out.println("tidegate: " + what + " proxy listens on " + addresses);
  }

  /** Opens the files of access logs anew, reads those of certificates, and says so. */
  static void renew(Proxy proxy, String what) {
    proxy.reopenLogs();
    try {
      proxy.reloadCertificates();
      System.err.println("tidegate: " + what + " proxy has opened its logs and certificates anew");
    } catch (InvalidSettingsException e) {
      System.err.println(
          "tidegate: " + what + " proxy keeps its certificates: " + String.join("; ", e.problems()));
    }
  }

  private <B extends ProxyBuilder<B>> B logging(B builder) {
    String file = accessLog;
    if (file == null) {
      if (accessLogFormat != null) {
        throw new IllegalArgumentException(
            "--access-log-format: " + accessLogFormat + " (expected: --access-log beside it)");
      }
      return builder;
    }
    LogFormat format = accessLogFormat == null ? LogFormat.COMBINED : accessLogFormat;
    return builder.accessLog(
        log -> {
          log.format(format);
          if (!file.equals("-")) {
            log.file(Path.of(file));
          }
        });
  }

  private <B extends ProxyBuilder<B>> B caching(B builder) {
    if (cache) {
      return builder.cache(this::targets);
    }
    if (!cacheTargets.isEmpty()) {
      throw new IllegalArgumentException(
          "--cache-target: " + cacheTargets.get(0) + " (expected: --cache beside it)");
    }
    return builder;
  }

  private void targets(CacheBuilder rules) {
    if (!cacheTargets.isEmpty()) {
      rules.targets(cacheTargets.toArray(String[]::new));
    }
  }

  private <B extends ProxyBuilder<B>> B timeouts(B builder) {
    if (timeout == null) {
      return builder;
    }
    return builder
        .headTimeout(timeout)
        .keepAliveTimeout(timeout)
        .connectTimeout(timeout)
        .pendingTimeout(timeout)
        .responseTimeout(timeout)
        .idleTimeout(timeout)
        .tunnelIdleTimeout(timeout)
        .tunnelHalfCloseTimeout(timeout);
  }

  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  /** A number with a unit: {@code 500ms}, {@code 6s}, {@code 2m}. */
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      if (!value.matches("\\d{1,9}(ms|s|m)")) {
        throw new TypeConversionException(value + " (expected: a number with ms, s or m)");
      }
      long number = Long.parseLong(value.replaceAll("\\D", ""));
      if (value.endsWith("ms")) {
        return Duration.ofMillis(number);
      }
      return value.endsWith("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number);
    }
  }
}
