package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 §8.8.3. */
class EntityTagTest {
  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"a\"", "\"a,b\\\"", "\"!#~\"", "\"\u0080\u00ff\"", "\"W/\""})
  void whatStandsBetweenQuotesIsATag(String value) {
    EntityTag tag = new EntityTag(value.substring(1, value.length() - 1), false);
    assertEquals(tag, EntityTag.parse(value));
    assertEquals(value, tag.text());
    EntityTag weak = new EntityTag(tag.opaque(), true);
    assertEquals(weak, EntityTag.parse("W/" + value));
    assertEquals("W/" + value, weak.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "\"",
        "\"a",
        "a\"",
        "W/",
        "W/a",
        "w/\"a\"",
        "W\"a\"",
        "W\\\"a\"",
        "W/ \"a\"",
        "\"a\" ",
        " \"a\"",
        "\"a\"b",
        "\"a b\"",
        "\"a\tb\"",
        "\"a\u007f\"",
        "\"\u0100\"",
        "\"a\", \"b\"",
        "W/W/\"a\""
      })
  void anythingElseIsNone(String value) {
    assertNull(EntityTag.parse(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a| false| a| false| true | true",
        "a| true | a| false| false| true",
        "a| false| a| true | false| true",
        "a| true | a| true | false| true",
        "a| false| b| false| false| false",
        "a| true | b| true | false| false",
        "a| false| A| false| false| false"
      })
  void onlyStrongTagsMatchStrongly(
      String a, boolean aIsWeak, String b, boolean bIsWeak, boolean strongly, boolean weakly) {
    EntityTag one = new EntityTag(a, aIsWeak);
    EntityTag other = new EntityTag(b, bIsWeak);
    assertEquals(strongly, one.matchesStrongly(other));
    assertEquals(weakly, one.matchesWeakly(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"a\"|\"a\"",
        "\"a\",\"b\"|\"a\" \"b\"",
        "'\"a\" \t,\t W/\"b\" '|\"a\" W/\"b\"",
        "\"a,b\", \"c\"|\"a,b\" \"c\"",
        "\"a\\\", \"b\"|\"a\\\" \"b\"",
        ",, \"a\" ,,|\"a\"",
        "a, \"b\"|\"b\"",
        "\"a\"x, \"b\"|\"b\"",
        "x\"a\", \"b\"|\"b\"",
        "\"a\" \"b\", \"c\"|\"c\"",
        "\"a, \"b\"|\"b\"",
        "\"a b\", W/\"c\"|W/\"c\"",
        "\"a\", \"b|\"a\"",
        "\"a\", *|\"a\"",
        "''|''",
        "*|''",
        "' '|''"
      })
  void aListHoldsItsTagsAndNothingElse(String value, String tags) {
    assertEquals(
        tags,
        EntityTag.parseList(value).stream().map(EntityTag::text).collect(Collectors.joining(" ")));
  }

  @Test
  void everyTagOfAListIsATag() {
    Random random = new Random(1);
    int tags = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder value = new StringBuilder();
      for (int n = random.nextInt(20); n > 0; n--) {
        value.append("\"\"\",, \tW/a\u00fc\u0100".charAt(random.nextInt(12)));
      }
      List<EntityTag> list = EntityTag.parseList(value.toString());
      for (EntityTag tag : list) {
        tags++;
        assertEquals(tag, EntityTag.parse(tag.text()), value.toString());
        assertTrue(value.indexOf(tag.text()) >= 0, value.toString());
      }
    }
    assertTrue(tags > 3000, tags + " tags");
  }
}
