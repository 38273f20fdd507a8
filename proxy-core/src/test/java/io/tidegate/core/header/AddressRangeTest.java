package io.tidegate.core.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
  @ParameterizedTest(name = "{0} holds {1}: {2}")
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0, true",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, 9.255.255.255, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.128/25, 192.0.2.200, true",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 10.0.0.1, false",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "fc00::/7, fd12::1, true",
    "fc00::/7, fe00::1, false",
    "::1, ::1, true",
    "::1, ::2, false",
    "::ffff:10.0.0.0/104, 10.1.2.3, true",
    "::ffff:10.0.0.0/104, 11.1.2.3, false",
    "::ffff:192.0.2.7, 192.0.2.7, true",
    "::ffff:0.0.0.0/96, 203.0.113.9, true",
  })
  void holdsTheAddressesWithItsPrefix(String range, String address, boolean expected) {
    assertEquals(expected, AddressRange.parse(range).contains(Ip.parse(address)));
  }

  @Test
  void anIpv4MappedAddressIsTheIpv4AddressItHolds() throws UnknownHostException {
    byte[] octets = new byte[16];
    octets[10] = -1;
    octets[11] = -1;
    octets[12] = 10;
    octets[15] = 1;
    InetAddress mapped = Inet6Address.getByAddress("", octets, 0);
    assertTrue(AddressRange.parse("10.0.0.0/8").contains(mapped));
    assertFalse(AddressRange.parse("11.0.0.0/8").contains(mapped));
    assertFalse(AddressRange.parse("::/0").contains(mapped));
    octets[3] = 1;
    assertTrue(AddressRange.parse("::/0").contains(Inet6Address.getByAddress("", octets, 0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "example.com",
        "example.com/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/1000",
        "10.0.0/8",
        "010.0.0.0/8",
        "10.0.0.1/8",
        "::/129",
        "2001:db8::1/32",
        "::ffff:10.0.0.0/95",
        "[::1]",
        "[::1]/128",
        "fe80::1%eth0",
      })
  void anythingButARangeIsRefusedWithASentence(String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(text));
    assertTrue(
        refusal.getMessage().startsWith("address range: " + text + " (expected: "),
        refusal.getMessage());
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "192.0.2.7, 192.0.2.7/32",
    "2001:DB8:0:0::/32, 2001:db8::/32",
    "::1, ::1/128",
    "::/0, ::/0",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3/128",
    "1:0:2:0:3:0:4:0, 1:0:2:0:3:0:4:0/128",
    "1::, 1::/128",
    "::ffff:10.0.0.0/104, 10.0.0.0/8",
  })
  void hasOneSpellingThatParsesToTheSame(String text, String expected) {
    AddressRange range = AddressRange.parse(text);
    assertEquals(expected, range.toString());
    assertEquals(range, AddressRange.parse(expected));
    assertEquals(range.hashCode(), AddressRange.parse(expected).hashCode());
  }

  @Test
  void allThatIsNoRangeIsNoted() {
    Checks checks = new Checks();
    List<String> texts = List.of("10.0.0.0/8", "10.0.0.1/8", "::1", "a");
    assertEquals(
        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1")),
        AddressRange.parse("from", texts, checks));
    List<String> problems = assertThrows(InvalidSettingsException.class, checks::done).problems();
    assertEquals(2, problems.size());
    assertEquals(
        "from: address range: 10.0.0.1/8 (expected: no address bits beyond the prefix)",
        problems.get(0));
  }

  @Test
  void rangesOfAnotherLengthOrAddressDiffer() {
    assertNotEquals(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("10.0.0.0/9"));
    assertNotEquals(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("11.0.0.0/8"));
  }
}
