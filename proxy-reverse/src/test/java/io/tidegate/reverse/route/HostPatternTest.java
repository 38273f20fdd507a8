package io.tidegate.reverse.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
  @ParameterizedTest(name = "{0} takes {1}: {2}")
  @CsvSource({
    "shop.example, shop.example, true",
    "SHOP.example., shop.example, true",
    "shop.example, www.shop.example, false",
    "shop.example, example, false",
    "*.example, shop.example, true",
    "*.example, a.b.example, true",
    "*.example, example, false",
    "*.example, .example, false",
    "*.Example, xexample, false",
    "*, anything, true",
    "*, '', true",
    "192.0.2.1, 192.0.2.1, true",
    "[::1], [::1], true",
  })
  void takesHosts(String pattern, String host, boolean expected) {
    HostPattern parsed = HostPattern.parse(pattern);
    assertNotNull(parsed);
    assertEquals(expected, parsed.matches(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "**",
        "*.",
        "*.*",
        "a.*",
        "*a.example",
        "a:80",
        "a:",
        "a b",
        "a/b",
        "u@a",
        ".a",
        "*.[::1]",
        "[::1",
        "*..a",
        "."
      })
  void anythingElseIsNoPattern(String text) {
    assertNull(HostPattern.parse(text));
  }
}
