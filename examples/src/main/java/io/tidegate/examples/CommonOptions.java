package io.tidegate.examples;

import io.tidegate.core.CacheBuilder;
import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.ProxyProtocolBuilder;
import io.tidegate.core.log.LogFormat;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import io.tidegate.core.tls.TlsProvider;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that both directions have, and what both do once built. */
final class CommonOptions {
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

  @Mixin private final AdminOptions admin = new AdminOptions();

  /** Applies the options to {@code builder}, and serves what {@code start} makes of it. */
  <B extends ProxyBuilder<B>, P extends Proxy> P run(B builder, Supplier<P> start, String what) {
    String token = admin.apply(applied(builder), what);
    P proxy = start.get();
    serve(proxy, what);
    admin.tell(proxy, token);
    Hangup.runs(() -> renew(proxy, what));
    return proxy;
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
          "tidegate: "
              + what
              + " proxy keeps its certificates: "
              + String.join("; ", e.problems()));
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
