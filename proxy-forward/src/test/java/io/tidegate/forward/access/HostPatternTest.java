package io.tidegate.forward.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.forward.Sample;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
  @ParameterizedTest(name = "{0} against {1}: {2}")
  @CsvSource(
      textBlock =
          """
          example.com,       example.com,           true
          example.com,       EXAMPLE.COM,           true
          Example.Com.,      example.com,           true
          example.com,       example.com.,          true
          example.com,       www.example.com,       false
          example.com,       badexample.com,        false
          *.example.com,     www.example.com,       true
          *.example.com,     a.b.example.com,       true
          *.EXAMPLE.com.,    www.example.com.,      true
          *.example.com,     example.com,           false
          *.example.com,     badexample.com,        false
          *.example.com,     example.com.evil.net,  false
          .example.com,      www.example.com,       true
          .example.com,      example.com,           true
          .example.com,      badexample.com,        false
          .example.com,      xample.com,            false
          .example.com,      com,                   false
          *,                 example.com,           true
          *,                 203.0.113.7,           true
          *,                 [2001:db8::7],         true
          *.com,             example.com,           true
          203.0.113.7,       203.0.113.7,           true
          203.0.113.7,       203.0.113.8,           false
          203.0.113.7,       [::ffff:203.0.113.7],  true
          203.0.113.7,       example.com,           false
          2001:db8::7,       [2001:DB8:0:0::7],     true
          [2001:db8::7],     [2001:db8::7],         true
          2001:db8::7,       [2001:db8::8],         false
          example.com,       203.0.113.7,           false
          *.example.com,     203.0.113.7,           false
          .example.com,      203.0.113.7,           false
          """)
  void hostsMatch(String pattern, String host, boolean expected) {
    HostPattern parsed = Objects.requireNonNull(HostPattern.parse(pattern));
    assertEquals(expected, parsed.matches(Sample.host(host)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "*.",
        "**",
        "*.*",
        "*.*.example.com",
        "www.*.com",
        "w*.example.com",
        "*example.com",
        "..example.com",
        "http://example.com",
        "example.com:443",
        "example.com/path",
        "exam ple.com",
        "b\u00fccher.example",
        "\u212a.example",
        "127.1",
        "10.0.0.0/8",
        "*.1"
      })
  void anythingElseIsNoPattern(String text) {
    assertNull(HostPattern.parse(text));
  }
}
