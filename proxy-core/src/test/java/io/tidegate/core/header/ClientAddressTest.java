package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
  private static final List<AddressRange> TRUSTED =
      List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8"));

  private static String client(ForwardedMode mode, String peer, String... fields) {
    InetAddress address =
        ClientAddress.of(new ForwardedFields(mode, TRUSTED), Fields.of(fields), Ip.parse(peer));
    return address == null ? "unknown" : AddressText.of(address);
  }

  @ParameterizedTest(name = "X-Forwarded-For: {1} from {0} is {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.9 | 198.51.100.1            | 203.0.113.9",
        "10.0.0.1    | 198.51.100.1            | 198.51.100.1",
        "10.0.0.1    | 6.6.6.6, 198.51.100.1   | 198.51.100.1",
        "10.0.0.1    | 198.51.100.1, 10.0.0.2  | 198.51.100.1",
        "10.0.0.1    | 6.6.6.6, 198.51.100.1, 10.0.0.3, 10.0.0.2 | 198.51.100.1",
        "10.0.0.1    | 10.0.0.3, 10.0.0.2      | 10.0.0.3",
        "10.0.0.1    | 198.51.100.1:5000       | 198.51.100.1",
        "10.0.0.1    | 2001:db8::7             | 2001:db8::7",
        "10.0.0.1    | [2001:db8::7]:80        | 2001:db8::7",
        "fd00::1     | [2001:db8::7]           | 2001:db8::7",
        "10.0.0.1    | ::ffff:198.51.100.1     | 198.51.100.1",
        "10.0.0.1    | ,, 198.51.100.1 ,       | 198.51.100.1",
        "10.0.0.1    | unknown                 | unknown",
        "10.0.0.1    | 6.6.6.6, host.example   | unknown",
        "10.0.0.1    | [2001:db8::7            | unknown",
        "10.0.0.1    | [2001:db8::7]x          | unknown",
        "10.0.0.1    | \"6.6.6.6, 198.51.100.1  | 198.51.100.1",
      })
  void theClientIsTheLastOneThatIsNotTrusted(String peer, String forwardedFor, String client) {
    assertEquals(client, client(ForwardedMode.X_FORWARDED, peer, "X-Forwarded-For", forwardedFor));
  }

  @ParameterizedTest(name = "Forwarded: {0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "for=198.51.100.1;proto=https            | 198.51.100.1",
        "proto=https; FOR=198.51.100.1           | 198.51.100.1",
        "for=6.6.6.6, for=198.51.100.1           | 198.51.100.1",
        "for=198.51.100.1, for=10.0.0.2          | 198.51.100.1",
        "for=\"[2001:db8::7]:80\"                | 2001:db8::7",
        "host=\"a, for=6.6.6.6;b\";for=198.51.100.1 | 198.51.100.1",
        "for=_hidden                             | unknown",
        "for=unknown                             | unknown",
        "proto=https                             | unknown",
        "for=\"6.6.6.6, for=198.51.100.1         | unknown",
        "for=6.6.6.6;by=\"\\, for=198.51.100.1   | unknown",
      })
  void forwardedIsReadTheSameWay(String forwarded, String client) {
    assertEquals(client, client(ForwardedMode.FORWARDED, "10.0.0.1", "Forwarded", forwarded));
  }

  @Test
  void linesOfAFieldAreOneList() {
    assertEquals(
        "198.51.100.1",
        client(
            ForwardedMode.X_FORWARDED,
            "10.0.0.1",
            "X-Forwarded-For",
            "198.51.100.1",
            "X-Forwarded-For",
            "10.0.0.2"));
  }

  @Test
  void withoutAFieldATrustedProxyIsTheClient() {
    assertEquals("10.0.0.1", client(ForwardedMode.BOTH, "10.0.0.1"));
  }

  @ParameterizedTest
  @CsvSource({
    "X_FORWARDED, 198.51.100.1",
    "FORWARDED, 198.51.100.2",
    "BOTH, unknown",
    "OFF, 10.0.0.1",
  })
  void onlyTheFamilyOfTheModeIsBelieved(ForwardedMode mode, String client) {
    assertEquals(
        client,
        client(
            mode, "10.0.0.1", "Forwarded", "for=198.51.100.2", "X-Forwarded-For", "198.51.100.1"));
  }

  @Test
  void bothFamiliesAreBelievedIfTheyAgree() {
    assertEquals(
        "198.51.100.1",
        client(
            ForwardedMode.BOTH,
            "10.0.0.1",
            "Forwarded",
            "for=192.0.2.9, for=198.51.100.1",
            "X-Forwarded-For",
            "198.51.100.1"));
  }

  @Test
  void aConnectionWithoutAddressIsNobodys() {
    assertNull(
        ClientAddress.of(
            new ForwardedFields(ForwardedMode.BOTH, TRUSTED),
            Fields.of("X-Forwarded-For", "198.51.100.1"),
            null));
  }
}
