package io.tidegate.core.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "007, 7",
    "1234567890, 1234567890",
    "9223372036854775806, 9223372036854775806",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, 9223372036854775807",
    "9999999999999999999, 9223372036854775807",
    "92233720368547758070, 9223372036854775807",
    "-1, -1",
    "1a, -1",
    "a1, -1",
    "1 , 1",
    "'1 ', -1",
    "'', -1",
    "9999999999999999999x, -1"
  })
  void numbersTooGreatAreTheGreatest(String text, long number) {
    assertEquals(number, Digits.parse(text, 0, text.length()));
  }

  @Test
  void aNumberIsReadBetweenItsEnds() {
    assertEquals(23, Digits.parse("1234", 1, 3));
    assertEquals(-1, Digits.parse("1234", 2, 2));
    assertEquals(-1, Digits.parse("1234", 3, 2));
  }
}
