package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "127.0.0.1, 127.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "10.20.30.249, 10.20.30.249",
    "::, 0:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "1::, 1:0:0:0:0:0:0:0",
    "[::1], 0:0:0:0:0:0:0:1",
    "2001:DB8::a:0b, 2001:db8:0:0:0:0:a:b",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "64:ff9b::192.0.2.1, 64:ff9b:0:0:0:0:c000:201",
    "1:2:3:4:5:6:192.0.2.1, 1:2:3:4:5:6:c000:201",
    "fe80::ffff:ffff, fe80:0:0:0:0:0:ffff:ffff",
  })
  void isWhatTheLiteralSpells(String literal, String address) {
    InetAddress parsed = Ip.parse(literal);
    assertEquals(address, parsed == null ? null : parsed.getHostAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "1",
        "2130706433",
        "127.1",
        "127.0.1",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.04",
        "00.0.0.0",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "256.0.0.1",
        "1.2.3.1000",
        "+1.2.3.4",
        "1.2.3.-4",
        "1.2.3.4 ",
        "1.2.3.a",
        "\u0661.2.3.4",
        "example.com"
      })
  void otherSpellingsOfIpv4AreNames(String text) {
    assertNull(Ip.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":",
        ":::",
        "1:::2",
        "1::2::3",
        ":1",
        "1:",
        ":1::2",
        "1::2:",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "12345::",
        "::g",
        "::-1",
        "::1%eth0",
        "::1%25eth0",
        "::1/128",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "::1.2.3",
        "::01.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "[]",
        "[::1",
        "::1]",
        "[[::1]]"
      })
  void malformedIpv6IsNoAddress(String text) {
    assertNull(Ip.parse(text));
  }

  @Test
  void anIpv4AddressMappedIntoIpv6IsTheIpv4Address() {
    assertInstanceOf(Inet4Address.class, Ip.parse("::ffff:127.0.0.1"));
    assertInstanceOf(Inet4Address.class, Ip.parse("[0:0:0:0:0:FFFF:7f00:1]"));
  }
}
