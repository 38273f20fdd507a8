package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;

import io.tidegate.core.cache.TagField;
import io.tidegate.core.coding.ContentCoding;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.spi.ProxyProtocolVersion;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import io.tidegate.core.tls.TlsProvider;
import io.tidegate.core.tls.TlsVersion;
import io.tidegate.reverse.balance.HashKey;
import io.tidegate.reverse.protect.ProtectionBuilder;
import io.tidegate.reverse.route.AmbiguousPaths;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;

/** A builder of a reverse proxy that has been told something of everything. */
final class EverySetting {
  private EverySetting() {}

  static ReverseProxy.Builder everything() {
    return routes(clusters(shared(ReverseProxy.builder())))
        .forwarded(ForwardedMode.BOTH)
        .trustedClients("10.0.0.0/8", "fd00::/8")
        .endpointHost()
        .requestField("X-Gate", "a")
        .removeRequestField("X-Debug")
        .responseField("X-Served-By", "b")
        .removeResponseField("Server")
        .ambiguousPaths(AmbiguousPaths.REFUSED)
        .protect(EverySetting::protection)
        .passthrough("db.example.com", "other")
        .https(https -> https.redirectStatus(301).redirectPort(8443).clientCertificateChain());
  }

  private static ReverseProxy.Builder shared(ReverseProxy.Builder builder) {
    return builder
        .listen("192.0.2.1", 8443)
        .tls(
            tls ->
                tls.certificate(Path.of("b.pem"), Path.of("b.key"), Secret.file("b.password"))
                    .pkcs12(Path.of("d.p12"), Secret.environment("D_PASSWORD"))
                    .versions(TlsVersion.TLS_1_3)
                    .ciphers("TLS_AES_128_GCM_SHA256")
                    .strictNames()
                    .clientCertificates(Demand.REQUESTED, Path.of("clients.pem"))
                    .revocationLists(Path.of("clients.crl"))
                    .handshakeTimeout(Duration.ofSeconds(5))
                    .sessionTimeout(Duration.ofMinutes(5))
                    .noReload()
                    .provider(TlsProvider.JDK))
        .proxyProtocol(
            told ->
                told.from("10.8.0.0/16").optional().serveOthers().timeout(Duration.ofSeconds(17)))
        .http2WithoutTls()
        .alsoListen("192.0.2.2", 8080)
        .ioThreads(3)
        .viaName("edge")
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
        .bufferDirectory(Path.of("/tmp/tidegate"))
        .maxBufferMemoryBytes(6)
        .maxBufferFileBytes(7)
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
        .accessLog(log -> log.standardError())
        .tracing(t -> t.restarted("10.0.0.0/8").sampledShare(0.5));
  }

