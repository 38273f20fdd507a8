package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaryTest {
  @Test
  void withoutTheFieldEveryRequestMatches() {
    assertSame(Vary.NONE, Vary.of(Fields.of("A", "B"), Fields.empty()));
    assertSame(Vary.NONE, Vary.of(Fields.of("Vary", " , "), Fields.empty()));
    assertTrue(Vary.NONE.matches(Fields.of("A", "1")));
    assertEquals("", Vary.NONE.keyOf(Fields.of("A", "1")));
    assertFalse(Vary.NONE.isAny());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*, *", ", *", "A, *", "*, A", "A b", "\"A\"", "A, b/c"})
  void aStarOrWhatIsNoNameMatchesNothing(String vary) {
    Vary any = Vary.of(Fields.of("Vary", vary), Fields.of("A", "1"));
    assertTrue(any.isAny());
    assertFalse(any.matches(Fields.of("A", "1")));
    assertEquals("*", any.toString());
  }

  @Test
  void aStarInAnyLineCounts() {
    assertTrue(Vary.of(Fields.of("Vary", "", "Vary", "*"), Fields.empty()).isAny());
    assertTrue(Vary.of(Fields.of("Vary", "A", "Vary", "*"), Fields.empty()).isAny());
  }

  @ParameterizedTest(name = "{0}: [{1}] and [{2}]: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Foo             | 1               | 1                 | true
          Foo             | 1               | 2                 | false
          Foo             | 1,2             | 1 ,\t2            | true
          Foo             | 1, 2            | 2, 1              | false
          Foo             | a               | A                 | false
          Foo             | "a, b"          | "a,b"             | false
          Foo             | a b             | a  b              | false
          Foo             | 1               | 1,                | false
          Foo             | 1               | ,1                | false
          Foo             | 1,2             | 1,,2              | false
          Foo             | 1,,2            | 1 , , 2           | true
          Foo             | "a\\", b"        | "a\\",b"           | false
          Foo             | "a\\\\", b        | "a\\\\",b            | true
          Foo             | a\\", b         | a\\",b             | false
          Foo             | "a", "b , c"    | "a","b , c"       | true
          Foo             | "a , b          | "a,b              | false
          Accept-Language | en, de          | de, en            | true
          Accept-Language | en, de          | eN, De            | true
          Accept-Language | en;q=0.5, de    | de,en ;\tq=0.5    | true
          Accept-Language | en;q=0.5, de    | de;q=0.5, en      | false
          Accept-Language | de              | d e               | false
          Accept-Language | de              | d\te              | false
          Accept-Language | de              | de;               | false
          Accept-Language | de              | de,               | true
          accept-encoding | gzip, br        | BR,GZip           | true
          Accept          | text/a, text/b  | text/b, text/a    | false
          """)
  void matchesWhatMeansTheSame(String name, String stored, String presented, boolean matches) {
    Vary vary = Vary.of(Fields.of("Vary", name), Fields.of(name, stored));
    assertEquals(matches, vary.matches(Fields.of(name, presented)));
    assertEquals(matches, vary.key().equals(vary.keyOf(Fields.of(name, presented))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Via",
        "forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
        "X-Real-IP"
      })
  void whatAProxyWritesItselfSelectsNothing(String name) {
    assertTrue(Vary.of(Fields.of("Vary", "A, " + name), Fields.of(name, "1")).isAny());
    assertFalse(Vary.of(Fields.of("Vary", "A, X-" + name), Fields.of(name, "1")).isAny());
  }

  @Test
  void severalLinesAreOneList() {
    Vary vary = Vary.of(Fields.of("Vary", "Foo"), Fields.of("Foo", "1, 2"));
    assertTrue(vary.matches(Fields.of("Foo", "1", "foo", "2")));
    assertFalse(vary.matches(Fields.of("Foo", "1", "foo", "2", "foo", "")));
  }

  @Test
  void anAbsentFieldMatchesAnAbsentOneOnly() {
    Vary absent = Vary.of(Fields.of("Vary", "Foo"), Fields.of("Bar", "1"));
    assertTrue(absent.matches(Fields.empty()));
    assertFalse(absent.matches(Fields.of("Foo", "")));
    assertFalse(Vary.of(Fields.of("Vary", "Foo"), Fields.of("Foo", "1")).matches(Fields.empty()));
  }

  @Test
  void everySelectingFieldHasToMatch() {
    Fields request = Fields.of("Foo", "1", "Bar", "2", "Baz", "3");
    Vary vary = Vary.of(Fields.of("Vary", "Foo, bar", "Vary", "BAZ, foo"), request);
    assertEquals(
        List.of(FieldName.of("Bar"), FieldName.of("Baz"), FieldName.of("Foo")), vary.names());
    assertEquals("[bar, baz, foo]", vary.toString());
    assertTrue(vary.matches(Fields.of("Baz", "3", "Other", "4", "Bar", "2", "Foo", "1")));
    assertFalse(vary.matches(Fields.of("Foo", "1", "Bar", "2")));
    assertFalse(vary.matches(Fields.of("Foo", "1", "Bar", "3", "Baz", "2")));
  }

  @Test
  void aValueCannotPassForAnotherField() {
    Vary vary = Vary.of(Fields.of("Vary", "A, B"), Fields.of("A", "b:1"));
    assertNotEquals(vary.key(), vary.keyOf(Fields.of("A", "", "B", "1")));
  }
}
