package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.RequestTarget;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectionTest {
  @ParameterizedTest(name = "{0} {1} {2}, upgrade {3}, TLS {4}: {5}")
  @CsvSource({
    "FORWARD, GET,     http://a/,  false, false, 0",
    "FORWARD, GET,     https://a/, false, false, 400",
    "FORWARD, GET,     ftp://a/,   false, false, 400",
    "FORWARD, CONNECT, a:443,      false, false, 0",
    "FORWARD, GET,     /,          false, false, 400",
    "FORWARD, GET,     /,          true,  false, 0",
    "FORWARD, OPTIONS, *,          true,  false, 400",
    "REVERSE, GET,     /,          false, false, 0",
    "REVERSE, GET,     http://a/,  false, false, 0",
    "REVERSE, GET,     https://a/, false, false, 421",
    "REVERSE, GET,     https://a/, false, true, 0",
    "REVERSE, GET,     http://a/,  false, true, 421",
    "REVERSE, GET,     ftp://a/,   false, false, 421",
    "REVERSE, GET,     /,          false, true, 0",
    "FORWARD, GET,     http://a/,  false, true, 0",
    "REVERSE, OPTIONS, *,          false, false, 0",
    "REVERSE, CONNECT, a:443,      false, false, 405"
  })
  void eachDirectionTakesItsFormsOfTargets(
      Direction direction,
      String method,
      String target,
      boolean upgrade,
      boolean secure,
      int status)
      throws Exception {
    Failure refused = direction.refuses(RequestTarget.parse(method, target), upgrade, secure);
    assertEquals(status, refused == null ? 0 : refused.status());
  }
}
