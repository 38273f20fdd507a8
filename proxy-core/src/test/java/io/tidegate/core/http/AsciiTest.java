package io.tidegate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AsciiTest {
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String DIGITS = "0123456789";

  @Test
  void tokensAreMadeOfTheCharactersOfRfc9110Section562() {
    assertEquals(sorted("!#$%&'*+-.^_`|~" + DIGITS + LETTERS), all(Ascii::isToken));
  }

  @Test
  void registeredNamesAreMadeOfUnreservedCharactersAndSubDelimsButTheComma() {
    assertEquals(sorted("-._~!$&'()*+;=" + DIGITS + LETTERS), all(Ascii::isRegName));
  }

  @Test
  void digitsAndLettersAreThoseOfAscii() {
    assertEquals(DIGITS, all(Ascii::isDigit));
    assertEquals(sorted(LETTERS), all(Ascii::isLetter));
  }

  @Test
  void everyCharacterOfAFieldValueIsAnOctet() {
    byte[] octets = Ascii.octets("a\u00fc\u00ff");
    assertEquals("[97, -4, -1]", Arrays.toString(octets));
  }

  @Test
  void fieldValuesHoldNoControlCharacterButTab() {
    String others = all(octet -> !Ascii.isFieldValue(octet));
    String controls = all(octet -> (octet < 0x20 && octet != '\t') || octet == 0x7f);
    assertEquals(controls, others);
  }

  @Test
  void requestTargetsAreVisibleAsciiWithoutFragment() {
    assertEquals(all(octet -> octet > 0x20 && octet < 0x7f && octet != '#'), all(Ascii::isTarget));
  }

  @Test
  void nothingBeyondAnOctetIsInAnyClass() {
    for (int octet : new int[] {-1, -128, 256, 0x130, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertFalse(Ascii.isToken(octet) || Ascii.isFieldValue(octet));
      assertFalse(Ascii.isTarget(octet) || Ascii.isRegName(octet));
    }
    assertFalse(Ascii.isFieldValue("\u0130"));
  }

  @Test
  void aTokenHasAtLeastOneCharacterAndAFieldValueNeedsNone() {
    assertFalse(Ascii.isToken(""));
    assertTrue(Ascii.isFieldValue(""));
    assertTrue(Ascii.isToken("X-A"));
    assertFalse(Ascii.isToken("X A"));
    assertFalse(Ascii.isFieldValue("a\r\nb"));
  }

  @Test
  void onlyAsciiLettersHaveALowerCase() {
    for (int octet = 0; octet < 256; octet++) {
      boolean upper = octet >= 'A' && octet <= 'Z';
      assertEquals(upper ? octet + 32 : octet, Ascii.lower(octet));
    }
  }

  @Test
  void hexadecimalDigitsComeInBothCasesAndNothingElseHasAValue() {
    for (int octet = -1; octet < 256; octet++) {
      assertEquals(
          octet >= 0x80 ? -1 : Character.digit((char) octet, 16),
          Ascii.hex(octet),
          "octet " + octet);
    }
  }

  private static String all(IntPredicate test) {
    return IntStream.range(0, 256)
        .filter(test)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static String sorted(String text) {
    return text.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining());
  }
}
