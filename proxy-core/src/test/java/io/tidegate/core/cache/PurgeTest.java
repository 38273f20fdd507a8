package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.cache.InvalidationScope.Groups;
import io.tidegate.core.cache.InvalidationScope.Prefix;
import io.tidegate.core.cache.InvalidationScope.Tags;
import io.tidegate.core.cache.InvalidationScope.Uri;
import io.tidegate.core.cache.TagField.Separator;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurgeTest {
  private static final TargetUri TARGET = TargetUriTest.uri("http", "a", "/b?c");
  private static final Optional<TagField> TAGS =
      Optional.of(new TagField(FieldName.of("Tag"), Separator.SPACE, 2, 3));

  private static Purge purge(String... fields) throws BadMessageException {
    return Purge.of(Fields.of(fields), TARGET, TAGS);
  }

  private static Fields fields(String lines) {
    return Fields.of(lines.split(": | / ", -1));
  }

  @Test
  void theTargetIsPurged() throws BadMessageException {
    assertEquals(new Purge(new Uri(TARGET), false), purge());
    assertEquals(new Purge(new Uri(TARGET), true), purge("Cache-Purge", "soft"));
    assertEquals(new Purge(new Uri(TARGET), false), purge("Cache-Purge", "", "Tags", "x"));
  }

  @Test
  void whatBeginsLikeTheTargetIsPurged() throws BadMessageException {
    Prefix all = new Prefix("http://a/b?c");
    assertEquals(new Purge(all, false), purge("Cache-Purge", "prefix"));
    assertEquals(new Purge(all, true), purge("cache-purge", "soft, prefix"));
    assertEquals(new Purge(all, true), purge("Cache-Purge", "prefix", "Cache-Purge", "soft"));
  }

  @Test
  void tagsArePurgedHoweverManyThereAre() throws BadMessageException {
    Tags named = new Tags(Set.of("a", "b", "longer"));
    assertEquals(new Purge(named, false), purge("Tag", "a b", "tag", "longer"));
    assertEquals(new Purge(named, true), purge("Tag", "a b longer", "Cache-Purge", "soft"));
  }

  @Test
  void aFieldThatIsNoTagFieldNamesNoTags() throws BadMessageException {
    Fields request = Fields.of("Tag", "a");
    assertEquals(new Purge(new Uri(TARGET), false), Purge.of(request, TARGET, Optional.empty()));
  }

  @Test
  void groupsOfTheOriginArePurgedHoweverManyThereAre() throws BadMessageException {
    Groups named = new Groups(TARGET, Set.of("a", "b"));
    assertEquals(new Purge(named, false), purge("Cache-Groups", "\"a\", \"b\""));
    String many =
        IntStream.range(0, CacheGroups.MAX_GROUPS + 1)
            .mapToObj(i -> "\"" + i + "\"")
            .collect(Collectors.joining(", "));
    Groups all = (Groups) purge("Cache-Groups", many).scope();
    assertEquals(CacheGroups.MAX_GROUPS + 1, all.names().size());
    String longer = "x".repeat(CacheGroups.MAX_LENGTH + 1);
    assertEquals(
        new Groups(TARGET, Set.of(longer)), purge("Cache-Groups", "\"" + longer + "\"").scope());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Cache-Purge: everything",
        "Cache-Purge: Soft",
        "Cache-Purge: soft;x",
        "Cache-Purge: soft, everything",
        "Cache-Purge: \"soft\"",
        "Cache-Purge: (soft)",
        "Cache-Purge: ?1",
        "Cache-Purge: soft,",
        "Cache-Purge: soft / Cache-Purge: prefix;",
        "Tag: ",
        "Cache-Groups: a",
        "Cache-Groups: \"a",
        "Cache-Groups: ",
        "Cache-Groups: \"a\", 1",
        "Cache-Purge: prefix / Tag: a",
        "Cache-Purge: prefix / Cache-Groups: \"a\"",
        "Tag: a / Cache-Groups: \"a\""
      })
  void whatIsNotClearPurgesNothing(String lines) {
    BadMessageException unclear =
        assertThrows(BadMessageException.class, () -> Purge.of(fields(lines), TARGET, TAGS));
    assertEquals(Fault.SYNTAX, unclear.fault());
  }
}
