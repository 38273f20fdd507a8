package io.tidegate.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldNameTest {
  @Test
  void namesAreEqualInAnyCaseAndKeepTheirSpelling() {
    FieldName name = FieldName.of("X-TraCE");
    assertEquals(FieldName.of("x-trace"), name);
    assertEquals(FieldName.of("x-trace").hashCode(), name.hashCode());
    assertEquals("X-TraCE", name.toString());
  }

  @ParameterizedTest(name = "{0} is not {1}")
  @CsvSource({"a, b", "ab, a", "a, ab", "a^, a~", "A^b, a~B", "X-A, X_A", "ab, ba"})
  void namesDifferIfAnyCharacterDoes(String one, String other) {
    assertNotEquals(FieldName.of(one), FieldName.of(other));
  }

  @Test
  void charactersThatOnlyLookLikeOneLetterInTwoCasesAreDifferent() {
    // '^' and '~', '`' and '@' differ by the same bit as 'A' and 'a': their names share a hash, no
    // more
    assertEquals(FieldName.of("^").hashCode(), FieldName.of("~").hashCode());
    assertNotEquals(FieldName.of("^"), FieldName.of("~"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a:", "a\r\nb", "a\u0000", "\u00e9", "\u0130", "a/b", "\"a\""})
  void whatIsNoTokenIsNoName(String text) {
    assertThrows(IllegalArgumentException.class, () -> FieldName.of(text));
  }

  @Test
  void aNameIsFoundAmongOctetsBySameHashAndSameLetters() {
    byte[] octets = "xxContent-LENGTHxx".getBytes(ISO_8859_1);
    assertTrue(FieldName.CONTENT_LENGTH.matches(octets, 2, 16));
    assertEquals(FieldName.CONTENT_LENGTH.fieldHash(), FieldName.hash(octets, 2, 16));
    assertFalse(FieldName.CONTENT_LENGTH.matches(octets, 2, 17));
    assertFalse(FieldName.CONTENT_LENGTH.matches(octets, 1, 15));
  }
}
