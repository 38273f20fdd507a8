package io.tidegate.forward;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.at;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.group;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static io.tidegate.forward.Requests.user;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.ProxySettings;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.testkit.EverySharedSetting;
import io.tidegate.core.testkit.Tls;
import io.tidegate.forward.access.AccessRule;
import io.tidegate.forward.access.PortRange;
import io.tidegate.forward.auth.CertificateName;
import io.tidegate.forward.egress.EgressSettings;
import io.tidegate.forward.privacy.Anonymity;
import io.tidegate.forward.privacy.PrivacySettings;
import io.tidegate.forward.privacy.RefererRule;
import io.tidegate.forward.quota.Allowance;
import io.tidegate.forward.quota.BandwidthSettings;
import io.tidegate.forward.quota.LimitSettings;
import io.tidegate.forward.quota.QuotaKey;
import io.tidegate.forward.quota.QuotaSettings;
import io.tidegate.forward.quota.Rates;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardProxyTest {
  private static List<String> problems(ForwardProxy.Builder builder) {
    return assertThrows(InvalidSettingsException.class, builder::build).problems();
  }

  private static Optional<String> firstHost(ForwardProxySettings settings) {
    return settings.proxy().listeners().get(0).host();
  }

  /** A builder that has been told something of everything. */
  static ForwardProxy.Builder everything() {
    return EverySharedSetting.told(ForwardProxy.builder())
        .listen("192.0.2.1", 3128)
        .socks()
        .clientSetup(
            setup -> setup.publicAddress("gate.example:3128").direct(".corp.example").fromRules())
        .proxyProtocol(
            told ->
                told.from("10.8.0.0/16").optional().serveOthers().timeout(Duration.ofSeconds(17)))
        .alsoListen("192.0.2.2", 3129)
        .tls(EverySharedSetting::tls)
        .alsoListen(
            "192.0.2.4",
            3130,
            listener -> listener.tls(tls -> tls.reloadInterval(Duration.ofSeconds(1))))
        .listenSocks("192.0.2.3", 1080)
        .http2WithoutTls()
        .allow(to("*.example.com").ports(80, 443))
        .allow(
            user("alice")
                .group("staff")
                .certificate("CN=a")
                .method("CONNECT")
                .path("/a/**")
                .at("22:00", "06:00", "Europe/Berlin", DayOfWeek.FRIDAY))
        .deny(fromClient("10.9.0.0/16").toAddress("203.0.113.0/24"))
        .openToEveryone()
        .connectPorts(443, 8443)
        .httpPortRange(8000, 8999)
        .allowPrivateDestinations()
        .allowAddresses("10.1.0.0/16")
        .denyAddresses("10.1.9.0/24")
        .nat64Prefixes("2001:db8:64::/96", "fd00:64::/48")
        .tlsTunnels(to("*.example.com").port(443), fromClient("10.0.0.0/8"))
        .privacy(
            privacy ->
                privacy
                    .anonymity(Anonymity.TRANSPARENT)
                    .forwarded(ForwardedMode.BOTH)
                    .keepForwardedFields()
                    .referer(RefererRule.ORIGIN)
                    .userAgent("Tide")
                    .removeClientHints())
        .requestField("X-Team", "a")
        .removeRequestField("Referer")
        .responseField("X-Gate", "b")
        .removeResponseField("Server")
        .reportOnly()
        .egress(
            e ->
                e.direct(to("*.internal"))
                    .parent(
                        "corp",
                        p ->
                            p.proxy("http://proxy1.corp:3128")
                                .proxy("socks5://[2001:db8::1]:1080")
                                .proxy("https://proxy2.corp:3129")
                                .tls(tls -> tls.pkcs12(Path.of("us.p12"), Secret.environment("US")))
                                .credentials("us", Secret.file("/run/secrets/corp"))
                                .forRequests(to("*.corp"))
                                .resolveNames()
                                .pause(Duration.ofSeconds(1), Duration.ofSeconds(8))
                                .checkEvery(Duration.ofSeconds(30)))
                    .onlyThroughParents()
                    .sending(
                        to("api.example.com"),
                        s ->
                            s.sourceAddress("203.0.113.9")
                                .https(8443)
                                .tls(
                                    tls ->
                                        tls.pinKey("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
                                            .trustPinnedOnly())
                                .credential(
                                    "Authorization", Secret.environment("TOKEN"), "Bearer ")))
        .quota(
            q ->
                q.perUser()
                    .only(to("*.example.com"))
                    .requests(1000, Duration.ofMinutes(1))
                    .octets(10L << 30, Duration.ofDays(1))
                    .cutOff()
                    .maxActiveRequests(20)
                    .maxTunnels(10))
        .quota(q -> q.perClient().maxTunnels(3))
        .bandwidth(
            b ->
                b.only(to("*.example.org"))
                    .perConnection(10_000, 20_000)
                    .perUser(100_000, 200_000)
                    .whole(1_000_000, 2_000_000)
                    .burst(Duration.ofSeconds(1)))
        .authentication(
            a ->
                a.realm("egress")
                    .user("alice", Secret.environment("ALICE"))
                    .passwordFile("users")
                    .groupFile("groups")
                    .digestFile("digests")
                    .digest()
                    .clientCertificates(CertificateName.ALTERNATIVE_NAME)
                    .exempt(fromClient("10.0.0.0/8"))
                    .remember(Duration.ofSeconds(13))
                    .delay(Duration.ofSeconds(1), Duration.ofSeconds(14))
                    .maxFailures(7, Duration.ofHours(1))
                    .nonceLifetime(Duration.ofSeconds(15)));
  }

  @Test
  void settingsSayWhatTheBuilderWasTold() {
    ForwardProxySettings settings = everything().settings();
    assertEquals(Optional.of("192.0.2.1"), firstHost(settings));
    assertEquals(Duration.ofSeconds(3), settings.proxy().exchange().connectTimeout());
    assertEquals(
        List.of(
            new AccessRule(AccessRule.Action.ALLOW, to("*.example.com").port(80).port(443)),
            new AccessRule(
                AccessRule.Action.ALLOW,
                at("22:00", "06:00", "Europe/Berlin", DayOfWeek.FRIDAY)
                    .path("/a/**")
                    .method("CONNECT")
                    .certificate("CN=a")
                    .group("staff")
                    .user("alice")),
            new AccessRule(
                AccessRule.Action.DENY, toAddress("203.0.113.0/24").fromClient("10.9.0.0/16"))),
        settings.rules());
    assertEquals(List.of(PortRange.of(443), PortRange.of(8443)), settings.connectPorts());
    assertEquals(List.of(new PortRange(8000, 8999)), settings.httpPorts());
    assertEquals(List.of("10.1.0.0/16"), settings.allowAddresses());
    assertEquals(List.of("10.1.9.0/24"), settings.denyAddresses());
    assertEquals(
        List.of("2001:db8:64::/96", "fd00:64::/48"), settings.destinations().nat64Prefixes());
    assertEquals(
        List.of(to("*.example.com").port(443), fromClient("10.0.0.0/8")),
        settings.destinations().tlsTunnels());
    assertEquals(2, settings.requestFields().size());
    assertEquals(2, settings.responseFields().size());
    assertTrue(settings.openToEveryone());
    assertTrue(settings.allowPrivateDestinations());
    assertTrue(settings.reportOnly());
    assertEquals(
        List.of(
            new QuotaSettings(
                QuotaKey.USER,
                to("*.example.com"),
                Optional.of(new Allowance(1000, Duration.ofMinutes(1))),
                Optional.of(new Allowance(10L << 30, Duration.ofDays(1))),
                true,
                Optional.of(20),
                Optional.of(10)),
            new QuotaSettings(
                QuotaKey.CLIENT,
                any(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of(3))),
        settings.limits().quotas());
    assertEquals(
        List.of(
            new BandwidthSettings(
                to("*.example.org"),
                new Rates(10_000, 20_000),
                new Rates(100_000, 200_000),
                new Rates(1_000_000, 2_000_000),
                Duration.ofSeconds(1))),
        settings.limits().bandwidths());
    assertTrue(settings.privacy().keepForwardedFields());
  }

  @Test
  void everyLimitThatCannotWorkIsNamed() {
    assertEquals(
        List.of(
            "quota: nothing (expected: requests, octets, maxActiveRequests or maxTunnels)",
            "quota requests: 0 (expected: 1 to 1125899906842624)",
            "quota requests per: PT0S (expected: more than 0, at most 365 days)",
            "quota octets: 4000000 in PT0.000001S (expected: at most 1000 in a nanosecond)",
            "quota requests: 0 (expected: 1 to 1125899906842624)",
            "quota octets: 4000000 in PT0.000001S (expected: at most 1000 in a nanosecond)",
            "quota maxActiveRequests: 0 (expected: >= 1)",
            "quota maxTunnels: -1 (expected: >= 1)",
            "quota address: [10.0.0.0/8] (expected: hosts, which are known earlier)",
            "quota cutOff: (expected: octets beside it)",
            "bandwidth: nothing (expected: perConnection, perUser or whole)",
            "bandwidth perUser up: 999 (expected: 1000 to 1000000000000)",
            "bandwidth whole down: -1 (expected: 1000 to 1000000000000)",
            "bandwidth burst: PT0S (expected: more than 0, at most 365 days)",
            "connectPorts: 0 (expected: 1 to 65535)"),
        problems(
            ForwardProxy.builder()
                .connectPorts(0)
                .quota(q -> {})
                .quota(q -> q.requests(0, Duration.ZERO))
                .quota(q -> q.octets(4_000_000, Duration.ofNanos(1000)))
                .quota(
                    q ->
                        q.requests(0, Duration.ofDays(1)).octets(4_000_000, Duration.ofNanos(1000)))
                .quota(q -> q.maxActiveRequests(0).maxTunnels(-1))
                .quota(q -> q.only(toAddress("10.0.0.0/8")).maxTunnels(1).cutOff())
                .bandwidth(b -> {})
                .bandwidth(b -> b.perUser(999, 0).whole(0, -1).burst(Duration.ZERO))));
  }

  @Test
  void nothingIsLostBetweenBuilderAndSettings() {
    ForwardProxySettings all = everything().settings();
    assertEquals(all, ForwardProxy.builder(all).settings());
    ForwardProxySettings none = ForwardProxy.builder().settings();
    assertEquals(none, ForwardProxy.builder(none).settings());
  }

  @Test
  void defaultsBehaveAsIfNeverNamedAfterARoundTrip() {
    ForwardProxySettings none = ForwardProxy.builder().settings();
    ForwardProxySettings changed =
        ForwardProxy.builder(none).connectPorts(8443).httpPorts(81).settings();
    assertEquals(List.of(PortRange.of(8443)), changed.connectPorts());
    assertEquals(List.of(PortRange.of(81)), changed.httpPorts());
  }

  @Test
  void settingsForAllAddressesStayOnAllAddresses() {
    ForwardProxySettings named = everything().settings();
    ProxySettings proxy = named.proxy();
    ProxySettings everywhere =
        new ProxySettings(
            List.of(ListenerSettings.http(Optional.empty(), 3128)),
            proxy.ioThreads(),
            proxy.viaName(),
            proxy.server(),
            proxy.upstream(),
            proxy.exchange(),
            proxy.cache(),
            proxy.purgeFrom(),
            proxy.buffering(),
            proxy.spool(),
            proxy.tracing(),
            proxy.accessLogs(),
            Optional.empty());
    ForwardProxySettings settings =
        new ForwardProxySettings(
            everywhere,
            named.rules(),
            true,
            List.of(),
            List.of(),
            false,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            named.destinations(),
            false,
            EgressSettings.DEFAULT,
            LimitSettings.NONE,
            named.authentication(),
            PrivacySettings.DEFAULT,
            Optional.empty());
    assertEquals(Optional.empty(), firstHost(ForwardProxy.builder(settings).settings()));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:3128",
    "127.0.0.1, socks5://localhost:3128",
    "proxy.example, https://PROXY.example:3128"
  })
  void aParentProxyThatIsThisProxyIsRefused(String host, String parent) {
    InvalidSettingsException refused =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                ForwardProxy.builder()
                    .listen(host, 3128)
                    .openToEveryone()
                    .egress(e -> e.parent("p", p -> p.proxy(parent)))
                    .build());
    assertEquals(
        List.of(
            "parent p: proxy: "
                + parent.toLowerCase(Locale.ROOT)
                + " (expected: another proxy than this one)"),
        refused.problems());
  }

  @Test
  void everyListenerHasItsProtocols() {
    assertEquals(
        List.of(
            "192.0.2.1:3128 [HTTP, SOCKS] over TLS",
            "192.0.2.2:3129 [HTTP]",
            "192.0.2.4:3130 [HTTP] over TLS",
            "192.0.2.3:1080 [SOCKS]"),
        everything().settings().proxy().listeners().stream()
            .map(
                one ->
                    one.host().orElseThrow()
                        + ":"
                        + one.port()
                        + " "
                        + one.protocols()
                        + (one.tls().isEmpty() ? "" : " over TLS"))
            .toList());
  }

  @Test
  void proxyForSocksAloneHasNoListenerForHttp() {
    assertEquals(
        List.of(
            new ListenerSettings(Optional.of("127.0.0.1"), 1080, List.of(ListenerProtocol.SOCKS))),
        ForwardProxy.builder().listenSocks("127.0.0.1", 1080).settings().proxy().listeners());
  }

  @Test
  void proxyListensOnLoopbackUnlessToldOtherwise() {
    assertEquals(
        Optional.of("127.0.0.1"), firstHost(ForwardProxy.builder().listen(3128).settings()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.10",
        "::1",
        "[::1]",
        "localhost",
        "LocalHost",
        "::ffff:127.0.0.1"
      })
  void loopbackNeedsNoAllowList(String host) {
    assertDoesNotThrow(() -> ForwardProxy.builder().listen(host, 0).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "::", "", "192.0.2.1", "10.0.0.1", "gate.example", "localhost.example"})
  void listeningBeyondLoopbackNeedsAnAllowListOrALoudWord(String host) {
    assertEquals(
        List.of(
            "listen: "
                + host
                + " (expected: a loopback address, or allow rules that all name clients or destinations, or"
                + " authentication, or openToEveryone)"),
        problems(ForwardProxy.builder().listen(host, 0)));
    assertDoesNotThrow(() -> ForwardProxy.builder().listen(host, 0).openToEveryone().build());
    assertDoesNotThrow(() -> ForwardProxy.builder().listen(host, 0).allow(to("a.example")).build());
    assertDoesNotThrow(
        () -> ForwardProxy.builder().listen(host, 0).allow(fromClient("10.0.0.0/8")).build());
  }

  @Test
  void everyListenerBeyondLoopbackIsToldOf() {
    List<String> problems =
        problems(
            ForwardProxy.builder()
                .listen("127.0.0.1", 0)
                .alsoListen("192.0.2.1", 0)
                .listenSocks("192.0.2.2", 0));
    assertEquals(2, problems.size(), problems::toString);
    assertTrue(problems.get(0).startsWith("listen: 192.0.2.1 (expected: "), problems.get(0));
    assertTrue(problems.get(1).startsWith("listen: 192.0.2.2 (expected: "), problems.get(1));
  }

  @Test
  void ruleThatAllowsEverythingIsNoAllowList() {
    assertEquals(1, problems(ForwardProxy.builder().listen("0.0.0.0", 0).allow(any())).size());
  }

  @Test
  void rulesThatOnlyReportAreNoAllowList() {
    ForwardProxy.Builder reporting =
        ForwardProxy.builder().listen("0.0.0.0", 0).allow(to("a.example")).reportOnly();
    assertEquals(1, problems(reporting).size());
    assertDoesNotThrow(() -> reporting.openToEveryone().build());
    assertDoesNotThrow(() -> ForwardProxy.builder().deny(to("a.example")).reportOnly().build());
  }

  @Test
  void rulesThatAllowNothingAreNoRules() {
    assertEquals(
        List.of("rules: only denials (expected: one that allows; allow(any()) for all the rest)"),
        problems(ForwardProxy.builder().deny(to("a.example"))));
  }

  @Test
  void everythingWrongIsReportedAtOnce() {
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .listen("0.0.0.0", 3128)
            .connectTimeout(Duration.ZERO)
            .maxFields(1)
            .deny(to("*bad").port(0).fromClient("10.0.0.1/8").toAddress("here"))
            .deny(to("http://example.com/"))
            .allow(user(" ").group("").certificate("a b").method("get").path("x").path("/a/*"))
            .allow(at("24:00", "24:01", "Mars").user("bob"))
            .allow(at("08:00", "08:00", "UTC").user("bob"))
            .authentication(a -> a.user("bob", Secret.of("secret")))
            .connectPorts(-1, 443)
            .connectPortRange(9, 8)
            .httpPorts(65536)
            .allowAddresses("10.0.0.0/33")
            .denyAddresses("localhost")
            .nat64Prefixes("fd00:64::/97", "10.0.0.0/8", "fd00:64::")
            .tlsTunnels(to("*bad"))
            .requestField("a b", "x")
            .responseField("X-A", "line\nbreak")
            .removeResponseField("Content-Length");
    List<String> problems = problems(builder);
    List<String> expected =
        List.of(
            "maxFields: 1 (expected: 8 to 10000)",
            "connectTimeout: PT0S (expected: more than 0, at most 365 days)",
            "nat64Prefixes: fd00:64::/97 (expected: an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits",
            "nat64Prefixes: 10.0.0.0/8 (expected: ",
            "nat64Prefixes: fd00:64:: (expected: ",
            "tlsTunnels host: *bad (expected: ",
            "deny host: *bad (expected: *, a name in ASCII",
            "deny port: 0 (expected: 1 to 65535)",
            "deny address: here (expected: ",
            "deny client: 10.0.0.1/8 (expected: ",
            "deny host: http://example.com/ (expected: ",
            "allow user:   (expected: a name, or *)",
            "allow group:  (expected: a name)",
            "allow certificate: a b (expected: a subject like ",
            "allow method: get (expected: a method in capitals, GET)",
            "allow path: x (expected: a path like ",
            "allow path: /a/* (expected: a path like ",
            "allow from: 24:00 (expected: 00:00 to 23:59)",
            "allow to: 24:01 (expected: 00:00 to 24:00)",
            "allow zone: Mars (expected: a time zone like Europe/Berlin, UTC or +02:00)",
            "allow to: 08:00 (expected: another time than from; 00:00 to 24:00 is all day)",
            "connectPorts: -1 (expected: 1 to 65535)",
            "connectPorts: 9-8 (expected: 1 to 65535, the lower one first)",
            "httpPorts: 65536 (expected: 1 to 65535)",
            "allowAddresses: 10.0.0.0/33 (expected: ",
            "denyAddresses: localhost (expected: ",
            "requestField: ",
            "responseField: ",
            "responseField: ");
    assertEquals(expected.size(), problems.size(), problems::toString);
    for (int i = 0; i < expected.size(); i++) {
      assertTrue(problems.get(i).startsWith(expected.get(i)), problems.get(i));
    }
  }

  @Test
  void whoIsNamedMustBeAskedWhoTheyAre() {
    String who = " (expected: authentication, without which nobody is known)";
    ForwardProxy.Builder builder =
        ForwardProxy.builder()
            .deny(user("mallory").user("eve"))
            .deny(group("interns"))
            .allow(any())
            .tlsTunnels(user("*"))
            .egress(
                e ->
                    e.direct(group("staff"))
                        .parent(
                            "corp", p -> p.proxy("http://p.example:3128").forRequests(user("bob")))
                        .sending(user("alice"), s -> s.https(443)))
            .quota(q -> q.only(group("guests")).maxTunnels(1))
            .bandwidth(b -> b.only(user("carol")).whole(1000, 1000));
    assertEquals(
        List.of(
            "deny user: [mallory, eve]" + who,
            "deny group: [interns]" + who,
            "tlsTunnels user: [*]" + who,
            "direct group: [staff]" + who,
            "parent corp: requests user: [bob]" + who,
            "egress user: [alice]" + who,
            "quota group: [guests]" + who,
            "bandwidth user: [carol]" + who),
        problems(builder));
    assertDoesNotThrow(
        () ->
            builder
                .authentication(
                    a -> a.authenticator((request, told) -> told.completed(Identity.of("alice"))))
                .build());
  }

  @Test
  void pluginsMakeThePipelineAForwardProxy() {
    ForwardProxy.Builder builder = ForwardProxy.builder();
    ExchangeListener listener = new ExchangeListener() {};
    Plugins plugins =
        builder.plugins(builder.settings().proxy(), Tls.sources(), List.of(listener), new Checks());
    assertEquals(Direction.FORWARD, plugins.direction());
    assertFalse(plugins.takesAnyHost());
    assertEquals(List.of(listener), plugins.listeners());
  }
}
