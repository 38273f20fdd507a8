package io.tidegate.core;

import io.tidegate.core.admin.AdminSettings;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.connect.UpstreamSettings;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.TracingSettings;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.log.AccessLogSettings;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.server.ServerSettings;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spool.SpoolSettings;
import java.util.List;
import java.util.Optional;

/**
 * What both directions share.
 *
 * @param listeners where it listens, at least one address
 * @param ioThreads how many IO threads, 0 for one per processor
 * @param viaName our name in Via and Proxy-Status, empty for one made up for each proxy; two
 *     proxies that pass requests to each other need different ones, or the second takes them for a
 *     loop
 * @param server client connections
 * @param upstream upstream connections
 * @param exchange what lies between
 * @param cache the rules of the cache; empty for none
 * @param purgeFrom clients that may invalidate stored responses with PURGE; if empty, the method is
 *     as unknown as any
 * @param buffering which content is buffered for slow clients, unless the route says otherwise
 * @param spool what all buffered content together may occupy
 * @param tracing what becomes of trace context
 * @param accessLogs where a line is written for each exchange with a client
 * @param admin the admin listener; empty for none
 */
public record ProxySettings(
    List<ListenerSettings> listeners,
    int ioThreads,
    Optional<String> viaName,
    ServerSettings server,
    UpstreamSettings upstream,
    ExchangeSettings exchange,
    Optional<CacheSettings> cache,
    List<AddressRange> purgeFrom,
    BufferingSettings buffering,
    SpoolSettings spool,
    TracingSettings tracing,
    List<AccessLogSettings> accessLogs,
    Optional<AdminSettings> admin) {
  /** Copies the lists; rejects what cannot work. */
  public ProxySettings {
    listeners = List.copyOf(listeners);
    purgeFrom = List.copyOf(purgeFrom);
    accessLogs = List.copyOf(accessLogs);
    Checks checks =
        new Checks()
            .atLeast("listeners", listeners.size(), 1)
            .between("ioThreads", ioThreads, 0, 1024);
    viaName
        .filter(name -> !isViaName(name))
        .ifPresent(name -> checks.reject("viaName", name, "a token that begins with a letter"));
    if (cache.isEmpty() && !purgeFrom.isEmpty()) {
      checks.reject("purgeFrom", purgeFrom, "none without a cache");
    }
    if (accessLogs.stream().map(AccessLogSettings::target).distinct().count() < accessLogs.size()) {
      checks.reject("accessLogs", "two to the same file, logger or stream", "one to each");
    }
    admin.ifPresent(told -> told.requireToken(checks));
    checks.done();
  }

  /** It stands in Proxy-Status too, where a token begins with a letter (RFC 8941 §3.3.4). */
  private static boolean isViaName(String name) {
    return Ascii.isToken(name)
        && Ascii.lower(name.charAt(0)) >= 'a'
        && Ascii.lower(name.charAt(0)) <= 'z';
  }

  /** The defaults, on any free port of {@code listenHost}. */
  static ProxySettings on(Optional<String> listenHost) {
    return new ProxySettings(
        List.of(ListenerSettings.http(listenHost, 0)),
        0,
        Optional.empty(),
        ServerSettings.DEFAULT,
        UpstreamSettings.DEFAULT,
        ExchangeSettings.DEFAULT,
        Optional.empty(),
        List.of(),
        BufferingSettings.OFF,
        SpoolSettings.DEFAULT,
        TracingSettings.PASS,
        List.of(),
        Optional.empty());
  }
}
