package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.cache.TagField.Separator;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagFieldTest {
  private static final FieldName NAME = FieldName.of("Tags");

  private static String tags(Separator separator, String... fields) {
    TagField field = new TagField(NAME, separator, 4, 3);
    return String.join("|", field.tags(Fields.of(fields)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      value = {
        "SPACE; a; a",
        "SPACE; 'a  b\tc'; a|b|c",
        "SPACE; a,b c; a,b|c",
        "SPACE; ''; ''",
        "COMMA; a; a",
        "COMMA; 'a,b ,\tc'; a|b|c",
        "COMMA; a b,c; a b|c",
        "COMMA; ',a,,'; a",
        "SPACE; a b A a; a|b|A",
        "SPACE; abc abcd x; abc|x",
        "SPACE; a b c d e; a|b|c|d",
        "SPACE; a a a a b c d e; a|b|c|d"
      })
  void tagsStandBetweenSeparators(Separator separator, String value, String tags) {
    assertEquals(tags, tags(separator, "Tags", value));
  }

  @Test
  void theLinesOfAFieldAreOne() {
    assertEquals("a|b|c", tags(Separator.SPACE, "Tags", "a b", "Other", "x", "tags", "b c"));
    assertEquals("a|b|c|d", tags(Separator.COMMA, "Tags", "a,b,c", "tags", "d,e"));
    assertEquals("", tags(Separator.COMMA, "Other", "x"));
  }

  @Test
  void theUsualLimitsAreAThousandTagsOfAKibibyte() {
    TagField field = TagField.of(NAME, Separator.COMMA);
    assertEquals(new TagField(NAME, Separator.COMMA, 1000, 1024), field);
  }

  @Test
  void aTagIsNeverTakenForAGroup() {
    TargetUri origin = TargetUriTest.uri("http", "a", "/b");
    assertEquals("http://a\nnews", CacheGroups.label(origin, "news"));
    assertEquals("\nnews", TagField.label("news"));
    assertEquals("\nhttp://a\nnews", TagField.label("http://a\nnews"));
  }

  @Test
  void limitsAreAtLeastOne() {
    assertDoesNotThrow(() -> new TagField(NAME, Separator.SPACE, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new TagField(NAME, Separator.SPACE, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new TagField(NAME, Separator.SPACE, 1, 0));
  }
}
