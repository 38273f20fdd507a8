package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookiesTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "a=1 | 1",
        "b=2; a=1; c=3 | 1",
        "b=2;a=1 | 1",
        "a=1; a=2 | 1",
        "a= | ''",
        "a=1=2 | 1=2",
        "a=\"x y\" | \"x y\"",
        "aa=1 | none",
        "A=1 | none",
        "ba=1 | none",
        "a | none",
        "a ;b=1 | none",
        "b=a=1 | none",
        ";;=;a=1 | 1",
        "'' | none",
      })
  void theFirstCookieOfTheNameCounts(String field, String expected) {
    assertEquals(expected, Cookies.value(Fields.of("Cookie", field), "a"));
  }

  @Test
  void furtherLinesAreLookedAt() {
    Fields fields = Fields.of("Cookie", "b=1", "X", "a=0", "cookie", "c=1; a=2");
    assertEquals("2", Cookies.value(fields, "a"));
    assertNull(Cookies.value(fields, "d"));
  }

  @Test
  void everyCookieOfTheNameIsLookedAt() {
    Fields fields = Fields.of("Cookie", "b=1; a=1;\ta=2", "Cookie", "a=3; ab=4");
    List<String> seen = new ArrayList<>();
    assertFalse(Cookies.any(fields, "a", value -> !seen.add(value)));
    assertEquals(List.of("1", "2", "3"), seen);
    assertTrue(Cookies.any(fields, "a", "2"::equals));
    assertFalse(Cookies.any(fields, "a", "4"::equals));
  }
}
