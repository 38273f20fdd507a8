package io.tidegate.core.testkit;

import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.TlsBuilder;
import io.tidegate.core.cache.TagField;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import io.tidegate.core.tls.TlsProvider;
import io.tidegate.core.tls.TlsVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;

/** Something of every setting that both directions have, but for what listeners are told. */
public final class EverySharedSetting {
  private EverySharedSetting() {}

  /** {@code builder}, told something of each. */
  public static <B extends ProxyBuilder<B>> B told(B builder) {
    return builder
        .ioThreads(3)
        .viaName("gate")
        .headTimeout(Duration.ofSeconds(1))
        .keepAliveTimeout(Duration.ofSeconds(2))
        .maxHeadBytes(1000)
        .maxFields(50)
        .maxTargetBytes(500)
        .maxConnections(10)
        .maxConnectionsPerClient(5)
        .http2(
            http2 ->
                http2
                    .maxConcurrentStreams(9)
                    .streamWindow(20_000)
                    .connectionWindow(70_000)
                    .headerTableBytes(100))
        .connectTimeout(Duration.ofSeconds(3))
        .maxUpstreamConnections(4)
        .maxPendingRequests(6)
        .pendingTimeout(Duration.ofSeconds(4))
        .maxIdleUpstreamConnections(8)
        .upstreamIdleTimeout(Duration.ofSeconds(5))
        .upstreamMaxAge(Duration.ofSeconds(6))
        .upstreamMaxRequests(7)
        .nameTtl(Duration.ofSeconds(7))
        .maxLookupsPerClient(8)
        .maxStreamsPerConnection(9)
        .upstreamTls(
            tls ->
                tls.trusted(Path.of("ca.pem"))
                    .trusted(Path.of("ca.p12"), Secret.environment("CA"))
                    .trustPlatform()
                    .certificate(Path.of("own.pem"), Path.of("own.key"))
                    .serverName("up.example")
                    .pinKey("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
                    .pinCertificate(
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                    .versions(TlsVersion.TLS_1_3)
                    .provider(TlsProvider.JDK))
        .responseTimeout(Duration.ofSeconds(8))
        .idleTimeout(Duration.ofSeconds(9))
        .exchangeTimeout(Duration.ofSeconds(10))
        .maxBodyBytes(1 << 20)
        .minBodyRate(100)
        .tunnelIdleTimeout(Duration.ofSeconds(11))
        .tunnelHalfCloseTimeout(Duration.ofSeconds(12))
        .tunnelTimeout(Duration.ofHours(1))
        .hideServerSoftware()
        .cache(
            cache ->
                cache
                    .maxBytes(1 << 20)
                    .maxResponseBytes(1000)
                    .maxVariants(2)
                    .maxQueryBytes(100)
                    .fillTimeout(Duration.ofSeconds(13))
                    .heuristicFreshness(5, Duration.ofHours(2))
                    .noHeuristicFreshness()
                    .staleWhileRevalidate(Duration.ofSeconds(14))
                    .staleIfUnreachable(Duration.ofSeconds(15))
                    .staleIfError(Duration.ofSeconds(16))
                    .targets("Edge-Control")
                    .noSetCookie()
                    .ignoreParameters("utm_source", "fbclid")
                    .sortParameters()
                    .keyFields("X-Team")
                    .keyCookies("team")
                    .tagField("Cache-Tag", TagField.Separator.COMMA)
                    .noStatusField()
                    .statusKey()
                    .statusDetail()
                    .perUser()
                    .purgeFrom("10.0.0.0/8", "::1"))
        .buffering(
            buffering ->
                buffering
                    .requests()
                    .requestMemoryBytes(1)
                    .requestFileBytes(2)
                    .responses()
                    .responseMemoryBytes(3)
                    .responseFileBytes(4)
                    .replayBytes(5))
        .admin(
            admin ->
                admin
                    .listen("192.0.2.9", 9902)
                    .token(Secret.file("admin.token"))
                    .hosts("admin.example")
                    .clients("10.0.0.0/8")
                    .readOnly()
                    .openMetrics()
                    .showClients())
        .bufferDirectory(Path.of("/tmp/tidegate"))
        .maxBufferMemoryBytes(6)
        .maxBufferFileBytes(7)
        .tracing(t -> t.restarted("10.0.0.0/8").sampledShare(0.5))
        .accessLog(
            log ->
                log.file(Path.of("access.log"))
                    .json("time", "status")
                    .zone(ZoneId.of("Europe/Berlin"))
                    .rotateBytes(1 << 20)
                    .rotateDaily()
                    .keepFiles(3)
                    .maskClients()
                    .withoutQuery()
                    .redactParameters("token")
                    .redactFields("X-Key")
                    .showCredentials()
                    .maxQueueBytes(1 << 20))
        .accessLog(log -> log.logger("access").pattern("{client}"))
        .accessLog(log -> log.standardError());
  }

  /** Has TLS told something of each of its settings. */
  public static void tls(TlsBuilder tls) {
    tls.certificate(Path.of("a.pem"), Path.of("a.key"))
        .certificate(Path.of("b.pem"), Path.of("b.key"), Secret.file("b.password"))
        .certificate(Path.of("c.pem"))
        .pkcs12(Path.of("d.p12"), Secret.environment("D_PASSWORD"))
        .versions(TlsVersion.TLS_1_3)
        .ciphers("TLS_AES_128_GCM_SHA256")
        .strictNames()
        .clientCertificates(Demand.REQUESTED, Path.of("clients.pem"))
        .revocationLists(Path.of("clients.crl"))
        .handshakeTimeout(Duration.ofSeconds(5))
        .sessionTimeout(Duration.ofMinutes(5))
        .noReload()
        .provider(TlsProvider.JDK);
  }
}
