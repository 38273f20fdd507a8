package io.tidegate.reverse.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixMappingTest {
  @ParameterizedTest(name = "-{0} +{1}: {2} is {3}")
  @CsvSource({
    "/a, '', /a/b, /b",
    "/a, '', /a, /",
    "/a, '', /a/, /",
    "/a, '', /a?q, /?q",
    "/a, '', /a?/q/r, /?/q/r",
    "/a, '', /a//b, //b",
    "/a, '', /%61/%62?%62, /%62?%62",
    "/a/b, '', /a/b/c, /c",
    "/a/b, '', /a/b, /",
    "'', /v2, /b, /v2/b",
    "'', /v2, /, /v2/",
    "'', /v2, /?q, /v2/?q",
    "'', /v2/x, /b, /v2/x/b",
    "/a, /v2, /a/b?q=%20, /v2/b?q=%20",
    "/a, /v2, /a, /v2",
    "/a, /v2, /a?q, /v2?q",
    "/a, /a, /a/b, /a/b",
    "'', '', /a/b?q, /a/b?q",
    "/a, /v2, *, *",
  })
  void mapsTheClientsPathToTheUpstreams(String strip, String add, String path, String expected) {
    assertEquals(expected, new PrefixMapping(strip, add).toUpstream(path));
  }

  @ParameterizedTest(name = "-{0} +{1}: {2} is {3}")
  @CsvSource({
    "/a, '', /b, /a/b",
    "/a, '', /, /a/",
    "/a, '', /?q, /a/?q",
    "'', /v2, /v2/b, /b",
    "'', /v2, /v2, /",
    "'', /v2, /v2?q, /?q",
    "'', /v2, /v2#f, /#f",
    "'', /v2, /v2b, ",
    "'', /v2, /b, ",
    "/a, /v2, /v2/b?x#y, /a/b?x#y",
    "/a, /v2, /v2, /a",
    "/a, /v2, /v2?q, /a?q",
    "/a, /v2, /other, ",
    "'', '', /b, /b",
  })
  void mapsTheUpstreamsPathToTheClients(String strip, String add, String path, String expected) {
    assertEquals(expected, new PrefixMapping(strip, add).toClient(path));
  }

  @ParameterizedTest(name = "-{0} +{1}: {2} is {3}")
  @CsvSource({
    "/a, '', /, /a",
    "/a, '', /b, /a/b",
    "/a, '', /b/, /a/b/",
    "'', /v2, /, /",
    "'', /v2, /v2, /",
    "'', /v2, /v2/, /",
    "'', /v2, /v2/b, /b",
    "'', /v2, /v3, /v3",
    "/a, /v2/x, /v2/x/b, /a/b",
    "/a, /v2/x, /v2/x, /a",
    "/a, /v2/x, /v2, /a",
    "/a, /v2/x, /v2/, /a",
    "/a, /v2/x, /, /a",
    "/a, /v2/x, /v, /v",
    "/a, /v2/x, /b, /b",
    "/a, '', b, b",
    "'', '', /b, /b",
  })
  void mapsThePathsOfCookies(String strip, String add, String path, String expected) {
    assertEquals(expected, new PrefixMapping(strip, add).cookieToClient(path));
  }

  @Test
  void nothingToMapIsNoWork() {
    String path = "/a/b?c";
    assertSame(path, new PrefixMapping("", "").toUpstream(path));
  }
}
