package io.tidegate.forward.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.http.Authority;
import io.tidegate.forward.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetHostTest {
  @ParameterizedTest(name = "{0} is the name {1}")
  @CsvSource(
      textBlock =
          """
          example.com,                example.com
          EXAMPLE.Com,                example.com
          example.com.,               example.com
          a,                          a
          xn--bcher-kva.example,      xn--bcher-kva.example
          _acme.example.com,          _acme.example.com
          r4---sn-x.example,          r4---sn-x.example
          127.0.0.1.nip.example,      127.0.0.1.nip.example
          0x7f.example,               0x7f.example
          1e100.net,                  1e100.net
          example.0xyz,               example.0xyz
          example.1a,                 example.1a
          """)
  void namesHaveOneSpelling(String host, String name) {
    TargetHost target = Sample.host(host);
    assertEquals(name, target.name());
    assertNull(target.address());
  }

  @ParameterizedTest(name = "{0} is the address {1}")
  @CsvSource(
      textBlock =
          """
          203.0.113.7,              203.0.113.7
          [2001:DB8::7],            2001:db8:0:0:0:0:0:7
          [2001:db8:0::0:7],        2001:db8:0:0:0:0:0:7
          [::ffff:203.0.113.7],     203.0.113.7
          """)
  void literalsHaveOneSpelling(String host, String name) {
    TargetHost target = Sample.host(host);
    assertEquals(name, target.name());
    assertEquals(Sample.ip(host), target.address());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f.1",
        "0X7F.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0",
        "0x",
        "127.0.0.0x1",
        "127.0.0.0x",
        "127.0.0.01",
        "127.0.0.1.",
        "127.0.0.256",
        "127.0.0.1.1",
        "example.1",
        "1.2.3.4.5.6"
      })
  void hostThatSomeReaderTakesForANumberIsNeitherNameNorAddress(String host) {
    assertNull(TargetHost.of(Sample.authority(host)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "..",
        ".example.com",
        "example..com",
        "example.com..",
        "%31%32%37.0.0.1",
        "127.0.0.1%00.example",
        "exa%6dple.com",
        "a+b.example",
        "a*b.example",
        "a~b.example",
        "a!b.example",
        "a'b.example",
        "a;b.example",
        "a=b.example"
      })
  void hostThatDnsDoesNotKnowIsNeitherNameNorAddress(String host) {
    assertNull(TargetHost.of(Sample.authority(host)));
  }

  @Test
  void emptyHostIsNone() {
    assertNull(TargetHost.of(new Authority("", -1)));
  }

  @Test
  void labelsHave63OctetsAndNames253() {
    String label = "a".repeat(63);
    assertNotNull(TargetHost.of(Sample.authority(label + ".example")));
    assertNull(TargetHost.of(Sample.authority(label + "a.example")));
    String longest = (label + ".").repeat(3) + "a".repeat(61);
    assertNotNull(TargetHost.of(Sample.authority(longest)));
    assertNull(TargetHost.of(Sample.authority(longest + "a")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          localhost,            true
          LOCALHOST.,           true
          app.localhost,        true
          a.b.localhost.,       true
          notlocalhost,         false
          localhost.example,    false
          127.0.0.1,            false
          """)
  void localhostAndTheNamesBelowItAreThisMachine(String host, boolean expected) {
    assertEquals(expected, Sample.host(host).isLocalhost());
  }
}