  private static ReverseProxy.Builder clusters(ReverseProxy.Builder builder) {
    return builder
        .cluster(
            "app",
            cluster ->
                cluster
                    .endpoint("http://10.0.0.1:8080")
                    .endpoint(
                        "https://app.internal",
                        endpoint ->
                            endpoint
                                .weight(3)
                                .zone("eu-1")
                                .backup()
                                .everyAddress(Duration.ofSeconds(9))
                                .serverName("app"))
                    .loadBalancer(LoadBalancers.CONSISTENT_HASH)
                    .retryBudget(7, 3)
                    .balance(EverySetting::balance)
                    .health(EverySetting::health)
                    .mayBeEmpty()
                    .alsoKnownAs("inner", "inner:81")
                    .http2Only()
                    .tls(tls -> tls.trustPlatform().serverName("app"))
                    .proxyProtocol(ProxyProtocolVersion.V1))
        .cluster(
            "other",
            cluster ->
                cluster
                    .endpoint("http://other")
                    .health(h -> h.check("/", HealthCheckBuilder::head).noEjection())
                    .tls(
                        tls ->
                            tls.pinKey("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
                                .trustPinnedOnly()));
  }

  private static void balance(BalanceBuilder balance) {
    balance
        .hashKey(HashKey.cookie("sid"))
        .hashBound(1.5)
        .reportedLoad()
        .slowStart(Duration.ofSeconds(30))
        .zones("eu-1", "eu-2")
        .affinity(
            "node",
            affinity ->
                affinity
                    .maxAge(Duration.ofHours(1))
                    .key(Secret.environment("AFFINITY_KEY"))
                    .strict())
        .maxActiveRequests(10)
        .maxWaitingRequests(20)
        .maxWait(Duration.ofSeconds(3));
  }

  private static void health(HealthBuilder health) {
    health
        .check(
            "/health?x",
            check ->
                check
                    .interval(Duration.ofSeconds(1))
                    .jitter(0)
                    .timeout(Duration.ofSeconds(3))
                    .rise(4)
                    .fall(5)
                    .status(204)
                    .statuses(300, 302)
                    .content("well")
                    .port(81)
                    .host("internal:82")
                    .requestField("X", "y")
                    .waitForFirst())
        .ejection(
            ejection ->
                ejection
                    .consecutiveFailures(7)
                    .failureStatuses(502, 504)
                    .failureRate(20, 30, Duration.ofSeconds(40))
                    .slowness(2.5, 50)
                    .maxShare(60)
                    .base(Duration.ofSeconds(70))
                    .longest(Duration.ofSeconds(80)))
        .panicBelow(90);
  }

  private static ReverseProxy.Builder routes(ReverseProxy.Builder builder) {
    return builder
        .route(
            host("*.example")
                .path("/a/{x}/**")
                .pathRegex("/a/[0-9]+/.*")
                .scheme("https")
                .method("GET", "PUT")
                .field("X-A", "1")
                .query("q")
                .cookiePrefix("c", "v")
                .client("10.0.0.0/8"),
            route ->
                route
                    .to("app")
                    .stripPrefix("/a")
                    .addPrefix("/v2")
                    .host("inner:81")
                    .requestField("A", "1")
                    .removeResponseField("B")
                    .resilience(EverySetting::resilience)
                    .authorizedBy("other", "/verify", "X-User")
                    .mirror("other", 12.5, 10)
                    .compression(
                        c ->
                            c.types("text/css", "+json")
                                .minBytes(7)
                                .codings(ContentCoding.ZSTD)
                                .gzipLevel(9)
                                .zstdLevel(2))
                    .secureCookies()
                    .protect(EverySetting::protection)
                    .buffering(b -> b.requestMemoryBytes(6)))
        .route(
            host("r.example").path("/a/{x}/**"),
            route ->
                route
                    .rewritePath("/b/{x}/**")
                    .redirect(
                        307,
                        to -> to.scheme("https").host("r2").port(8443).path("/{x}").query("q")))
        .route(
            host("s.example"),
            route ->
                route
                    .rewriteRegex("/x/(.*)", "/$1")
                    .preserveHost()
                    .split("app", 9)
                    .split("other", 0)
                    .splitByCookie("c"))
        .route(host("t.example"), route -> route.respond(410, "gone"))
        .route(
            path("/other/**"),
            route ->
                route
                    .to("other")
                    .endpointHost()
                    .resilience(r -> r.fallback(503, "text/plain", "later")));
  }

  private static void resilience(ResilienceBuilder resilience) {
    resilience
        .connectTimeout(Duration.ofMillis(1))
        .responseTimeout(Duration.ofMillis(2))
        .idleTimeout(Duration.ofMillis(3))
        .exchangeTimeout(Duration.ofMillis(4))
        .attempts(5)
        .retryOn(500, 503)
        .backOff(Duration.ofMillis(6), Duration.ofMillis(7))
        .hedge(90, Duration.ofMillis(8), 9)
        .fallback("other");
  }

  private static void protection(ProtectionBuilder protection) {
    protection
        .allowClients("10.0.0.0/8")
        .denyClients("10.1.0.0/16")
        .filters(
            filters ->
                filters
                    .pathTraversal()
                    .controlOctets()
                    .lineBreaks()
                    .unknownHosts()
                    .debugMethods()
                    .refuseOverrideFields()
                    .maxPathBytes(1)
                    .maxQueryBytes(2)
                    .maxQueryParameters(3)
                    .maxFieldBytes(4)
                    .maxCookieBytes(5))
        .allowMethods("GET", "POST")
        .maxBodyBytes(6)
        .rateLimit(
            "a",
            7,
            Duration.ofSeconds(8),
            limit -> limit.perClient(56).burst(9).maxKeys(10).tellClients())
        .rateLimit("b", 1, Duration.ofSeconds(1), limit -> limit.perField("K"))
        .rateLimit("c", 1, Duration.ofSeconds(1), limit -> {})
        .maxActiveRequests(11)
        .maxActiveRequestsPerClient(12)
        .securityFields(
            fields ->
                fields
                    .preloadedStrictTransportSecurity()
                    .noSniff()
                    .frameAncestors("'self'")
                    .referrerPolicy("no-referrer")
                    .permissionsPolicy("camera=()")
                    .openerPolicy("same-origin")
                    .embedderPolicy("require-corp")
                    .resourcePolicy("same-site")
                    .overwrite())
        .cors(
            cors ->
                cors.origins("https://a.example")
                    .methods("PUT")
                    .fields("X-A")
                    .exposedFields("X-B")
                    .credentials()
                    .maxAge(Duration.ofSeconds(13)));
  }
}
