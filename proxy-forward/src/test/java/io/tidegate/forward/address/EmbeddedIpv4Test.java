package io.tidegate.forward.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.forward.Sample;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedIpv4Test {
  @ParameterizedTest(name = "{0} embeds {1}")
  @CsvSource(
      textBlock =
          """
          10.0.0.1,                           ''
          ::ffff:10.0.0.1,                    ''
          2a00:1450::1,                       ''
          ::,                                 ''
          ::1,                                ''
          ::1.2.3.4,                          1.2.3.4
          ::ffff:0:1.2.3.4,                   1.2.3.4
          64:ff9b::1.2.3.4,                   1.2.3.4
          2002:102:304::1,                    1.2.3.4
          2001:0:506:708::fefd:fcfb,          5.6.7.8 1.2.3.4
          2a00:1450::5efe:1.2.3.4,            1.2.3.4
          2002:506:708::5efe:1.2.3.4,         5.6.7.8 1.2.3.4
          64:ff9b:1:102:3:400::,              1.2.3.4 2.3.4.0 3.4.0.0
          """)
  void everyAddressOnTheWayIsFound(String address, String expected) {
    List<String> found =
        EmbeddedIpv4.WELL_KNOWN.in(Sample.ip(address)).stream()
            .map(InetAddress::getHostAddress)
            .toList();
    assertEquals(expected, String.join(" ", found));
  }
}
