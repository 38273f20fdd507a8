package io.tidegate.core.cache;

import static io.tidegate.core.cache.Answers.RULES;
import static io.tidegate.core.cache.Answers.answer;
import static io.tidegate.core.cache.Answers.request;
import static io.tidegate.core.cache.Answers.tagField;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.cache.TagField.Separator;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidationTest {
  private static final FieldName CACHE_TAG = FieldName.of("Cache-Tag");

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "M-SEARCH", "get"})
  void aMethodThatIsNotKnownToBeSafeInvalidatesItsTarget(String method) {
    assertEquals(List.of("http://a/b?c"), invalidated(method, 200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
  void aSafeMethodInvalidatesNothing(String method) {
    assertEquals(List.of(), invalidated(method, 200, "Location", "/d"));
  }

  @ParameterizedTest
  @CsvSource({
    "199, 0", "200, 1", "204, 1", "301, 1", "399, 1", "400, 0", "404, 0", "500, 0", "503, 0"
  })
  void anErrorInvalidatesNothing(int status, int uris) {
    assertEquals(uris, invalidated("POST", status).size());
  }

  @Test
  void whatTheResponsePointsToIsInvalidatedWithinTheOrigin() {
    assertEquals(
        List.of("http://a/b?c", "http://a/d", "http://a/e"),
        invalidated("POST", 201, "Content-Location", "http://A:80/e", "Location", "d"));
    assertEquals(
        List.of("http://a/b?c"),
        invalidated("PUT", 200, "Content-Location", "//b/e", "Location", "https://a/d"));
    assertEquals(
        List.of("http://a/b?c"),
        invalidated("PUT", 200, "Content-Location", "/b?c", "Location", "mailto:x"));
  }

  @Test
  void aResponseIsFoundByItsGroupsAndItsTags() {
    Fields response = Fields.of("Cache-Groups", "\"g\"", "Cache-Tag", "g, t");
    CacheRules tagging = new CacheRules(tagField(TagField.of(CACHE_TAG, Separator.COMMA)));
    TargetUri target = TargetUriTest.uri("https", "a", "/b?c");
    assertEquals(Set.of("https://a\ng", "\ng", "\nt"), tagging.labels(target, response));
    assertEquals(Set.of("\nx"), tagging.labels(target, Fields.of("cache-tag", "x")));
    assertEquals(Set.of("https://a\ng"), RULES.labels(target, response));
    assertEquals(Set.of(), tagging.labels(target, Fields.of("Other", "x")));
  }

  private static List<String> invalidated(String method, int status, String... fields) {
    return RULES.invalidates(answer(request(method), status, fields)).stream()
        .map(TargetUri::text)
        .toList();
  }
}
