package io.tidegate.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Confidential;
import io.tidegate.core.spi.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {
  enum Tide {
    HIGH_WATER
  }

  record Ship(String name, Optional<String> owner, OptionalInt crew, Tide tide, List<Ship> boats) {}

  private static Ship ship(String name, Ship... boats) {
    return new Ship(name, Optional.empty(), OptionalInt.empty(), Tide.HIGH_WATER, List.of(boats));
  }

  @Test
  void aRecordIsAnObjectWithWhatIsThere() {
    assertEquals(
        "{\"name\":\"a\",\"tide\":\"high-water\",\"boats\":"
            + "[{\"name\":\"b\",\"tide\":\"high-water\",\"boats\":[]}]}",
        JsonText.of(ship("a", ship("b"))));
    assertEquals(
        "{\"name\":\"a\",\"owner\":\"Ann\",\"crew\":3,\"tide\":\"high-water\",\"boats\":[]}",
        JsonText.of(
            new Ship("a", Optional.of("Ann"), OptionalInt.of(3), Tide.HIGH_WATER, List.of())));
  }

  @Test
  void aMapKeepsItsOrderAndItsNulls() {
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put("z", 1L << 60);
    map.put(Tide.HIGH_WATER, null);
    map.put("a", Arrays.asList(true, null, Optional.empty(), 0.5, Double.NaN, 1f / 0));
    assertEquals(
        "{\"z\":1152921504606846976,\"high-water\":null,\"a\":[true,null,null,0.5,null,null]}",
        JsonText.of(map));
  }

  @Test
  void whatSettingsHaveAsTextIsText() {
    assertEquals(
        "[\"1500ms\",\"10.0.0.0/8\",\"2026-01-02T03:04:05Z\"]",
        JsonText.of(
            List.of(
                Duration.ofMillis(1500),
                AddressRange.parse("10.0.0.0/8"),
                Instant.parse("2026-01-02T03:04:05Z"))));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"34, \"\\\"\"", "92, \"\\\\\"", "10, \"\\n\"", "0, \"\\u0000\"", "233, \"\u00e9\""})
  void textsAreEscaped(int character, String json) {
    assertEquals(json, JsonText.of(Character.toString(character)));
  }

  @Test
  void aSecretIsToldByWhereItStands() {
    assertEquals(
        "[{\"file\":\"/run/key\"},{\"env\":\"KEY\"},\"hidden\"]",
        JsonText.of(
            List.of(Secret.file("/run/key"), Secret.environment("KEY"), Secret.of("hunter2"))));
  }

  record Badge(String name, @Confidential String code, @Confidential Optional<String> motto) {}

  @Test
  void whatIsConfidentialIsHiddenIfItIsThere() {
    assertEquals(
        "[{\"name\":\"a\",\"code\":\"hidden\"},"
            + "{\"name\":\"b\",\"code\":\"hidden\",\"motto\":\"hidden\"}]",
        JsonText.of(
            List.of(
                new Badge("a", "hunter2", Optional.empty()),
                new Badge("b", "hunter3", Optional.of("hunter4")))));
  }

  @Test
  void whatIsNoDataIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> JsonText.of(List.of(new Object())));
  }
}
