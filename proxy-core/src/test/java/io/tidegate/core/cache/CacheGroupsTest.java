package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9875. */
class CacheGroupsTest {
  private static RequestHead request(String method) {
    return new RequestHead(method, "/", HttpVersion.HTTP_1_1, Fields.empty());
  }

  @Test
  void aResponseNamesItsGroups() {
    Fields response = Fields.of("Cache-Groups", "\"b c\", \"a\";x=1", "Cache-Groups", "\"B c\"");
    assertEquals(List.of("b c", "a", "B c"), new ArrayList<>(CacheGroups.of(response)));
    assertEquals(Set.of("a"), CacheGroups.of(Fields.of("Cache-Groups", "\"a\", \"a\"")));
    assertEquals(Set.of(""), CacheGroups.of(Fields.of("Cache-Groups", "\"\"")));
    assertEquals(Set.of(), CacheGroups.of(Fields.of("Cache-Group-Invalidation", "\"a\"")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "\"a\", b", "\"a\", (\"b\")", "\"a", "\"a\",", "1", "\"\u00fc\""})
  void whatIsNoListOfStringsNamesNone(String value) {
    assertEquals(Set.of(), CacheGroups.of(Fields.of("Cache-Groups", value)));
    Fields response = Fields.of("Cache-Group-Invalidation", value);
    assertEquals(Set.of(), CacheGroups.invalidatedBy(request("POST"), response));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, a",
    "PUT, a",
    "DELETE, a",
    "PATCH, a",
    "GET, ''",
    "HEAD, ''",
    "OPTIONS, ''",
    "QUERY, ''"
  })
  void onlyUnsafeRequestsInvalidate(String method, String groups) {
    Fields response = Fields.of("Cache-Group-Invalidation", "\"a\"", "Cache-Groups", "\"b\"");
    assertEquals(groups, String.join(" ", CacheGroups.invalidatedBy(request(method), response)));
  }

  @Test
  void namesAndTheirNumberAreBounded() {
    String longest = "x".repeat(256);
    Fields names = Fields.of("Cache-Groups", "\"" + longest + "\", \"" + longest + "y\", \"z\"");
    assertEquals(List.of(longest, "z"), new ArrayList<>(CacheGroups.of(names)));
    String many =
        IntStream.range(0, 129).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(", "));
    Set<String> groups = CacheGroups.of(Fields.of("Cache-Groups", many));
    assertEquals(128, groups.size());
    assertEquals(false, groups.contains("128"));
  }
}
