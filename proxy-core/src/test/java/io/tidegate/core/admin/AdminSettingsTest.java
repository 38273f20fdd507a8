package io.tidegate.core.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which settings of the admin listener are refused. */
class AdminSettingsTest {
  private static AdminSettings settings(
      String host, int port, boolean token, boolean without, String names, String range) {
    return new AdminSettings(
        host,
        port,
        token ? Optional.of(Secret.of("correct-horse-battery")) : Optional.empty(),
        without,
        names.isEmpty() ? List.of() : List.of(names.split(" ")),
        Stream.of(range).filter(text -> !text.isEmpty()).map(AddressRange::parse).toList(),
        false,
        false,
        false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.1 | 0     | true  | false | ''      | ''
          ::1       | 65535 | false | true  | ''      | ''
          LocalHost | 9901  | false | true  | a.b c-d | ''
          192.0.2.1 | 9901  | true  | false | ''      | 10.0.0.0/8
          gate      | 9901  | true  | false | ''      | 10.0.0.0/8
          """)
  void whatIsSafeWillDo(
      String host, int port, boolean token, boolean without, String names, String range) {
    assertEquals(host, settings(host, port, token, without, names, range).host());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.1 | 65536 | true  | false | ''  | ''         | port: 65536 (expected: 0 to 65535)
          127.0.0.1 | -1    | true  | false | ''  | ''         | port: -1 (expected: 0 to 65535)
          ''        | 1     | true  | false | ''  | 10.0.0.0/8 | host:  (expected: a name or an IP address)
          127.0.0.1 | 1     | true  | false | a:1 | ''         | hosts: a:1 (expected: a name without a port)
          127.0.0.1 | 1     | true  | true  | ''  | ''         | withoutToken: true (expected: no token beside it)
          gate      | 1     | false | true  | ''  | 10.0.0.0/8 | withoutToken: true (expected: a token, as gate is no loopback address)
          192.0.2.1 | 1     | true  | false | ''  | ''         | clients: none (expected: ranges, as 192.0.2.1 is no loopback address)
          """)
  void whatIsUnsafeOrNoneIsRefused(
      String host,
      int port,
      boolean token,
      boolean without,
      String names,
      String range,
      String problem) {
    assertEquals(List.of(problem), problems(host, port, token, without, names, range));
  }

  @Test
  void everythingThatIsWrongIsSaid() {
    assertEquals(
        List.of(
            "port: 65536 (expected: 0 to 65535)",
            "hosts: a:1 (expected: a name without a port)",
            "hosts: b:2 (expected: a name without a port)",
            "withoutToken: true (expected: no token beside it)",
            "withoutToken: true (expected: a token, as gate is no loopback address)"),
        problems("gate", 65536, true, true, "a:1 b:2", ""));
  }

  private static List<String> problems(
      String host, int port, boolean token, boolean without, String names, String range) {
    return assertThrows(
            InvalidSettingsException.class,
            () -> settings(host, port, token, without, names, range))
        .problems();
  }
}
