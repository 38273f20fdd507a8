package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;

import io.tidegate.core.coding.ContentCoding;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.spi.ProxyProtocolVersion;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.EverySharedSetting;
import io.tidegate.reverse.balance.HashKey;
import io.tidegate.reverse.protect.ProtectionBuilder;
import io.tidegate.reverse.route.AmbiguousPaths;
import java.time.Duration;

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
    return EverySharedSetting.told(builder)
        .listen("192.0.2.1", 8443)
        .tls(EverySharedSetting::tls)
        .proxyProtocol(
            told ->
                told.from("10.8.0.0/16").optional().serveOthers().timeout(Duration.ofSeconds(17)))
        .http2WithoutTls()
        .alsoListen("192.0.2.2", 8080);
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
