package io.tidegate.reverse;

import static io.tidegate.reverse.Routes.host;
import static io.tidegate.reverse.Routes.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.ProxySettings;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.coding.CompressionSettings;
import io.tidegate.core.coding.ContentCoding;
import io.tidegate.core.connect.UpstreamSettings;
import io.tidegate.core.h2.Http2Settings;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.ClientCertificateFields;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.header.TracingSettings;
import io.tidegate.core.log.AccessLogSettings;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.server.ServerSettings;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.ProxyProtocolVersion;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.core.spool.SpoolSettings;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.tls.CertificateSettings;
import io.tidegate.core.tls.TlsProvider;
import io.tidegate.core.tls.TlsVersion;
import io.tidegate.core.tls.TrustedFile;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.reverse.affinity.AffinitySettings;
import io.tidegate.reverse.balance.HashKey;
import io.tidegate.reverse.cluster.BalanceSettings;
import io.tidegate.reverse.cluster.Placement;
import io.tidegate.reverse.health.EjectionSettings;
import io.tidegate.reverse.health.EjectionSettings.FailureRate;
import io.tidegate.reverse.health.EjectionSettings.Slowness;
import io.tidegate.reverse.health.HealthCheckSettings;
import io.tidegate.reverse.health.HealthSettings;
import io.tidegate.reverse.health.StatusRange;
import io.tidegate.reverse.protect.CorsSettings;
import io.tidegate.reverse.protect.FilterSettings;
import io.tidegate.reverse.protect.LimitKey;
import io.tidegate.reverse.protect.ProtectionSettings;
import io.tidegate.reverse.protect.RateLimitSettings;
import io.tidegate.reverse.protect.SecurityFieldSettings;
import io.tidegate.reverse.resilience.BudgetSettings;
import io.tidegate.reverse.resilience.FallbackSettings;
import io.tidegate.reverse.resilience.HedgeSettings;
import io.tidegate.reverse.resilience.ResilienceSettings;
import io.tidegate.reverse.resilience.RetrySettings;
import io.tidegate.reverse.resilience.TimeoutSettings;
import io.tidegate.reverse.rewrite.PathRewrite;
import io.tidegate.reverse.rewrite.UpstreamHost;
import io.tidegate.reverse.route.AmbiguousPaths;
import io.tidegate.reverse.route.Conditions;
import io.tidegate.reverse.route.RouteAction;
import io.tidegate.reverse.route.ValueCondition;
import io.tidegate.reverse.traffic.AuthorizationSettings;
import io.tidegate.reverse.traffic.MirrorSettings;
import io.tidegate.reverse.traffic.TrafficSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReverseProxyBuilderTest {
  /** Nothing in it is a default. */
  private static final HealthSettings HEALTH =
      new HealthSettings(
          Optional.of(
              new HealthCheckSettings(
                  "/h?x",
                  "GET",
                  Duration.ofSeconds(1),
                  0,
                  Duration.ofSeconds(3),
                  4,
                  5,
                  List.of(new StatusRange(200, 204), new StatusRange(301, 301)),
                  Optional.of("well"),
                  OptionalInt.of(81),
                  Optional.of("internal:82"),
                  List.of(FieldRule.add("X", "y")),
                  false)),
          Optional.of(
              new EjectionSettings(
                  7,
                  List.of(new StatusRange(502, 504)),
                  Optional.of(new FailureRate(20, 30, Duration.ofSeconds(40))),
                  Optional.of(new Slowness(2.5, 50)),
                  60,
                  Duration.ofSeconds(70),
                  Duration.ofSeconds(80))),
          90);

  private static final BalanceSettings BALANCE =
      new BalanceSettings(
          HashKey.cookie("sid"),
          1.5,
          true,
          Duration.ofSeconds(30),
          List.of("eu-1", "eu-2"),
          Optional.of(
              new AffinitySettings(
                  "node",
                  Optional.of(Duration.ofHours(1)),
                  Optional.of(Secret.of("0123456789abcdef")),
                  true)),
          10,
          20,
          Duration.ofSeconds(3));

  private static final ProtectionSettings PROTECTION =
      new ProtectionSettings(
          List.of(AddressRange.parse("10.0.0.0/8")),
          List.of(AddressRange.parse("10.1.0.0/16")),
          new FilterSettings(
              true, true, true, true, true, FilterSettings.OverrideHandling.REFUSE, 1, 2, 3, 4, 5),
          List.of("GET", "POST"),
          OptionalLong.of(6),
          List.of(
              new RateLimitSettings(
                  "a",
                  new LimitKey.OfClient(56),
                  7,
                  Duration.ofSeconds(8),
                  OptionalLong.of(9),
                  10,
                  true),
              new RateLimitSettings(
                  "b",
                  new LimitKey.OfField("K"),
                  1,
                  Duration.ofSeconds(1),
                  OptionalLong.of(1),
                  1,
                  false),
              new RateLimitSettings(
                  "c",
                  new LimitKey.OfAll(),
                  1,
                  Duration.ofSeconds(1),
                  OptionalLong.of(1),
                  1,
                  false)),
          11,
          12,
          Optional.of(
              new SecurityFieldSettings(
                  Optional.of("max-age=1"),
                  true,
                  Optional.of("'self'"),
                  Optional.of("no-referrer"),
                  Optional.of("camera=()"),
                  Optional.of("same-origin"),
                  Optional.of("require-corp"),
                  Optional.of("same-site"),
                  true)),
          Optional.of(
              new CorsSettings(
                  List.of("https://a.example"),
                  List.of("PUT"),
                  List.of("X-A"),
                  List.of("X-B"),
                  true,
                  Optional.of(Duration.ofSeconds(13)))));

  private static final ProxySettings SHARED =
      new ProxySettings(
          List.of(ListenerSettings.http(Optional.empty(), 0)),
          0,
          Optional.empty(),
          ServerSettings.DEFAULT,
          UpstreamSettings.DEFAULT,
          ExchangeSettings.DEFAULT,
          Optional.empty(),
          List.of(),
          BufferingSettings.REVERSE,
          SpoolSettings.DEFAULT,
          TracingSettings.PASS,
          List.of(),
          Optional.empty());

  private static ReverseProxy.Builder app() {
    return ReverseProxy.builder().cluster("app", c -> c.endpoint("http://app"));
  }

  static List<String> problems(ReverseProxy.Builder builder) {
    return assertThrows(InvalidSettingsException.class, builder::build).problems();
  }

  private static final UpstreamTlsSettings TLS =
      new UpstreamTlsSettings(
          List.of(new TrustedFile("ca.pem", Optional.empty())),
          true,
          Optional.of(
              new CertificateSettings(
                  "own.pem", Optional.of("own.key"), Optional.of(Secret.file("password")))),
          Optional.of("app.internal"),
          List.of("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
          List.of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
          UpstreamTlsSettings.Verification.CHAIN,
          List.of(TlsVersion.TLS_1_3),
          TlsProvider.FASTEST);

  @Test
  void theLinesOfTheContractWork() {
    ReverseProxySettings settings =
        ReverseProxy.builder()
            .listen(8080)
            .cluster(
                "orders",
                cluster ->
                    cluster
                        .endpoint("http://10.0.0.1:8080")
                        .endpoint("http://10.0.0.2:8080", e -> e.weight(2))
                        .loadBalancer(LoadBalancers.leastRequests()))
            .route("/orders/**", "orders")
            .route(host("*.example.com").path("/a/**"), r -> r.to("orders"))
            .settings();
    assertEquals(8080, settings.proxy().listeners().get(0).port());
    assertEquals(Optional.empty(), settings.proxy().listeners().get(0).host());
    assertEquals(
        List.of(
            new ClusterSettings(
                "orders",
                List.of(
                    new EndpointSettings(
                        "http://10.0.0.1:8080",
                        1,
                        Placement.DEFAULT,
                        Optional.empty(),
                        Optional.empty()),
                    new EndpointSettings(
                        "http://10.0.0.2:8080",
                        2,
                        Placement.DEFAULT,
                        Optional.empty(),
                        Optional.empty())),
                "least-requests",
                BudgetSettings.RETRIES,
                BalanceSettings.DEFAULT,
                HealthSettings.DEFAULT,
                false,
                List.of(),
                TransportSettings.DEFAULT)),
        settings.clusters());
    assertEquals("/orders/**", settings.routes().get(0).path());
    assertEquals("*", settings.routes().get(0).host());
    assertEquals("*.example.com", settings.routes().get(1).host());
    assertEquals("/a/**", settings.routes().get(1).path());
  }

  @Test
  void aClusterSpeaksTheHttpItIsTold() {
    assertEquals(UpstreamHttp.HTTP_1_1, http(cluster -> {}));
    assertEquals(UpstreamHttp.NEGOTIATED, http(ClusterBuilder::http2));
    assertEquals(UpstreamHttp.HTTP_2, http(ClusterBuilder::http2Only));
  }

  private static UpstreamHttp http(Consumer<ClusterBuilder> told) {
    return ReverseProxy.builder()
        .cluster("app", cluster -> told.accept(cluster.endpoint("http://app")))
        .settings()
        .clusters()
        .get(0)
        .transport()
        .http();
  }

  @Test
  void theShortRouteIsTheLongOne() {
    assertEquals(
        app().route(path("/orders/**"), r -> r.to("app")).settings(),
        app().route("/orders/**", "app").settings());
  }

  @Test
  void uncalledMethodsMeanTheDefaults() {
    ReverseProxySettings settings = app().route("/**", "app").settings();
    assertEquals(
        new ReverseProxySettings(
            SHARED,
            List.of(
                new ClusterSettings(
                    "app",
                    List.of(
                        new EndpointSettings(
                            "http://app",
                            1,
                            Placement.DEFAULT,
                            Optional.empty(),
                            Optional.empty())),
                    "power-of-two-choices",
                    BudgetSettings.RETRIES,
                    BalanceSettings.DEFAULT,
                    HealthSettings.DEFAULT,
                    false,
                    List.of(),
                    TransportSettings.DEFAULT)),
            List.of(
                new RouteSettings(
                    "*",
                    "/**",
                    "app",
                    "",
                    "",
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    ResilienceSettings.DEFAULT,
                    TrafficSettings.NONE,
                    Optional.empty(),
                    RoutingSettings.DEFAULT,
                    ProtectionSettings.NONE,
                    Optional.empty())),
            ForwardedMode.X_FORWARDED,
            List.of(),
            new UpstreamHost.OfClient(),
            List.of(),
            List.of(),
            AmbiguousPaths.SAME_ROUTE,
            ProtectionSettings.NONE),
        settings);
  }

  @ParameterizedTest
  @CsvSource({"*, true", "a.example, false", "*.example, false", "[::1], false", "a b, false"})
  void onlyARouteForAnyHostTakesAnyHost(String host, boolean any) {
    ReverseProxy.Builder builder = app().route(host("b.example"), r -> r.to("app"));
    ProxySettings proxy = builder.settings().proxy();
    assertFalse(builder.plugins(proxy, Tls.sources(), List.of(), new Checks()).takesAnyHost());
    builder.route(host(host).path("/a"), r -> r.to("app"));
    assertEquals(
        any, builder.plugins(proxy, Tls.sources(), List.of(), new Checks()).takesAnyHost());
  }

  @Test
  void aReverseProxyDoesNotSpeakSocks() {
    ListenerSettings socks =
        new ListenerSettings(Optional.empty(), 1080, List.of(ListenerProtocol.SOCKS));
    ProxySettings proxy =
        new ProxySettings(
            List.of(socks),
            0,
            Optional.empty(),
            ServerSettings.DEFAULT,
            UpstreamSettings.DEFAULT,
            ExchangeSettings.DEFAULT,
            Optional.empty(),
            List.of(),
            BufferingSettings.REVERSE,
            SpoolSettings.DEFAULT,
            TracingSettings.PASS,
            List.of(),
            Optional.empty());
    ReverseProxySettings one = app().settings();
    assertEquals(
        List.of("protocols: [SOCKS] (expected: [HTTP])"),
        assertThrows(
                InvalidSettingsException.class,
                () ->
                    new ReverseProxySettings(
                        proxy,
                        one.clusters(),
                        one.routes(),
                        one.forwarded(),
                        one.trustedClients(),
                        one.upstreamHost(),
                        one.requestFields(),
                        one.responseFields(),
                        one.ambiguousPaths(),
                        one.protection()))
            .problems());
  }

  @Test
  void whatIsSaidAboutHttpsComesBackToo() {
    ReverseProxySettings settings =
        app()
            .https(https -> https.redirectStatus(301).redirectPort(8443).clientCertificateChain())
            .tls(tls -> tls.certificate(Path.of("a.pem")))
            .settings();
    assertEquals(
        new HttpsSettings(
            Optional.of(new HttpsSettings.Redirect(301, Optional.of(8443))),
            ClientCertificateFields.Mode.CHAIN),
        settings.https());
    assertEquals(1, settings.proxy().listeners().get(0).tls().orElseThrow().certificates().size());
    assertEquals(settings, ReverseProxy.builder(settings).settings());
    assertEquals(
        new HttpsSettings(
            Optional.of(HttpsSettings.Redirect.DEFAULT), ClientCertificateFields.Mode.OFF),
        app().redirectToHttps().settings().https());
  }

  @Test
  void whatCannotWorkAboutHttpsIsNamed() {
    assertEquals(
        List.of(
            "tls: handshakeTimeout: PT0S (expected: more than 0, at most 365 days)",
            "https: redirectStatus: 200 (expected: 301, 302, 303, 307 or 308)",
            "https: redirectPort: 0 (expected: 1 to 65535)"),
        assertThrows(
                InvalidSettingsException.class,
                () ->
                    app()
                        .tls(tls -> tls.handshakeTimeout(Duration.ZERO))
                        .https(https -> https.redirectStatus(200).redirectPort(0))
                        .build())
            .problems());
    assertEquals(
        List.of(
            "proxy.listeners[0].tls.certificates: none (expected: certificate, pkcs12 or"
                + " context)"),
        assertThrows(InvalidSettingsException.class, () -> app().tls(tls -> {}).build())
            .problems());
  }

  @Test
  void settingsComeBackFromTheBuilderWithoutLoss() {
    ReverseProxySettings settings =
        new ReverseProxySettings(
            new ProxySettings(
                List.of(
                    ListenerSettings.http(Optional.of("127.0.0.1"), 81),
                    ListenerSettings.http(Optional.empty(), 82)),
                3,
                Optional.of("edge"),
                new ServerSettings(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    1024,
                    9,
                    129,
                    5,
                    6,
                    Optional.of(new Http2Settings(7, 16384, 65536, 8))),
                new UpstreamSettings(
                    2,
                    3,
                    Duration.ofSeconds(4),
                    10,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(6),
                    7,
                    Duration.ofSeconds(8),
                    9,
                    11,
                    Optional.of(TLS)),
                new ExchangeSettings(
                    Duration.ofSeconds(9),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(3),
                    4,
                    5,
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(7),
                    true,
                    Optional.of(Duration.ofSeconds(8))),
                Optional.of(CacheSettings.FORWARD),
                List.of(AddressRange.parse("127.0.0.1"), AddressRange.parse("10.0.0.0/8")),
                new BufferingSettings(true, 1, 2, true, 3, 4, 5),
                new SpoolSettings(Optional.of("/spool"), 6, 7),
                new TracingSettings(
                    TracingSettings.Mode.RESTART, List.of(AddressRange.parse("10.0.0.0/8")), 0.5),
                List.of(AccessLogSettings.DEFAULT),
                Optional.empty()),
            List.of(
                new ClusterSettings(
                    "a",
                    List.of(
                        new EndpointSettings(
                            "http://a1",
                            3,
                            new Placement("eu-1", true),
                            Optional.of(Duration.ofSeconds(9)),
                            Optional.of("inner")),
                        new EndpointSettings(
                            "https://a2:444",
                            1,
                            Placement.DEFAULT,
                            Optional.empty(),
                            Optional.empty())),
                    LoadBalancers.RANDOM,
                    new BudgetSettings(7, 3),
                    BALANCE,
                    HEALTH,
                    true,
                    List.of("inner", "inner:81"),
                    new TransportSettings(
                        UpstreamHttp.HTTP_2,
                        Optional.of(TLS),
                        Optional.of(ProxyProtocolVersion.V1))),
                new ClusterSettings(
                    "b",
                    List.of(
                        new EndpointSettings(
                            "http://b", 1, Placement.DEFAULT, Optional.empty(), Optional.empty())),
                    LoadBalancers.ROUND_ROBIN,
                    BudgetSettings.RETRIES,
                    BalanceSettings.DEFAULT,
                    HealthSettings.DEFAULT,
                    false,
                    List.of(),
                    TransportSettings.DEFAULT)),
            List.of(
                new RouteSettings(
                    "*.example",
                    "/a/{x}/**",
                    "a",
                    "/a",
                    "/v2",
                    Optional.of(new UpstreamHost.Named("inner:81")),
                    List.of(FieldRule.set("A", "1"), FieldRule.add("A", "2")),
                    List.of(FieldRule.remove("B")),
                    new ResilienceSettings(
                        new TimeoutSettings(
                            Optional.of(Duration.ofMillis(1)),
                            Optional.of(Duration.ofMillis(2)),
                            Optional.of(Duration.ofMillis(3)),
                            Optional.of(Duration.ofMillis(4))),
                        new RetrySettings(
                            5, Set.of(500, 503), Duration.ofMillis(6), Duration.ofMillis(7)),
                        Optional.of(
                            new HedgeSettings(90, Duration.ofMillis(8), new BudgetSettings(9, 0))),
                        Optional.of(new FallbackSettings.ToCluster("b"))),
                    new TrafficSettings(
                        Optional.of(new AuthorizationSettings("b", "/verify", List.of("X-User"))),
                        Optional.of(new MirrorSettings("b", 12.5, 10))),
                    Optional.of(
                        new CompressionSettings(
                            List.of("text/css", "+json"), 7, List.of(ContentCoding.GZIP), 9, 2)),
                    new RoutingSettings(
                        new Conditions(
                            "https",
                            List.of("GET", "PUT"),
                            "/a/[0-9]+/.*",
                            List.of(new ValueCondition("x-a", ValueCondition.Kind.EXACT, "1")),
                            List.of(new ValueCondition("q", ValueCondition.Kind.PRESENT, "")),
                            List.of(new ValueCondition("C", ValueCondition.Kind.PREFIX, "v")),
                            List.of("10.0.0.0/8")),
                        Optional.empty(),
                        Optional.empty(),
                        false),
                    ProtectionSettings.NONE,
                    Optional.of(new BufferingSettings(false, 6, 5, true, 4, 3, 2))),
                new RouteSettings(
                    "r",
                    "/a/{x}/**",
                    "",
                    "",
                    "",
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    ResilienceSettings.DEFAULT,
                    TrafficSettings.NONE,
                    Optional.empty(),
                    new RoutingSettings(
                        Conditions.NONE,
                        Optional.of(new PathRewrite.Template("/b/{x}/**")),
                        Optional.of(
                            new RouteAction.Redirect(
                                307, "https", "r2", 8443, "/{x}", Optional.of("q"))),
                        false),
                    ProtectionSettings.NONE,
                    Optional.empty()),
                new RouteSettings(
                    "s",
                    "/**",
                    "",
                    "",
                    "",
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    ResilienceSettings.DEFAULT,
                    TrafficSettings.NONE,
                    Optional.empty(),
                    new RoutingSettings(
                        Conditions.NONE,
                        Optional.of(new PathRewrite.Regex("/x/(.*)", "/$1")),
                        Optional.of(
                            new RouteAction.Split(
                                List.of(
                                    new RouteAction.Share("a", 9), new RouteAction.Share("b", 0)),
                                Optional.of(
                                    new RouteAction.SplitKey(
                                        RouteAction.SplitKey.Source.COOKIE, "c")))),
                        false),
                    ProtectionSettings.NONE,
                    Optional.empty()),
                new RouteSettings(
                    "t",
                    "/**",
                    "",
                    "",
                    "",
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    ResilienceSettings.DEFAULT,
                    TrafficSettings.NONE,
                    Optional.empty(),
                    new RoutingSettings(
                        Conditions.NONE,
                        Optional.empty(),
                        Optional.of(new RouteAction.Respond(410, "gone")),
                        true),
                    PROTECTION,
                    Optional.empty()),
                new RouteSettings(
                    "h",
                    "/**",
                    "b",
                    "",
                    "",
                    Optional.of(new UpstreamHost.OfEndpoint()),
                    List.of(),
                    List.of(),
                    new ResilienceSettings(
                        TimeoutSettings.OF_PROXY,
                        RetrySettings.DEFAULT,
                        Optional.empty(),
                        Optional.of(new FallbackSettings.WithResponse(503, "text/plain", "later"))),
                    TrafficSettings.NONE,
                    Optional.empty(),
                    RoutingSettings.DEFAULT,
                    ProtectionSettings.NONE,
                    Optional.empty())),
            ForwardedMode.BOTH,
            List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")),
            new UpstreamHost.OfEndpoint(),
            List.of(FieldRule.remove("C")),
            List.of(FieldRule.set("D", "4")),
            AmbiguousPaths.REFUSED,
            PROTECTION);
    assertEquals(settings, ReverseProxy.builder(settings).settings());
  }

  @Test
  void compressionIsAsUsualUnlessToldOtherwise() {
    assertEquals(
        Optional.of(CompressionSettings.DEFAULT),
        app()
            .route(path("/**"), r -> r.to("app").compression(c -> {}))
            .settings()
            .routes()
            .get(0)
            .compression());
  }

  @Test
  void whatIsSaidAboutCompressionAddsUp() {
    assertEquals(
        Optional.of(
            new CompressionSettings(
                List.of("text/html", "text/css"), 10, List.of(ContentCoding.ZSTD), 1, 5)),
        app()
            .route(
                path("/**"),
                r ->
                    r.to("app")
                        .compression(c -> c.types("text/html").minBytes(10))
                        .compression(
                            c ->
                                c.types("text/css")
                                    .gzipLevel(1)
                                    .zstdLevel(5)
                                    .codings(ContentCoding.ZSTD)))
            .settings()
            .routes()
            .get(0)
            .compression());
  }

  @Test
  void whatIsWrongWithCompressionIsReportedWithTheRest() {
    assertEquals(
        List.of(
            "route /a/**: compression: types: html"
                + " (expected: a media type like text/html, text/* or +json)",
            "route /a/**: compression: minBytes: -1 (expected: >= 0)",
            "route /a/**: addPrefix: x (expected: a path like /a or /a/b, without slash at its end,"
                + " dot segments or query)"),
        problems(
            app()
                .route(
                    path("/a/**"),
                    r ->
                        r.to("app")
                            .addPrefix("x")
                            .compression(c -> c.types("html").minBytes(-1)))));
  }

  @Test
  void whatIsWrongWithProtectionIsReportedWithTheRest() {
    assertEquals(
        List.of(
            "route /a: protect: denyClients: address range: x (expected: an IP address or a range like"
                + " 10.0.0.0/8 or fd00::/8)",
            "route /a: protect: cors: origins: none (expected: at least one)",
            "route /a: protect: allowedMethods: a b (expected: a method)",
            "route /a: protect: maxBodyBytes: -1 (expected: >= 0)",
            "route /a: protect: maxActiveRequests: 0 (expected: >= 1)",
            "route /a: protect: maxActiveRequestsPerClient: 0 (expected: >= 1)",
            "protect: rateLimit a: requests: 0 (expected: 1 to 1000000000)",
            "protect: rateLimit: b (expected: a name that no other limit has)"),
        problems(
            app()
                .route(
                    path("/a"),
                    r ->
                        r.to("app")
                            .protect(
                                p ->
                                    p.denyClients("x")
                                        .cors(c -> {})
                                        .allowMethods("a b")
                                        .maxBodyBytes(-1)
                                        .maxActiveRequests(0)
                                        .maxActiveRequestsPerClient(0)))
                .protect(
                    p ->
                        p.rateLimit("a", 0, Duration.ofSeconds(1), limit -> limit.burst(1))
                            .rateLimit("b", 1, Duration.ofSeconds(1), limit -> {})
                            .rateLimit("b", 1, Duration.ofSeconds(1), limit -> {}))));
  }

  @Test
  void unknownHostsCanOnlyBeRefusedIfARouteNamesOne() {
    assertEquals(
        List.of("unknownHosts: true (expected: a route that names a host)"),
        problems(app().route("/a", "app").protect(p -> p.filters(f -> f.unknownHosts()))));
  }

  @Test
  void whatIsWrongWithTheCacheIsReportedWithTheRest() {
    assertEquals(
        List.of(
            "headTimeout: PT0S (expected: more than 0, at most 365 days)",
            "maxBytes: -1 (expected: >= 0)",
            "maxVariants: 0 (expected: >= 1)",
            "purgeFrom: address range: 10.0.0.1/8 (expected: no address bits beyond the prefix)"),
        problems(
            app()
                .headTimeout(Duration.ZERO)
                .cache(c -> c.maxBytes(-1).maxVariants(0).purgeFrom("10.0.0.1/8"))));
  }

  @Test
  void aBuilderGoesOnFromSettings() {
    ReverseProxySettings settings = app().route("/a", "app").settings();
    assertEquals(
        app().route("/a", "app").route("/b", "app").settings(),
        ReverseProxy.builder(settings).route("/b", "app").settings());
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    List<String> problems =
        problems(
            ReverseProxy.builder()
                .headTimeout(Duration.ZERO)
                .cluster("a", c -> c.endpoint("ftp://x", e -> e.weight(0)).loadBalancer("fastest"))
                .cluster("a", c -> {})
                .route("bad", "gone")
                .route(host("a:80"), r -> r.to("a").stripPrefix("x").addPrefix("/y/").host("a b"))
                .trustedClients("10.0.0.0/40")
                .host("")
                .requestField("Host", "x")
                .responseField("a b", "x"));
    assertEquals(
        List.of(
            "headTimeout: PT0S (expected: more than 0, at most 365 days)",
            "endpoint: ftp://x (expected: http://host, https://host or with a port; no path, query"
                + " or user)",
            "weight of endpoint ftp://x: 0 (expected: 1 to 1000)",
            "cluster a: loadBalancer: fastest (expected: one of round-robin, least-requests,"
                + " random, power-of-two-choices, least-load, consistent-hash)",
            "cluster a: endpoints: none (expected: at least one)",
            "route bad: path: bad (expected: a path like /a, /a/{id}/b, /a/* or /a/**, other"
                + " characters than those of a path percent-encoded)",
            "host: a b (expected: a host, or a host and port)",
            "route a:80/**: host: a:80 (expected: a host like shop.example.com or *.example.com,"
                + " or *; without port)",
            "route a:80/**: stripPrefix: x (expected: a path like /a or /a/b, without slash at its"
                + " end, dot segments or query)",
            "route a:80/**: addPrefix: /y/ (expected: a path like /a or /a/b, without slash at its"
                + " end, dot segments or query)",
            "trustedClients: address range: 10.0.0.0/40 (expected: a prefix of 0 to 32)",
            "host:  (expected: a host, or a host and port)",
            "cluster: a (expected: a name that no other cluster has)",
            "route bad: cluster: gone (expected: one of a)",
            "requestField: Host (expected: neither Host, nor framing, nor connection-specific)",
            "responseField: a b (expected: a field name)"),
        problems);
  }

  @Test
  void aClusterNeedsANameAndEndpointsThatDiffer() {
    assertEquals(
        List.of(
            "cluster: ' ' (expected: a name)",
            "cluster  : endpoint: http://A:80 (expected: each endpoint once)"),
        problems(
            ReverseProxy.builder()
                .cluster(" ", c -> c.endpoint("http://a").endpoint("http://A:80"))));
  }

  @Test
  void aRouteNeedsACluster() {
    assertEquals(
        List.of("route /a: cluster: none (expected: the name of a cluster)"),
        problems(app().route(path("/a"), r -> {})));
    assertEquals(
        List.of("route /a: cluster: b (expected: a declared one)"),
        problems(ReverseProxy.builder().route("/a", "b")));
  }

  @Test
  void aClusterWithABadEndpointIsStillKnownToRoutes() {
    assertEquals(
        1,
        problems(ReverseProxy.builder().cluster("a", c -> c.endpoint("x")).route("/", "a")).size());
  }

  @Test
  void aRouteThatGetsNoRequestsIsAProblem() {
    assertEquals(
        List.of(
            "route shop.example/a/{y}: requests: none (expected: not all of them taken by route"
                + " SHOP.example/%61/{x})"),
        problems(
            app()
                .route(host("SHOP.example").path("/%61/{x}"), r -> r.to("app"))
                .route(host("shop.example").path("/a/{y}"), r -> r.to("app"))));
  }

  @Test
  void onlyWhatEveryPathBeginsWithCanBeStripped() {
    assertEquals(
        List.of(
            "route /a/**: stripPrefix: /b (expected: what every path of the route begins with)"),
        problems(app().route(path("/a/**"), r -> r.to("app").stripPrefix("/b"))));
    assertNotNull(app().route(path("/a/**"), r -> r.to("app").stripPrefix("/%61")).settings());
  }

  @Test
  void prefixesAreCleanPaths() {
    for (String prefix : List.of("a", "/", "/a/", "/a?b", "/a b", "/..", "/a/%2e", "/..;x")) {
      assertEquals(
          1, problems(app().route(path("/**"), r -> r.to("app").addPrefix(prefix))).size(), prefix);
    }
  }

  @Test
  void rulesOfARouteAreChecked() {
    assertEquals(
        List.of(
            "route /a: requestField: Connection (expected: neither Host, nor framing, nor"
                + " connection-specific)",
            "route /a: responseField: a b (expected: a field name)"),
        problems(
            app()
                .route(
                    path("/a"),
                    r -> r.to("app").requestField("Connection", "x").removeResponseField("a b"))));
  }

  @Test
  void recordsRejectWhatBuildersReject() {
    assertThrows(
        InvalidSettingsException.class,
        () ->
            new ReverseProxySettings(
                SHARED,
                List.of(),
                app().route("/", "app").settings().routes(),
                ForwardedMode.OFF,
                List.of(),
                new UpstreamHost.OfClient(),
                List.of(),
                List.of(),
                AmbiguousPaths.SAME_ROUTE,
                ProtectionSettings.NONE));
    assertThrows(
        InvalidSettingsException.class,
        () ->
            new EndpointSettings(
                "http://a", 1001, Placement.DEFAULT, Optional.empty(), Optional.empty()));
    assertThrows(
        InvalidSettingsException.class,
        () ->
            new ClusterSettings(
                "a",
                List.of(),
                "random",
                BudgetSettings.RETRIES,
                BalanceSettings.DEFAULT,
                HealthSettings.DEFAULT,
                false,
                List.of(),
                TransportSettings.DEFAULT));
    assertThrows(InvalidSettingsException.class, () -> new UpstreamHost.Named(":80"));
  }

  @Test
  void onlyAClusterThatSaysSoMayBeginWithoutEndpoints() {
    ReverseProxy.Builder builder = ReverseProxy.builder();
    builder.cluster("a", ClusterBuilder::mayBeEmpty);
    builder.cluster("b", cluster -> cluster.endpointSource(told -> () -> {}));
    assertTrue(builder.settings().clusters().stream().allMatch(ClusterSettings::mayBeEmpty));
    builder.cluster("c", cluster -> {});
    InvalidSettingsException e = assertThrows(InvalidSettingsException.class, builder::settings);
    assertEquals(List.of("cluster c: endpoints: none (expected: at least one)"), e.problems());
  }

  @Test
  void onlyANameHasSeveralAddresses() {
    ReverseProxy.Builder builder = ReverseProxy.builder();
    builder.cluster(
        "a",
        cluster ->
            cluster
                .endpoint("http://app", endpoint -> endpoint.everyAddress(Duration.ZERO))
                .endpoint("http://10.0.0.1", EndpointBuilder::everyAddress));
    InvalidSettingsException e = assertThrows(InvalidSettingsException.class, builder::settings);
    assertEquals(
        List.of(
            "everyAddress of endpoint http://app: PT0S (expected: more than 0, at most 365 days)",
            "everyAddress of endpoint http://10.0.0.1 needs a name: this is an address"),
        e.problems());
  }

  @Test
  void whatABuilderIsToldOfHealthIsInItsSettings() {
    ReverseProxy.Builder builder = ReverseProxy.builder();
    builder.cluster(
        "a",
        cluster ->
            cluster
                .endpoint("http://a")
                .health(
                    health ->
                        health
                            .panicBelow(90)
                            .check(
                                "/h?x",
                                check ->
                                    check
                                        .interval(Duration.ofSeconds(1))
                                        .jitter(0)
                                        .timeout(Duration.ofSeconds(3))
                                        .rise(4)
                                        .fall(5)
                                        .statuses(200, 204)
                                        .status(301)
                                        .content("well")
                                        .port(81)
                                        .host("internal:82")
                                        .requestField("X", "y")
                                        .waitForFirst())
                            .ejection(
                                when ->
                                    when.consecutiveFailures(7)
                                        .failureStatuses(502, 504)
                                        .failureRate(20, 30, Duration.ofSeconds(40)))
                            .ejection(
                                when ->
                                    when.slowness(2.5, 50)
                                        .maxShare(60)
                                        .base(Duration.ofSeconds(70))
                                        .longest(Duration.ofSeconds(80)))));
    assertEquals(HEALTH, builder.settings().clusters().get(0).health());
  }

  @Test
  void aClusterMayBeDeafToItsRequests() {
    ReverseProxy.Builder builder = ReverseProxy.builder();
    builder.cluster(
        "a",
        c ->
            c.endpoint("http://a")
                .health(h -> h.noEjection().check("/", HealthCheckBuilder::head)));
    HealthSettings health = builder.settings().clusters().get(0).health();
    assertEquals(Optional.empty(), health.ejection());
    assertEquals("HEAD", health.check().orElseThrow().method());
  }

  @Test
  void everyWrongValueOfHealthIsTold() {
    ReverseProxy.Builder builder = ReverseProxy.builder();
    builder.cluster(
        "a",
        cluster ->
            cluster
                .endpoint("http://a")
                .health(
                    health ->
                        health
                            .check(
                                "health",
                                check ->
                                    check
                                        .head()
                                        .interval(Duration.ZERO)
                                        .jitter(51)
                                        .timeout(Duration.ofSeconds(-1))
                                        .rise(0)
                                        .fall(1001)
                                        .content("x")
                                        .port(65_536)
                                        .host("a b")
                                        .requestField("Host", "x"))
                            .ejection(
                                when ->
                                    when.consecutiveFailures(-1)
                                        .maxShare(0)
                                        .base(Duration.ofSeconds(2))
                                        .longest(Duration.ofSeconds(1)))));
    InvalidSettingsException e = assertThrows(InvalidSettingsException.class, builder::settings);
    assertEquals(
        List.of(
            "health check: path: health (expected: / and what may follow in a request target)",
            "health check: interval: PT0S (expected: more than 0, at most 365 days)",
            "health check: jitter: 51 (expected: 0 to 50)",
            "health check: timeout: PT-1S (expected: more than 0, at most 365 days)",
            "health check: rise: 0 (expected: 1 to 1000)",
            "health check: fall: 1001 (expected: 1 to 1000)",
            "health check: content needs the method GET: HEAD has none in its response",
            "health check: port: 65536 (expected: 1 to 65535)",
            "health check: host: a b (expected: host or host:port)",
            "health check: requestField: Host (expected: neither Host, nor framing, nor"
                + " connection-specific)",
            "ejection: consecutiveFailures: -1 (expected: >= 0)",
            "ejection: maxShare: 0 (expected: 1 to 100)",
            "ejection: longest: PT1S (expected: at least the base, PT2S)"),
        e.problems());
  }

  @ParameterizedTest
  @CsvSource({"99, 200", "200, 600", "300, 200"})
  void aRangeOfStatusesLiesWithin100To599(int from, int to) {
    InvalidSettingsException e =
        assertThrows(InvalidSettingsException.class, () -> new StatusRange(from, to));
    assertEquals(
        "statuses: " + from + " to " + to + " (expected: a range within 100 to 599)",
        e.getMessage());
  }

  @Test
  void aLoadBalancerOfOnesOwnServesItsCluster() {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .cluster(
                "app",
                c ->
                    c.endpoint("http://a")
                        .endpoint("http://b")
                        .loadBalancer((candidates, random) -> candidates.size() - 1))
            .route("/**", "app");
    Plugins plugins = builder.plugins(SHARED, Tls.sources(), List.of(), new Checks());
    var request = Requests.get("h", "/");
    Route route = assertInstanceOf(Route.class, plugins.resolver().resolve(request));
    assertEquals("b", route.destinations(request).next().host());
    assertEquals("power-of-two-choices", builder.settings().clusters().get(0).loadBalancer());
  }

  @Test
  void theLastLoadBalancerCounts() {
    ReverseProxySettings settings =
        ReverseProxy.builder()
            .cluster(
                "app", c -> c.endpoint("http://a").loadBalancer((x, y) -> 0).loadBalancer("random"))
            .settings();
    assertEquals("random", settings.clusters().get(0).loadBalancer());
  }

  @Test
  void thePluginsAreThoseOfAReverseProxy() {
    Plugins plugins =
        app().route("/**", "app").plugins(SHARED, Tls.sources(), List.of(), new Checks());
    assertEquals(Direction.REVERSE, plugins.direction());
    assertEquals(AccessPolicy.PERMIT_ALL, plugins.access());
  }

  @Test
  void chanceComesFromTheThread() {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .cluster("app", c -> c.endpoint("http://a").endpoint("http://b").loadBalancer("random"))
            .route("/**", "app");
    Plugins plugins = builder.plugins(SHARED, Tls.sources(), List.of(), new Checks());
    var request = Requests.get("h", "/");
    Route route = assertInstanceOf(Route.class, plugins.resolver().resolve(request));
    assertNotNull(route.destinations(request).next());
  }

  @Test
  void problemsNameARouteByHostAndPath() {
    assertEquals("/a", path("/a").toString());
    assertEquals("h/**", host("h").toString());
    assertEquals("h/a", path("/a").host("h").toString());
  }
}
