package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.RequestTarget;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectionTest {
  @ParameterizedTest(name = "{0} {1} {2}, upgrade {3}: {4}")
  @CsvSource({
    "FORWARD, GET,     http://a/,  false, 0",
    "FORWARD, GET,     https://a/, false, 400",
    "FORWARD, GET,     ftp://a/,   false, 400",
    "FORWARD, CONNECT, a:443,      false, 0",
    "FORWARD, GET,     /,          false, 400",
    "FORWARD, GET,     /,          true,  0",
    "FORWARD, OPTIONS, *,          true,  400",
    "REVERSE, GET,     /,          false, 0",
    "REVERSE, GET,     http://a/,  false, 0",
    "REVERSE, GET,     https://a/, false, 0",
    "REVERSE, OPTIONS, *,          false, 0",
    "REVERSE, CONNECT, a:443,      false, 405"
  })
  void eachDirectionTakesItsFormsOfTargets(
      Direction direction, String method, String target, boolean upgrade, int status)
      throws Exception {
    Failure refused = direction.refuses(RequestTarget.parse(method, target), upgrade);
    assertEquals(status, refused == null ? 0 : refused.status());
  }
}
