package io.tidegate.forward.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tidegate.forward.Sample;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressClassTest {
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      textBlock =
          """
          1.1.1.1,          PUBLIC
          8.8.8.8,          PUBLIC
          0.0.0.0,          UNSPECIFIED
          0.0.0.1,          UNSPECIFIED
          0.255.255.255,    UNSPECIFIED
          1.0.0.0,          PUBLIC
          9.255.255.255,    PUBLIC
          10.0.0.0,         PRIVATE
          10.255.255.255,   PRIVATE
          11.0.0.0,         PUBLIC
          100.63.255.255,   PUBLIC
          100.64.0.0,       SHARED
          100.127.255.255,  SHARED
          100.128.0.0,      PUBLIC
          100.100.100.200,  METADATA
          126.255.255.255,  PUBLIC
          127.0.0.1,        LOOPBACK
          127.0.0.2,        LOOPBACK
          127.255.255.255,  LOOPBACK
          128.0.0.0,        PUBLIC
          168.63.129.15,    PUBLIC
          168.63.129.16,    METADATA
          169.253.255.255,  PUBLIC
          169.254.0.0,      LINK_LOCAL
          169.254.169.253,  LINK_LOCAL
          169.254.169.254,  METADATA
          169.254.170.2,    METADATA
          169.254.255.255,  LINK_LOCAL
          169.255.0.0,      PUBLIC
          172.15.255.255,   PUBLIC
          172.16.0.0,       PRIVATE
          172.31.255.255,   PRIVATE
          172.32.0.0,       PUBLIC
          191.255.255.255,  PUBLIC
          192.0.0.0,        PROTOCOL
          192.0.0.192,      METADATA
          192.0.0.255,      PROTOCOL
          192.0.1.0,        PUBLIC
          192.0.2.0,        DOCUMENTATION
          192.0.2.255,      DOCUMENTATION
          192.0.3.0,        PUBLIC
          192.88.98.255,    PUBLIC
          192.88.99.1,      RELAY
          192.88.100.0,     PUBLIC
          192.167.255.255,  PUBLIC
          192.168.0.0,      PRIVATE
          192.168.255.255,  PRIVATE
          192.169.0.0,      PUBLIC
          198.17.255.255,   PUBLIC
          198.18.0.0,       BENCHMARK
          198.19.255.255,   BENCHMARK
          198.20.0.0,       PUBLIC
          198.51.100.7,     DOCUMENTATION
          198.51.101.0,     PUBLIC
          203.0.113.7,      DOCUMENTATION
          203.0.114.0,      PUBLIC
          223.255.255.255,  PUBLIC
          224.0.0.1,        MULTICAST
          239.255.255.255,  MULTICAST
          240.0.0.1,        RESERVED
          255.255.255.254,  RESERVED
          255.255.255.255,  BROADCAST
          """)
  void ipv4AddressesHaveTheClassOfTheirBlock(String address, AddressClass expected) {
    assertEquals(expected, AddressClass.of(Sample.ip(address)));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      textBlock =
          """
          2606:4700:4700::1111,                     PUBLIC
          2a00:1450:4001:80e::200e,                 PUBLIC
          2000::,                                   PUBLIC
          3ffe::1,                                  PUBLIC
          ::,                                       UNSPECIFIED
          ::1,                                      LOOPBACK
          100::,                                    DISCARD
          100::ffff,                                DISCARD
          100:0:0:1::,                              RESERVED
          2001:1::1,                                PROTOCOL
          2001:2::1,                                BENCHMARK
          2001:2:1::1,                              PROTOCOL
          2001:10::1,                               ORCHID
          2001:1f:ffff::,                           ORCHID
          2001:20::1,                               ORCHID
          2001:2f:ffff::,                           ORCHID
          2001:30::1,                               PROTOCOL
          2001:1ff:ffff::,                          PROTOCOL
          2001:200::1,                              PUBLIC
          2001:db7:ffff::,                          PUBLIC
          2001:db8::1,                              DOCUMENTATION
          2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,   DOCUMENTATION
          2001:db9::,                               PUBLIC
          3ffe:ffff::,                              PUBLIC
          3fff::1,                                  DOCUMENTATION
          3fff:fff:ffff::,                          DOCUMENTATION
          3fff:1000::,                              PUBLIC
          4000::,                                   RESERVED
          5f00::1,                                  RESERVED
          1fff::1,                                  RESERVED
          0:0:1::1,                                 RESERVED
          fbff::1,                                  RESERVED
          fc00::1,                                  PRIVATE
          fd00::1,                                  PRIVATE
          fdff:ffff::1,                             PRIVATE
          fd00:ec2::253,                            PRIVATE
          fd00:ec2::254,                            METADATA
          fd20:ce::254,                             METADATA
          fe00::1,                                  RESERVED
          fe80::1,                                  LINK_LOCAL
          febf::1,                                  LINK_LOCAL
          fec0::1,                                  SITE_LOCAL
          feff::1,                                  SITE_LOCAL
          ff02::1,                                  MULTICAST
          ff0e::1,                                  MULTICAST
          """)
  void ipv6AddressesHaveTheClassOfTheirBlock(String address, AddressClass expected) {
    assertEquals(expected, AddressClass.of(Sample.ip(address)));
  }

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource(
      textBlock =
          """
          mapped,             ::ffff:10.0.0.1,                          PRIVATE
          mapped,             ::ffff:127.0.0.1,                         LOOPBACK
          mapped,             ::ffff:169.254.169.254,                   METADATA
          mapped,             ::ffff:0.0.0.0,                           UNSPECIFIED
          mapped,             ::ffff:8.8.8.8,                           PUBLIC
          mapped in hex,      ::ffff:7f00:1,                            LOOPBACK
          compatible,         ::10.0.0.1,                               PRIVATE
          compatible,         ::127.0.0.1,                              LOOPBACK
          compatible,         ::8.8.8.8,                                PUBLIC
          compatible,         ::2,                                      UNSPECIFIED
          translated,         ::ffff:0:10.0.0.1,                        PRIVATE
          translated,         ::ffff:0:127.0.0.1,                       LOOPBACK
          translated,         ::ffff:0:0.0.0.0,                         UNSPECIFIED
          translated,         ::ffff:0:8.8.8.8,                         PUBLIC
          near translated,    ::fffe:0:8.8.8.8,                         RESERVED
          NAT64,              64:ff9b::10.0.0.1,                        PRIVATE
          NAT64,              64:ff9b::127.0.0.1,                       LOOPBACK
          NAT64,              64:ff9b::169.254.169.254,                 METADATA
          NAT64,              64:ff9b::a9fe:a9fe,                       METADATA
          NAT64,              64:ff9b::8.8.8.8,                         PUBLIC
          NAT64,              64:ff9b::0.0.0.0,                         UNSPECIFIED
          near NAT64,         64:ff9b::1:8.8.8.8,                       RESERVED
          site NAT64 /96,     64:ff9b:1::10.0.0.1,                      PRIVATE
          site NAT64 /96,     64:ff9b:1::169.254.169.254,               METADATA
          site NAT64 /96,     64:ff9b:1::8.8.8.8,                       PUBLIC
          site NAT64 /96,     64:ff9b:1:808::127.0.0.1,                 LOOPBACK
          site NAT64 in doubt, 64:ff9b:1:fffe::8.8.8.8,                 RESERVED
          site NAT64 /48,     64:ff9b:1:a00:0:100::,                    PRIVATE
          site NAT64 /48,     64:ff9b:1:808:8:800::,                    PUBLIC
          site NAT64 /48 and more behind it, 64:ff9b:1:a00:0:100:808:808, PRIVATE
          site NAT64 /56,     64:ff9b:1:7f:0:1::,                       LOOPBACK
          site NAT64 /56,     64:ff9b:1:8:8:808::,                      PUBLIC
          site NAT64 /64,     64:ff9b:1:0:a:0:100:0,                    PRIVATE
          site NAT64 /64,     64:ff9b:1:0:8:808:800:0,                  PUBLIC
          site NAT64 empty,   64:ff9b:1::,                              UNSPECIFIED
          6to4,               2002:a00:1::1,                            PRIVATE
          6to4,               2002:7f00:1::,                            LOOPBACK
          6to4,               2002:a9fe:a9fe::1,                        METADATA
          6to4,               2002:c0a8:101::1,                         PRIVATE
          6to4,               2002:e000:1::1,                           MULTICAST
          6to4,               2002:808:808::808:808,                    PUBLIC
          Teredo client,      2001:0:808:808:0:0:f5ff:fffe,             PRIVATE
          Teredo client,      2001:0:808:808:0:0:80ff:fffe,             LOOPBACK
          Teredo client,      2001:0:808:808:0:0:5601:5601,             METADATA
          Teredo server,      2001:0:a00:1:0:0:f7f7:f7f7,               PRIVATE
          Teredo,             2001:0:808:808:0:0:f7f7:f7f7,             PUBLIC
          ISATAP,             2a00:1450::5efe:10.0.0.1,                 PRIVATE
          ISATAP,             2a00:1450::200:5efe:127.0.0.1,            LOOPBACK
          ISATAP,             2a00:1450::300:5efe:192.168.0.1,          PRIVATE
          ISATAP,             2a00:1450::5efe:8.8.8.8,                  PUBLIC
          ISATAP link-local,  fe80::5efe:8.8.8.8,                       LINK_LOCAL
          ISATAP multicast,   fd00::5efe:224.0.0.1,                     MULTICAST
          near ISATAP,        2a00:1450::400:5efe:10.0.0.1,             PUBLIC
          """)
  void embeddedIpv4AddressesAreJudgedToo(String form, String address, AddressClass expected) {
    assertEquals(expected, AddressClass.of(Sample.ip(address)), form);
  }

  @Test
  void mappedAddressThatStayedIpv6IsTheIpv4AddressItHolds() throws UnknownHostException {
    byte[] octets = new byte[16];
    octets[10] = -1;
    octets[11] = -1;
    octets[12] = 127;
    octets[15] = 1;
    InetAddress address = Inet6Address.getByAddress(null, octets, -1);
    assertInstanceOf(Inet6Address.class, address);
    assertEquals(AddressClass.LOOPBACK, AddressClass.of(address));
  }
}
