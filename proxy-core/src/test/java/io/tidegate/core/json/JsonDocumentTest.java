package io.tidegate.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {
  /** What a user can set, one component for each kind of value. */
  public record Gate(
      Tide tide,
      int ships,
      long cargoBytes,
      double slope,
      boolean open,
      String keeper,
      Duration patience,
      Optional<String> motto,
      Optional<Key> key,
      List<Berth> berths,
      Set<String> flags,
      Map<String, Integer> depths,
      Optional<AddressRange> harbour,
      Optional<LocalTime> noon,
      Inner inner) {
    public Gate {
      new Checks()
          .atLeast("ships", ships, 0)
          .duration("howLong", patience)
          .atLeast("berths", berths.size(), 0)
          .done();
      berths.forEach(
          berth -> {
            if (berth.ship().isBlank()) {
              throw new IllegalArgumentException("ship:  (expected: a name)");
            }
          });
    }
  }

  public enum Tide {
    LOW,
    HIGH_WATER
  }

  public record Key(Secret secret, int copies) {
    public static final Key DEFAULT = new Key(Secret.environment("KEY"), 1);
  }

  public record Berth(String ship, Optional<Duration> stay, boolean fixed) {}

  public record Inner(int a, int b) {
    public Inner {
      new Checks().between("a", a, 0, 9).between("b", b, 0, 9).done();
    }
  }

  private static final Gate DEFAULT =
      new Gate(
          Tide.LOW,
          3,
          1024,
          0.5,
          false,
          "Ann",
          Duration.ofSeconds(3),
          Optional.of("on"),
          Optional.empty(),
          List.of(),
          Set.of(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          new Inner(1, 2));

  private static Gate read(String json) {
    return JsonDocument.parse(json).to(DEFAULT);
  }

  private static List<String> problems(String json) {
    return assertThrows(InvalidSettingsException.class, () -> read(json)).problems();
  }

  @Test
  void whatIsNotSaidIsAsByDefault() {
    assertEquals(DEFAULT, read("{}"));
    assertEquals(new Inner(1, 7), read("{\"inner\": {\"b\": 7}}").inner());
    assertEquals("{ }\n", SettingsFormat.of(DEFAULT).write(DEFAULT));
  }

  @Test
  void everythingIsReadAsItIsWritten() {
    Gate gate =
        new Gate(
            Tide.HIGH_WATER,
            0,
            1L << 40,
            1e-9,
            true,
            "Bea \"B\" \u00e9\n",
            Duration.ofMillis(1500),
            Optional.empty(),
            Optional.of(new Key(Secret.file("/run/key"), 1)),
            List.of(
                new Berth("a", Optional.of(Duration.ofNanos(1)), true),
                new Berth("b", Optional.empty(), false)),
            new LinkedHashSet<>(List.of("z", "a")),
            Map.of("north", 5, "south", -6),
            Optional.of(AddressRange.parse("10.0.0.0/8")),
            Optional.of(LocalTime.of(12, 30)),
            new Inner(1, 9));
    String json =
        """
        {
          "tide": "high-water",
          "ships": 0,
          "cargoBytes": 1099511627776,
          "slope": 1.0E-9,
          "open": true,
          "keeper": "Bea \\"B\\" \u00e9\\n",
          "patience": "1500ms",
          "motto": null,
          "key": {
            "secret": {
              "file": "/run/key"
            }
          },
          "berths": [ {
            "ship": "a",
            "stay": "PT0.000000001S",
            "fixed": true
          }, "b" ],
          "flags": [ "a", "z" ],
          "depths": {
            "north": 5,
            "south": -6
          },
          "harbour": "10.0.0.0/8",
          "noon": "12:30",
          "inner": {
            "b": 9
          }
        }
        """;
    assertEquals(json, SettingsFormat.of(DEFAULT).write(gate));
    assertEquals(gate, read(json));
  }

  @ParameterizedTest
  @CsvSource({
    "0s, PT0S, 0s",
    "1ms, PT0.001S, 1ms",
    "1500ms, PT1.5S, 1500ms",
    "3s, PT3S, 3s",
    "90s, PT1M30S, 90s",
    "120s, PT2M, 2m",
    "60m, PT1H, 1h",
    "48h, PT48H, 2d",
    "7d, PT168H, 7d",
    "PT1.5S, PT1.5S, 1500ms",
    "P1D, PT24H, 1d",
    "99999999s, PT27777H46M39S, 99999999s",
    "100000000s, PT27777H46M40S, PT27777H46M40S",
    "PT0.0001S, PT0.0001S, PT0.0001S",
    "PT-3S, PT-3S, PT-3S"
  })
  void durationsHaveUnits(String text, Duration duration, String written) {
    assertEquals(duration, Durations.parse(text));
    assertEquals(written, Durations.text(duration));
    assertEquals(duration, Durations.parse(written));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "3 s", "3S", "1.5s", "-3s", "-PT3S", "+PT3S", "pt3s", "PT", "P"})
  void otherTextsAreNoDurations(String text) {
    assertNull(Durations.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0B, 0",
    "1kB, 1000",
    "64 KiB, 65536",
    "256MiB, 268435456",
    "10GB, 10000000000",
    "8191TiB, 9006099743113216"
  })
  void sizesHaveUnits(String text, long octets) {
    assertEquals(octets, read("{\"cargoBytes\": \"" + text + "\"}").cargoBytes());
  }

  @ParameterizedTest
  @CsvSource({"low, LOW", "HIGH_WATER, HIGH_WATER", "High-Water, HIGH_WATER"})
  void constantsAreWrittenInAnyCase(String text, Tide tide) {
    assertEquals(tide, read("{\"tide\": \"" + text + "\"}").tide());
  }

  @Test
  void commentsAreTaken() {
    assertEquals(4, read("// four\n{\"ships\": /* yes */ 4} // end").ships());
  }

  @Test
  void theSchemaThatATextFollowsIsForEditors() {
    assertEquals(4, read("{\"$schema\": \"gate.schema.json\", \"ships\": 4}").ships());
    assertEquals(1, problems("{\"$schema\": 1}").size());
    assertEquals(1, problems("{\"inner\": {\"$schema\": \"x\"}}").size());
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    assertEquals(DEFAULT, read("\ufeff{}"));
  }

  @ParameterizedTest(name = "{index}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"ships": "two"}                    | $.ships: "two" (expected: a whole number, or a size like 64KiB or 256MiB)
          {"ships": 1.5}                      | $.ships: 1.5 (expected: a whole number, or a size like 64KiB or 256MiB)
          {"ships": 2147483648}               | $.ships: 2147483648 (expected: a whole number, or a size like 64KiB or 256MiB)
          {"cargoBytes": 9223372036854775808} | $.cargoBytes: 9223372036854775808 (expected: a whole number, or a size like 64KiB or 256MiB)
          {"cargoBytes": "9999999999TiB"}     | $.cargoBytes: "9999999999TiB" (expected: a whole number, or a size like 64KiB or 256MiB)
          {"slope": "1"}                      | $.slope: "1" (expected: a number)
          {"slope": 1e999}                    | $.slope: "Infinity" (expected: a number)
          {"open": 1}                         | $.open: 1 (expected: true or false)
          {"open": null}                      | $.open: null (expected: true or false)
          {"keeper": 5}                       | $.keeper: 5 (expected: a text)
          {"patience": 3}                     | $.patience: 3 (expected: a duration like 500ms, 3s, 10m, 24h, 7d or PT1.5S)
          {"patience": "3 weeks"}             | $.patience: "3 weeks" (expected: a duration like 500ms, 3s, 10m, 24h, 7d or PT1.5S)
          {"patience": "PT"}                  | $.patience: "PT" (expected: a duration like 500ms, 3s, 10m, 24h, 7d or PT1.5S)
          {"tide": "ebb"}                     | $.tide: "ebb" (expected: one of low, high-water)
          {"berths": {}}                      | $.berths: an object (expected: a list)
          {"inner": {"aa": 1}}                | $.inner.aa: unknown key, perhaps a (expected: one of a, b)
          {"bert hs": []}                     | $["bert hs"]: unknown key, perhaps berths (expected: one of tide, ships, cargoBytes, slope, open, keeper, patience, motto, key, berths, flags, depths, harbour, noon, inner)
          {"berths": [5]}                     | $.berths[0]: 5 (expected: a text)
          {"berths": [{"ship":"a"}, {}]}      | $.berths[1].ship: missing (expected: a text)
          {"depths": []}                      | $.depths: a list (expected: an object)
          {"depths": {"north": "deep"}}       | $.depths.north: "deep" (expected: a whole number, or a size like 64KiB or 256MiB)
          {"harbour": "10.0.0.1/8"}           | $.harbour: "10.0.0.1/8" (expected: no address bits beyond the prefix)
          {"noon": "25:00"}                   | $.noon: "25:00" (expected: a LocalTime)
          {"key": {"secret": "hunter2"}}      | $.key.secret: a text (expected: {"file": path} or {"env": name of a variable})
          {"key": {"secret": {"value": "x"}}} | $.key.secret: an object (expected: {"file": path} or {"env": name of a variable})
          {"key": {"secret": {"file": "x", "env": "Y"}}} | $.key.secret: an object (expected: {"file": path} or {"env": name of a variable})
          {"key": "hunter2"}                  | $.key: a text (expected: an object)
          {"Ships": 1}                        | $.Ships: unknown key, perhaps ships (expected: one of tide, ships, cargoBytes, slope, open, keeper, patience, motto, key, berths, flags, depths, harbour, noon, inner)
          {"inner": {"a": 10}}                | $.inner.a: 10 (expected: 0 to 9)
          {"ships": -1}                       | $.ships: -1 (expected: >= 0)
          {"patience": "0ms"}                 | $.patience: PT0S (expected: more than 0, at most 365 days)
          {"berths": [{"ship":"a"},{"ship":" "}]} | $: ship:  (expected: a name)
          []                                  | $: a list (expected: an object)
          5                                   | $: a number (expected: an object)
          '{"ships": 1, "ships": 2}'          | $.ships: Duplicate field 'ships', line 1, column 21 (expected: JSON)
          {} {}                               | $: more than one value (expected: an object and nothing behind it)
          {"inner": {"a": hunter2}}           | $.inner.a: Unrecognized token, line 1, column 17 (expected: JSON)
          ''                                  | $: empty (expected: an object)
          """)
  void whatIsWrongIsSaidWithItsPath(String json, String problem) {
    assertEquals(List.of(problem), problems(json));
  }

  @Test
  void ofMuchThatIsWrongAHundredAreSaidAndTheOthersCounted() {
    for (int wrong : new int[] {100, 101, 150}) {
      List<String> problems = problems("{\"berths\": [" + "5, ".repeat(wrong - 1) + "5]}");
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        expected.add("$.berths[" + i + "]: 5 (expected: a text)");
      }
      if (wrong > 100) {
        expected.add("$: and " + (wrong - 100) + " more (expected: none)");
      }
      assertEquals(expected, problems);
    }
  }

  @Test
  void everythingWrongIsSaidAtOnce() {
    assertEquals(
        List.of(
            "$.boat: unknown key",
            "$.open: \"no\" (expected: true or false)",
            "$.berths[0].stay: \"long\" (expected: a duration",
            "$.berths[2].ship: missing (expected: a text)",
            "$.inner.a: \"x\" (expected: a whole number",
            "$.inner.b: 10 (expected: 0 to 9)"),
        problems(
                """
                {"open": "no", "boat": 1, "inner": {"b": 10, "a": "x"},
                 "berths": [{"ship": "a", "stay": "long"}, {"ship": "b"}, {"stay": "1s"}]}
                """)
            .stream()
            .map(problem -> problem.replaceAll("(unknown key|a duration|a whole number).*", "$1"))
            .toList());
  }

  @Test
  void depthIsBounded() {
    List<String> problems = problems("[".repeat(65));
    assertEquals(1, problems.size());
    assertTrue(problems.get(0).startsWith("$[0][0]"), problems.get(0));
    assertTrue(problems.get(0).contains("nesting depth"), problems.get(0));
  }

  @Test
  void aLongValueIsNotRepeatedAtLength() {
    String problem = problems("{\"ships\": \"" + "x".repeat(1000) + "\"}").get(0);
    assertTrue(problem.length() < 200, problem);
  }

  @Test
  void aSecretThatStandsNowhereElseIsNeverWritten() {
    Gate gate =
        new Gate(
            Tide.LOW,
            3,
            1024,
            0.5,
            false,
            "Ann",
            Duration.ofSeconds(3),
            Optional.of("on"),
            Optional.of(new Key(Secret.of("hunter2"), 2)),
            List.of(),
            Set.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            new Inner(1, 2));
    Exception refusal =
        assertThrows(InvalidSettingsException.class, () -> SettingsFormat.of(DEFAULT).write(gate));
    assertEquals(
        "$.key.secret: a secret as it is (expected: one in a file or an environment variable)",
        refusal.getMessage());
  }

  @Test
  void partsOfATextHaveTheirPaths() {
    JsonDocument document = JsonDocument.parse("{\"gate\": {\"ships\": true}, \"b\": 1}");
    assertEquals(List.of("gate", "b"), List.copyOf(document.keys()));
    Exception refusal =
        assertThrows(InvalidSettingsException.class, () -> document.get("gate").to(DEFAULT));
    assertTrue(
        String.valueOf(refusal.getMessage()).startsWith("$.gate.ships: true (expected: "),
        refusal.getMessage());
    assertThrows(InvalidSettingsException.class, () -> document.get("b").keys());
  }

  @Test
  void filesAreReadAsUtf8(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("gate.json");
    Files.writeString(file, "{\"keeper\": \"Zo\u00eb\"}", StandardCharsets.UTF_8);
    assertEquals("Zo\u00eb", JsonDocument.read(file).to(DEFAULT).keeper());
    Files.writeString(file, "{\"keeper\": \"Zo\u00eb\"}", StandardCharsets.ISO_8859_1);
    assertFileProblem("no text (expected: UTF-8)", file);
    assertFileProblem("cannot be read (expected: a file in JSON)", directory.resolve("none"));
    assertFileProblem("cannot be read (expected: a file in JSON)", directory);
    Files.writeString(file, " ".repeat((16 << 20) + 1));
    assertFileProblem("too long (expected: at most 16 MiB)", file);
  }

  private static void assertFileProblem(String problem, Path file) {
    Exception refusal = assertThrows(InvalidSettingsException.class, () -> JsonDocument.read(file));
    assertEquals(file + ": " + problem, refusal.getMessage());
    assertFalse(String.valueOf(refusal.getMessage()).contains("Exception"));
  }
}
