package io.tidegate.forward.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.forward.access.RequestMatcher.Match;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
  private static Match match(String pattern, String pathAndQuery) {
    return Objects.requireNonNull(PathPattern.parse(pattern), pattern).matches(pathAndQuery);
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "/status, /status, YES",
    "/status, /status?a=/b/../c, YES",
    "/status, /status/x, NO",
    "/status, /stat, NO",
    "/status, /statuses, NO",
    "/, /, YES",
    "/, /x, NO",
    "/api/**, /api, YES",
    "/api/**, /api/, YES",
    "/api/**, /api/x/y, YES",
    "/api/**, /apix, NO",
    "/api/**, /, NO",
    "/api/**, /x/api/y, NO",
    "/**, /, YES",
    "/**, /anything/at?all, YES",
    "/API/**, /API/x, YES",
    "/b%c3%bccher, /b%C3%BCcher, YES",
    "/a%2cb, /a%2Cb, YES",
    "/~alice, /%7Ealice, YES",
    "/api/**, *, NO",
    "/**, '', NO"
  })
  void pathsAreCompared(String pattern, String path, Match expected) {
    assertEquals(expected, match(pattern, path));
  }

  @ParameterizedTest(name = "/admin/** and {0}")
  @ValueSource(strings = {"/%61dmin/x", "/admi%6E", "/admin/x;a=b", "/admin/%78?y", "/admin/x%20y"})
  void spellingThatMeansTheSameMatches(String path) {
    assertEquals(Match.YES, match("/admin/**", path));
  }

  @ParameterizedTest(name = "/admin/** and {0}")
  @ValueSource(
      strings = {
        "/x/../admin/y",
        "/./admin/y",
        "/%2e/admin/y",
        "/x/%2e%2e/admin",
        "/x/%2E./admin",
        "//admin/y",
        "/x//y",
        "/admin/../x",
        "/x/..",
        "/x/.",
        "/admin%2fy",
        "/x/..%2Fadmin",
        "/x/..;/admin",
        "/x/..;a=b/admin",
        "/;a/admin",
        "/x%5cy",
        "/x\\admin",
        "/%2561dmin/x",
        "/x%00",
        "/x%0a",
        "/x%7f",
        "/x%c0%ae",
        "/x%zz",
        "/x%4",
        "/x%",
        "/x%u002e",
        "/x#y",
        "/x%23y",
        "/admin%3fx",
        "/admin%3Bx",
        "/Admin/x",
        "/ADMIN",
        "/admin;a=b",
        "/admin;/x",
        "/caf\u00e9"
      })
  void spellingThatServersReadInDifferentWaysIsUnclear(String path) {
    assertEquals(Match.UNCLEAR, match("/admin/**", path));
  }

  @ParameterizedTest(name = "/status and {0}")
  @ValueSource(strings = {"/status/", "/Status", "/status;v=1"})
  void nearlyTheSameIsUnclear(String path) {
    assertEquals(Match.UNCLEAR, match("/status", path));
  }

  @Test
  void smallDifferencesElsewhereAreNone() {
    assertEquals(Match.NO, match("/admin/**", "/Files/X"));
    assertEquals(Match.NO, match("/admin/**", "/files;v=1/x"));
    assertEquals(Match.NO, match("/admin/**", "/files/100%21"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "x", "api/**", "*", "/*", "/a/*/b", "/a**", "/a?b", "/a//b", "/a/../b", "/a/./**",
        "/a%2fb", "/a;b", "/a%", "//**", "/a/**/b", "/a//**"
      })
  void patternsMustBeReadInOneWay(String pattern) {
    assertNull(PathPattern.parse(pattern));
  }

  @Test
  void noMixtureOfHardPartsGetsIntoAnAllowedPathOrRoundADeniedOne() {
    List<String> parts =
        List.of("/", "a", "%61", "..", ".", "%2e", ";", "A", "%2f", "b", "\\", "%5C", "//", "/a/");
    Random random = new Random(20_250_305);
    PathPattern pattern = Objects.requireNonNull(PathPattern.parse("/a/**"));
    int inside = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder path = new StringBuilder("/");
      for (int more = random.nextInt(6); more > 0; more--) {
        path.append(parts.get(random.nextInt(parts.size())));
      }
      boolean lenient = isBelowAForALenientServer(path.toString());
      boolean strict = path.toString().startsWith("/a/") || path.toString().equals("/a");
      Match match = pattern.matches(path.toString());
      inside += match == Match.YES ? 1 : 0;
      if (lenient) {
        assertEquals(true, match != Match.NO, path::toString);
      } else {
        assertEquals(true, match != Match.YES, path::toString);
      }
      if (strict) {
        assertEquals(true, match != Match.NO, path::toString);
      }
    }
    assertEquals(true, inside > 100, "some paths are plain");
  }

  /** A server that decodes first, and then does all that servers are known to do. */
  private static boolean isBelowAForALenientServer(String path) {
    String decoded =
        path.replace("%61", "a")
            .replace("%2e", ".")
            .replace("%2f", "/")
            .replace("%5C", "/")
            .replace('\\', '/')
            .replaceAll(";[^/]*", "")
            .toLowerCase(java.util.Locale.ROOT);
    java.util.ArrayDeque<String> segments = new java.util.ArrayDeque<>();
    for (String segment : decoded.split("/")) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return "a".equals(segments.peekFirst());
  }

  @Test
  void everyTextIsAPatternOrNone() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("/");
      for (int more = random.nextInt(8); more > 0; more--) {
        text.append("/a%2eE5;*.?\\ é".charAt(random.nextInt(14)));
      }
      PathPattern pattern = PathPattern.parse(text.toString());
      PathPattern all = Objects.requireNonNull(PathPattern.parse("/**"));
      assertNotNull(all.matches(text.toString()));
      if (pattern != null && !text.toString().endsWith("/**")) {
        assertEquals(Match.YES, pattern.matches(text.toString()), text::toString);
      }
    }
  }
}
