package io.tidegate.reverse.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.reverse.Requests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
  @ParameterizedTest(name = "{0} takes {1}: {2}")
  @CsvSource({
    "/, /, true",
    "/, /a, false",
    "/, //, false",
    "/a, /a, true",
    "/a, /a/, false",
    "/a, /A, false",
    "/a, /ab, false",
    "/a, /, false",
    "/a/, /a/, true",
    "/a/, /a, false",
    "/a//b, /a//b, true",
    "/a//b, /a/b, false",
    "/%61b, /ab, true",
    "/a%2fb, /a%2Fb, true",
    "/a%2fb, /a/b, false",
    "/**, /, true",
    "/**, /a/b, true",
    "/a/**, /a, true",
    "/a/**, /a/, true",
    "/a/**, /a/b/c, true",
    "/a/**, /ab, false",
    "/a/**, /b/a, false",
    "/a/**, //a, false",
    "/a/*, /a/b, true",
    "/a/*, /a, false",
    "/a/*, /a/, false",
    "/a/*, /a/b/, false",
    "/a/*, /a/b/c, false",
    "/*, /a, true",
    "/*, /, false",
    "/a/{id}/b, /a/7/b, true",
    "/a/{id}/b, /a//b, false",
    "/a/{id}/b, /a/7/c, false",
    "/a/{id}/b, /a/7/bc, false",
    "/a/{id}/b, /a/7, false",
    "/a/{id}/b, /a/7/b/c, false",
    "/a/{id}/b, /a/x%2Fy/b, true",
    "/a/{id}/, /a/7/, true",
    "/a/{id}/, /a/7, false",
    "/a/{id}/**, /a/7, true",
    "/a/{id}/**, /a/7/x/y, true",
    "/a/{id}/**, /a, false",
    "/a/*/c/*/e, /a/b/c/d/e, true",
    "/a/*/c/*/e, /a/b/x/d/e, false",
  })
  void takesPaths(String template, String path, boolean expected) {
    PathTemplate parsed = PathTemplate.parse(template);
    assertNotNull(parsed);
    assertEquals(expected, parsed.matches(path));
    assertEquals(expected, isFound(parsed, path), "in the index");
    assertEquals(expected, isFound(parsed, path + "?x/b"), "with a query");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "**", "a/**", "/**/a", "/a/**/b", "/a*", "/a**", "/***", "/{}", "/{a", "/a}",
        "/{a}b", "/{a b}", "/a b", "/a?b", "/a#b", "/é", "/a%", "/a%2", "/a%zz", "/a/../b",
        "/a/./b", "/%2e%2e", "/..;x", "/..%2f", "/a\\b",
      })
  void anythingElseIsNoTemplate(String text) {
    assertNull(PathTemplate.parse(text));
  }

  @Test
  void theMoreSpecificOneIsFirst() {
    List<String> expected =
        List.of(
            "/a/b/c",
            "/a/b/{x}",
            "/a/b",
            "/a/b/**",
            "/a/{x}/c",
            "/a/{x}/**",
            "/a",
            "/a/**",
            "/{x}/b",
            "/{x}",
            "/**");
    List<String> shuffled = new ArrayList<>(expected);
    Collections.reverse(shuffled);
    List<String> sorted = shuffled.stream().sorted((a, b) -> compare(a, b)).toList();
    assertEquals(expected, sorted);
  }

  private static int compare(String a, String b) {
    return PathTemplate.MOST_SPECIFIC_FIRST.compare(PathTemplate.parse(a), PathTemplate.parse(b));
  }

  @ParameterizedTest(name = "{0} and {1}")
  @CsvSource({"/a, /b", "/{x}, /*", "/a/**, /b/**", "/%61, /a"})
  void templatesOfOneKindAreEquallySpecific(String a, String b) {
    assertEquals(0, compare(a, b));
  }

  @Test
  void theNamesOfVariablesAndTheSpellingDoNotCountForTheShape() {
    assertEquals(PathTemplate.parse("/a/{x}/**").shape(), PathTemplate.parse("/%61/*/**").shape());
    assertFalse(PathTemplate.parse("/a").shape().equals(PathTemplate.parse("/a/**").shape()));
    assertFalse(PathTemplate.parse("/a").shape().equals(PathTemplate.parse("/a/").shape()));
  }

  @ParameterizedTest(name = "{0} is below {1}: {2}")
  @CsvSource({
    "/a/**, /a, true",
    "/a/b, /a, true",
    "/a, /a, true",
    "/ab/**, /a, false",
    "/**, /a, false",
    "/{x}/**, /a, false",
    "/a/**, '', true",
    "/**, '', true",
  })
  void knowsWhatEveryPathBeginsWith(String template, String prefix, boolean expected) {
    assertEquals(expected, PathTemplate.parse(template).isBelow(prefix));
  }

  private static boolean isFound(PathTemplate template, String target) {
    HostPattern host = new HostPattern(HostPattern.Kind.ANY, "");
    RouteEntry entry =
        new RouteEntry(
            host,
            template,
            Conditions.NONE,
            new ForwardedFields(ForwardedMode.OFF, List.of()),
            request -> Failure.of(ProxyError.DESTINATION_NOT_FOUND, ""));
    ClientRequest request = Requests.get("h", target);
    int end = RequestPath.end(target);
    return new HostIndex(List.of(entry)).find(request, "h", target, end) == entry;
  }
}
