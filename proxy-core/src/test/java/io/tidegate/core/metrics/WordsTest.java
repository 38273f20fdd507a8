package io.tidegate.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags have their values out of fixed sets. */
class WordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"
      })
  void aKnownMethodIsItself(String method) {
    assertEquals(method, Words.method(Words.method(method)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "get", "PURGE", "GETT", "_OTHER"})
  void anyOtherMethodIsOneOfTheOthers(String method) {
    assertEquals("_OTHER", Words.method(Words.method(method)));
  }

  @ParameterizedTest
  @CsvSource({
    "0,none", "99,none", "100,1xx", "101,1xx", "200,2xx", "299,2xx", "304,3xx", "499,4xx",
    "599,5xx", "600,5xx", "999,5xx"
  })
  void aStatusCodeIsItsClass(int status, String word) {
    assertEquals(word, Words.classWord(Words.statusClass(status)));
  }

  @ParameterizedTest
  @EnumSource(ProxyError.class)
  void aFailureIsItsErrorType(ProxyError error) {
    assertEquals(error.token(), Words.error(Words.error(Failure.of(error, "x"))));
  }

  @Test
  void noFailureIsNone() {
    assertEquals("none", Words.error(Words.error(null)));
  }

  @Test
  void whatACacheDidIsItsWord() {
    List<String> words = new ArrayList<>(List.of(CacheStatus.HIT));
    for (CacheStatus.Forward forward : CacheStatus.Forward.values()) {
      words.add(forward.token());
    }
    for (String word : words) {
      assertEquals(word, Words.cache(Words.cache(word)));
    }
    assertEquals("none", Words.cache(Words.cache(null)));
  }
}
