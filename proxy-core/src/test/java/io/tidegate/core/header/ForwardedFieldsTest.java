package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Ip;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedFieldsTest {
  private static final String STRANGER = "203.0.113.9";
  private static final String FRIEND = "10.0.0.2";
  private static final Authority SHOP = new Authority("shop.example", -1);
  private static final Authority SHOP_8443 = new Authority("shop.example", 8443);
  private static final Authority NO_HOST = new Authority("", -1);

  private static final String[] CLAIMS = {
    "X-Forwarded-For", "198.51.100.1",
    "x-forwarded-for", "198.51.100.2",
    "X-Forwarded-Proto", "https",
    "X-FORWARDED-HOST", "public.example",
    "X-Forwarded-Port", "444",
    "X-Forwarded-Prefix", "/p",
    "X-Forwarded-Anything", "a",
    "X-Real-IP", "198.51.100.1",
    "Forwarded", "for=198.51.100.1",
    "X-Forward", "mine",
    "X-Real", "mine",
    "Accept", "*/*",
  };

  private static Fields applied(
      ForwardedMode mode, String client, boolean secure, Authority authority, String... received) {
    ForwardedFields forwarded =
        new ForwardedFields(mode, List.of(AddressRange.parse("10.0.0.0/8")));
    FieldEdits edits = new FieldEdits(Fields.of(received));
    forwarded.apply(edits, client == null ? null : Ip.parse(client), secure, authority);
    return edits.toFields();
  }

  private static List<String> all(Fields fields, String name) {
    return fields.all(FieldName.of(name));
  }

  private static String first(Fields fields, String name) {
    return fields.first(FieldName.of(name));
  }

  @Test
  void theUpstreamLearnsAddressSchemeHostAndPort() {
    Fields fields = applied(ForwardedMode.X_FORWARDED, STRANGER, true, SHOP_8443);
    assertEquals(List.of(STRANGER), all(fields, "X-Forwarded-For"));
    assertEquals(List.of("https"), all(fields, "X-Forwarded-Proto"));
    assertEquals(List.of("shop.example:8443"), all(fields, "X-Forwarded-Host"));
    assertEquals(List.of("8443"), all(fields, "X-Forwarded-Port"));
    assertEquals(4, fields.size());
  }

  @ParameterizedTest(name = "secure {0}: port {1}")
  @CsvSource({"false, 80", "true, 443"})
  void withoutAPortInTheAuthorityItIsTheSchemes(boolean secure, String port) {
    Fields fields = applied(ForwardedMode.X_FORWARDED, STRANGER, secure, SHOP);
    assertEquals(port, first(fields, "X-Forwarded-Port"));
  }

  @Test
  void withoutAHostThereIsNoXForwardedHost() {
    Fields fields = applied(ForwardedMode.BOTH, STRANGER, false, NO_HOST);
    assertEquals(List.of(), all(fields, "X-Forwarded-Host"));
    assertEquals("for=203.0.113.9;proto=http", first(fields, "Forwarded"));
  }

  @Test
  void whatAStrangerClaimsIsReplaced() {
    Fields fields = applied(ForwardedMode.X_FORWARDED, STRANGER, false, SHOP, CLAIMS);
    assertEquals(
        Fields.of(
                "X-Forward", "mine",
                "X-Real", "mine",
                "Accept", "*/*",
                "X-Forwarded-For", STRANGER,
                "X-Forwarded-Proto", "http",
                "X-Forwarded-Host", "shop.example",
                "X-Forwarded-Port", "80")
            .toString(),
        fields.toString());
    assertEquals(List.of(STRANGER), all(fields, "X-Forwarded-For"));
    assertEquals(List.of("shop.example"), all(fields, "X-Forwarded-Host"));
  }

  @ParameterizedTest
  @EnumSource(ForwardedMode.class)
  void noClaimOfAStrangerSurvivesInAnyMode(ForwardedMode mode) {
    Fields fields = applied(mode, STRANGER, false, SHOP, CLAIMS);
    for (int i = 0; i < fields.size(); i++) {
      assertFalse(fields.value(i).contains("198.51.100"), fields.name(i));
      assertFalse(fields.value(i).contains("public"), fields.name(i));
    }
  }

  @Test
  void whatATrustedClientSaysIsContinued() {
    Fields fields = applied(ForwardedMode.X_FORWARDED, FRIEND, false, SHOP, CLAIMS);
    assertEquals(List.of("198.51.100.1, 198.51.100.2, 10.0.0.2"), all(fields, "X-Forwarded-For"));
    assertEquals(List.of("https"), all(fields, "X-Forwarded-Proto"));
    assertEquals(List.of("public.example"), all(fields, "X-Forwarded-Host"));
    assertEquals(List.of("444"), all(fields, "X-Forwarded-Port"));
    assertEquals(List.of("/p"), all(fields, "X-Forwarded-Prefix"));
    assertEquals(List.of("198.51.100.1"), all(fields, "X-Real-IP"));
  }

  @Test
  void whatATrustedClientLeavesOutIsMade() {
    Fields fields = applied(ForwardedMode.X_FORWARDED, FRIEND, false, SHOP_8443);
    assertEquals(FRIEND, first(fields, "X-Forwarded-For"));
    assertEquals("http", first(fields, "X-Forwarded-Proto"));
    assertEquals("shop.example:8443", first(fields, "X-Forwarded-Host"));
    assertEquals("8443", first(fields, "X-Forwarded-Port"));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "X-Forwarded-Proto, https, 443",
    "X-Forwarded-Host, public.example:81, 81",
    "X-Forwarded-Host, public.example, 80",
  })
  void aPortOfOurOwnFitsWhatATrustedClientSays(String name, String value, String port) {
    Fields fields = applied(ForwardedMode.X_FORWARDED, FRIEND, false, SHOP, name, value);
    assertEquals(port, first(fields, "X-Forwarded-Port"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {"X-Forwarded-Host | a.example, b.example", "X-Forwarded-Proto | https, http"})
  void noPortIsMadeUpForAListOfHostsOrSchemes(String name, String value) {
    Fields fields = applied(ForwardedMode.X_FORWARDED, FRIEND, false, SHOP, name, value);
    assertEquals(List.of(value), all(fields, name));
    assertEquals(List.of(), all(fields, "X-Forwarded-Port"));
  }

  @Test
  void withoutAHostATrustedClientGetsNoneMade() {
    Fields fields = applied(ForwardedMode.X_FORWARDED, FRIEND, false, NO_HOST);
    assertEquals(List.of(), all(fields, "X-Forwarded-Host"));
  }

  @Test
  void theFamilyThatTheModeLeavesOutIsNotBelievedFromAnyone() {
    assertEquals(
        List.of(),
        all(applied(ForwardedMode.X_FORWARDED, FRIEND, false, SHOP, CLAIMS), "Forwarded"));
    Fields standard = applied(ForwardedMode.FORWARDED, FRIEND, false, SHOP, CLAIMS);
    assertEquals(List.of(), all(standard, "X-Forwarded-For"));
    assertEquals(List.of(), all(standard, "X-Real-IP"));
    assertEquals(
        List.of("for=198.51.100.1, for=10.0.0.2;host=shop.example;proto=http"),
        all(standard, "Forwarded"));
  }

  @Test
  void modeOffRemovesBothFamiliesAndMakesNone() {
    Fields fields = applied(ForwardedMode.OFF, FRIEND, false, SHOP, CLAIMS);
    assertEquals("[X-Forward, X-Real, Accept]", fields.toString());
  }

  @Test
  void modeBothMakesBothFamilies() {
    Fields fields = applied(ForwardedMode.BOTH, STRANGER, true, SHOP_8443, CLAIMS);
    assertEquals(STRANGER, first(fields, "X-Forwarded-For"));
    assertEquals(
        List.of("for=203.0.113.9;host=\"shop.example:8443\";proto=https"),
        all(fields, "Forwarded"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X_Forwarded_For",
        "X-Forwarded_For",
        "x_forwarded-for",
        "X_FORWARDED_PROTO",
        "X_Real_IP",
        "X-Real_IP"
      })
  void namesSpelledWithUnderscoresAreBelievedFromNobody(String name) {
    assertEquals(
        List.of(),
        all(applied(ForwardedMode.X_FORWARDED, FRIEND, false, SHOP, name, "198.51.100.1"), name));
  }

  @Test
  void anIpv6AddressIsShortAndQuotedWhereItIsNoToken() {
    Fields fields =
        applied(
            ForwardedMode.BOTH, "2001:db8:0:0:0:0:0:1", false, new Authority("[2001:db8::2]", -1));
    assertEquals("2001:db8::1", first(fields, "X-Forwarded-For"));
    assertEquals("[2001:db8::2]", first(fields, "X-Forwarded-Host"));
    assertEquals(
        "for=\"[2001:db8::1]\";host=\"[2001:db8::2]\";proto=http", first(fields, "Forwarded"));
  }

  @Test
  void theZoneOfAnAddressStaysHere() throws UnknownHostException {
    byte[] octets = Ip.parse("fe80::1").getAddress();
    InetAddress zoned = Inet6Address.getByAddress(null, octets, 3);
    assertEquals("fe80::1", AddressText.of(zoned));
  }

  @Test
  void aClientWithoutAddressIsUnknownAndNotTrusted() {
    Fields fields = applied(ForwardedMode.BOTH, null, false, SHOP, CLAIMS);
    assertEquals(List.of("unknown"), all(fields, "X-Forwarded-For"));
    assertEquals("for=unknown;host=shop.example;proto=http", first(fields, "Forwarded"));
  }

  @Test
  void onlyClientsInTheRangesAreTrusted() {
    ForwardedFields forwarded =
        new ForwardedFields(
            ForwardedMode.BOTH,
            List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")));
    assertTrue(forwarded.trusts(Ip.parse("10.1.1.1")));
    assertTrue(forwarded.trusts(Ip.parse("fd00::1")));
    assertFalse(forwarded.trusts(Ip.parse("11.1.1.1")));
    assertFalse(forwarded.trusts(null));
  }
}
