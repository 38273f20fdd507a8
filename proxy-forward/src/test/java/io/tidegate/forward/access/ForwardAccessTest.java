package io.tidegate.forward.access;

import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.ForwardProxySettings;
import io.tidegate.forward.Sample;
import io.tidegate.forward.address.AddressRules;
import io.tidegate.forward.address.EmbeddedIpv4;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardAccessTest {
  private static ForwardAccess access(ForwardProxy.Builder builder) {
    return Sample.access(builder);
  }

  private static final ForwardAccess BY_DEFAULT = access(ForwardProxy.builder());

  private static void assertProhibited(Failure failure) {
    assertNotNull(failure);
    assertEquals(ProxyError.DESTINATION_IP_PROHIBITED, failure.error());
    assertEquals(403, failure.status());
  }

  @Test
  void openInternetMayBeAskedForByDefault() {
    assertNull(BY_DEFAULT.refuses(Sample.get("http://example.com/")));
    assertNull(BY_DEFAULT.refuses(Sample.connect("example.com:443")));
    assertNull(BY_DEFAULT.refuses(Sample.get("http://8.8.8.8/")));
    assertNull(BY_DEFAULT.refuses(Sample.get("http://example.com/"), Sample.ip("8.8.8.8")));
  }

  @ParameterizedTest(name = "CONNECT to {0}: {1}")
  @CsvSource({"443,true", "80,false", "22,false", "25,false", "8443,false", "65535,false"})
  void connectLeadsTo443Only(int port, boolean allowed) {
    Failure failure = BY_DEFAULT.refuses(Sample.connect("example.com:" + port));
    assertSame(allowed ? null : ForwardAccess.CONNECT_PORT, failure);
  }

  @Test
  void connectLeadsToThePortsNamed() {
    ForwardAccess access =
        access(ForwardProxy.builder().connectPorts(443, 8443).connectPortRange(9000, 9010));
    assertNull(access.refuses(Sample.connect("example.com:443")));
    assertNull(access.refuses(Sample.connect("example.com:8443")));
    assertNull(access.refuses(Sample.connect("example.com:9005")));
    assertNotNull(access.refuses(Sample.connect("example.com:9011")));
  }

  @Test
  void connectLeadsToAnyPortIfAsked() {
    ForwardAccess access = access(ForwardProxy.builder().anyConnectPort());
    assertNull(access.refuses(Sample.connect("example.com:1")));
    assertNull(access.refuses(Sample.connect("example.com:65535")));
  }

  @Test
  void connectLeadsNowhereIfNoPortIsNamed() {
    ForwardAccess access = access(ForwardProxy.builder().connectPorts());
    assertNotNull(access.refuses(Sample.connect("example.com:443")));
    assertNull(access.refuses(Sample.get("http://example.com/")));
  }

  @ParameterizedTest(name = "http to {0}: {1}")
  @CsvSource({
    "'',true", ":80,true", ":1024,true", ":8080,true", ":65535,true",
    ":0,false", ":22,false", ":25,false", ":443,false", ":1023,false"
  })
  void httpGoesTo80AndToPortsOfNoOtherWellKnownService(String port, boolean allowed) {
    Failure failure = BY_DEFAULT.refuses(Sample.get("http://example.com" + port + "/"));
    assertSame(allowed ? null : ForwardAccess.HTTP_PORT, failure);
  }

  @Test
  void httpGoesToThePortsNamed() {
    ForwardAccess some =
        access(ForwardProxy.builder().httpPorts(81).httpPorts(82).httpPortRange(90, 99));
    assertNull(some.refuses(Sample.get("http://example.com:81/")));
    assertNull(some.refuses(Sample.get("http://example.com:82/")));
    assertNull(some.refuses(Sample.get("http://example.com:95/")));
    assertNotNull(some.refuses(Sample.get("http://example.com/")));
    ForwardAccess any = access(ForwardProxy.builder().anyHttpPort());
    assertNull(any.refuses(Sample.get("http://example.com:25/")));
    assertNotNull(any.refuses(Sample.get("http://example.com:0/")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[fd00:ec2::254]/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://app.localhost/"
      })
  void addressThatIsNotPublicIsRefusedBeforeAnythingIsLookedUp(String uri) {
    assertProhibited(BY_DEFAULT.refuses(Sample.get(uri)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:443", "[::1]:443", "localhost:443", "169.254.169.254:443"})
  void connectIsHeldToTheSameAddresses(String target) {
    assertProhibited(BY_DEFAULT.refuses(Sample.connect(target)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://127.0.0.1./",
        "http://%31%32%37.0.0.1/",
        "http://a+b.example/"
      })
  void hostThatIsNeitherNameNorAddressIsABadRequestWhateverIsAllowed(String uri) {
    ForwardAccess lenient = access(ForwardProxy.builder().allowPrivateDestinations().anyHttpPort());
    assertSame(ForwardAccess.BAD_HOST, BY_DEFAULT.refuses(Sample.get(uri)));
    assertSame(ForwardAccess.BAD_HOST, lenient.refuses(Sample.get(uri)));
    assertEquals(400, ForwardAccess.BAD_HOST.status());
  }

  @Test
  void addressThatANameResolvedToIsJudged() {
    assertProhibited(
        BY_DEFAULT.refuses(Sample.get("http://rebind.example/"), Sample.ip("127.0.0.1")));
    assertProhibited(
        BY_DEFAULT.refuses(Sample.connect("rebind.example:443"), Sample.ip("64:ff9b::10.0.0.1")));
  }

  @Test
  void privateDestinationsMayBeAllowed() {
    ForwardAccess access = access(ForwardProxy.builder().allowPrivateDestinations());
    assertNull(access.refuses(Sample.get("http://127.0.0.1:8080/")));
    assertNull(access.refuses(Sample.get("http://localhost:8080/")));
    assertNull(access.refuses(Sample.get("http://localhost:8080/"), Sample.ip("::1")));
    assertProhibited(access.refuses(Sample.get("http://0.0.0.0/")));
  }

  @Test
  void rangesMayBeAllowedAndDenied() {
    ForwardAccess access =
        access(
            ForwardProxy.builder()
                .allowAddresses("10.1.0.0/16", "127.0.0.1")
                .denyAddresses("10.1.9.0/24", "8.8.8.8"));
    assertNull(access.refuses(Sample.get("http://10.1.0.1/")));
    assertNull(access.refuses(Sample.get("http://localhost/")));
    assertProhibited(access.refuses(Sample.get("http://10.1.9.1/")));
    assertProhibited(access.refuses(Sample.get("http://8.8.8.8/")));
    assertProhibited(access.refuses(Sample.get("http://dns.example/"), Sample.ip("8.8.8.8")));
  }

  @Test
  void rulesDecideWhoMayAskForWhat() {
    ForwardAccess access =
        access(
            ForwardProxy.builder()
                .deny(fromClient("192.0.2.66"))
                .allow(to("*.example.com"))
                .allow(toAddress("1.1.1.0/24")));
    assertNull(access.refuses(Sample.get("http://www.example.com/")));
    assertNull(access.refuses(Sample.get("http://www.example.com/"), Sample.ip("8.8.8.8")));
    assertSame(
        ForwardAccess.NOT_ALLOWED,
        access.refuses(Sample.getFrom("192.0.2.66", "http://www.example.com/")));
    assertSame(ForwardAccess.NOT_ALLOWED, access.refuses(Sample.get("http://8.8.8.8/")));
    assertNull(access.refuses(Sample.get("http://1.1.1.1/")));
    assertNull(access.refuses(Sample.get("http://one.example/"), Sample.ip("1.1.1.1")));
    assertSame(
        ForwardAccess.NOT_ALLOWED,
        access.refuses(Sample.get("http://other.example/"), Sample.ip("8.8.8.8")));
    assertEquals(403, ForwardAccess.NOT_ALLOWED.status());
  }

  @Test
  void ruleThatAllowsLiftsNeitherPortsNorAddresses() {
    ForwardAccess access =
        access(
            ForwardProxy.builder()
                .allow(to("localhost"))
                .allow(to("10.0.0.1"))
                .allow(to("example.com").port(22)));
    assertProhibited(access.refuses(Sample.get("http://localhost/")));
    assertProhibited(access.refuses(Sample.get("http://10.0.0.1/")));
    assertSame(ForwardAccess.CONNECT_PORT, access.refuses(Sample.connect("example.com:22")));
  }

  /** What leads to 8.8.8.8 in a network whose translators have 2001:db8:64::/96. */
  private static final List<String> LEAD_TO_8_8_8_8 =
      List.of("64:ff9b::808:808", "2001:db8:64::808:808", "2002:808:808::1", "::ffff:0:808:808");

  private static ForwardProxy.Builder translated() {
    return ForwardProxy.builder().nat64Prefixes("2001:db8:64::/96");
  }

  @Test
  void aRuleThatDeniesAnAddressDeniesWhatLeadsThere() {
    ForwardAccess access =
        access(translated().deny(toAddress("8.8.8.0/24")).allow(RequestPattern.ANY));
    for (String address : LEAD_TO_8_8_8_8) {
      assertSame(
          ForwardAccess.NOT_ALLOWED,
          access.refuses(Sample.connect("[" + address + "]:443")),
          address);
      ClientRequest named = Sample.connect("n.example:443");
      assertNull(access.refuses(named));
      assertSame(ForwardAccess.NOT_ALLOWED, access.refuses(named, Sample.ip(address)), address);
    }
    assertNull(access.refuses(Sample.connect("[64:ff9b::808:908]:443")));
    assertNull(access.refuses(Sample.connect("[2001:db8:64::808:908]:443")));
  }

  @Test
  void aRuleThatDeniesATranslatorDeniesAllThatItTranslates() {
    ForwardAccess access =
        access(translated().deny(toAddress("2001:db8:64::/96")).allow(RequestPattern.ANY));
    assertSame(
        ForwardAccess.NOT_ALLOWED, access.refuses(Sample.connect("[2001:db8:64::808:808]:443")));
  }

  @ParameterizedTest(name = "{0} is allowed {1}: {2}")
  @CsvSource({
    "8.8.8.0/24, 8.8.8.8, true",
    "8.8.8.0/24, 2001:db8:64::808:808, true",
    "8.8.8.0/24, 2001:db8:64::808:908, false",
    "2001:db8:64::/96, 2001:db8:64::808:808, false",
    "8.8.8.0/24, 64:ff9b::808:808, false",
    "64:ff9b::/96, 64:ff9b::808:808, false",
    "2002::/16, 2002:808:808::1, false",
    "2606:4700::/32, 2606:4700::1, true",
  })
  void aRuleThatAllowsAnAddressAllowsWhatSurelyLeadsThere(
      String range, String address, boolean allowed) {
    ForwardAccess access = access(translated().allow(toAddress(range)));
    ClientRequest named = Sample.connect("n.example:443");
    assertSame(
        allowed ? null : ForwardAccess.NOT_ALLOWED, access.refuses(named, Sample.ip(address)));
  }

  @Test
  void aRuleThatAllowsBothAnAddressAndWhatLeadsThereAllowsIt() {
    ForwardAccess access =
        access(translated().allow(toAddress("8.8.8.0/24").toAddress("64:ff9b::/96")));
    ClientRequest named = Sample.connect("n.example:443");
    assertNull(access.refuses(named, Sample.ip("64:ff9b::808:808")));
    assertNotNull(access.refuses(named, Sample.ip("64:ff9b::808:908")));
  }

  @Test
  void aTunnelToAnAddressMustBeginWithTlsWhicheverWayItLeadsThere() {
    ForwardAccess access = access(translated().tlsTunnels(toAddress("8.8.8.0/24")));
    for (String address : LEAD_TO_8_8_8_8) {
      assertTrue(access.requiresTls(Sample.connect("n.example:443"), Sample.ip(address)), address);
    }
    assertFalse(access.requiresTls(Sample.connect("n.example:443"), Sample.ip("64:ff9b::808:908")));
  }

  private static ForwardAccess reporting(WouldBeRefusals refusals, AccessRule... rules) {
    return new ForwardAccess(
        new AccessRules(
            List.of(rules), new RequestMatchers(InstantSource.system(), EmbeddedIpv4.WELL_KNOWN)),
        ForwardProxySettings.DEFAULT_CONNECT_PORTS,
        ForwardProxySettings.DEFAULT_HTTP_PORTS,
        new AddressRules(false, List.of(), List.of(), List.of()),
        refusals,
        List.of());
  }

  @Test
  void rulesThatOnlyReportStillRefusePortsAndAddresses() {
    WouldBeRefusals refusals = new WouldBeRefusals(List.of());
    ForwardAccess access = reporting(refusals);
    assertNull(access.refuses(Sample.get("http://8.8.8.8/")));
    assertEquals(new AccessReport(1, 1, 0), refusals.report());
    assertProhibited(access.refuses(Sample.get("http://127.0.0.1/")));
    assertProhibited(access.refuses(Sample.get("http://localhost/")));
    assertProhibited(access.refuses(Sample.get("http://a.example/"), Sample.ip("10.0.0.1")));
    assertSame(ForwardAccess.CONNECT_PORT, access.refuses(Sample.connect("a.example:22")));
    assertSame(ForwardAccess.BAD_HOST, access.refuses(Sample.get("http://127.1/")));
    assertEquals(new AccessReport(1, 1, 0), refusals.report());
  }

  @Test
  void eachRefusalIsReportedWhereItIsDecided() {
    WouldBeRefusals refusals = new WouldBeRefusals(List.of());
    ForwardAccess access =
        reporting(
            refusals, new AccessRule(AccessRule.Action.ALLOW, toAddress("1.1.1.0/24").port(80)));
    ClientRequest undecided = Sample.get("http://a.example/");
    assertNull(access.refuses(undecided));
    assertEquals(0, refusals.report().refusals());
    assertNull(access.refuses(undecided, Sample.ip("1.1.1.1")));
    assertEquals(0, refusals.report().refusals());
    assertNull(access.refuses(undecided, Sample.ip("8.8.8.8")));
    assertEquals(1, refusals.report().refusals());
    ClientRequest refused = Sample.get("http://a.example:8080/");
    assertNull(access.refuses(refused));
    assertNull(access.refuses(refused, Sample.ip("8.8.8.8")));
    assertEquals(2, refusals.report().refusals(), "only when it was decided");
  }

  @Test
  void addressThatWillNotBeKnownIsARefusal() {
    AccessRule rule = new AccessRule(AccessRule.Action.ALLOW, toAddress("1.1.1.0/24"));
    ForwardAccess access = access(ForwardProxy.builder().rules(List.of(rule)));
    assertTrue(access.refusesUnresolved(Sample.get("http://a.example/")));
    assertFalse(access.refusesUnresolved(Sample.get("http://1.1.1.1/")));
    assertFalse(BY_DEFAULT.refusesUnresolved(Sample.get("http://a.example/")));
    WouldBeRefusals refusals = new WouldBeRefusals(List.of());
    assertFalse(reporting(refusals, rule).refusesUnresolved(Sample.get("http://a.example/")));
    assertEquals(new AccessReport(1, 1, 0), refusals.report());
    assertEquals(List.of(), refusals.learned());
  }
}
