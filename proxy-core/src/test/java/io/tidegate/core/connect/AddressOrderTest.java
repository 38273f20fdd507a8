package io.tidegate.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8305 §4. */
class AddressOrderTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "::1,                              ::1",
    "1.1.1.1 2.2.2.2,                  1.1.1.1 2.2.2.2",
    "::1 ::2 1.1.1.1,                  ::1 1.1.1.1 ::2",
    "1.1.1.1 2.2.2.2 ::1,              1.1.1.1 ::1 2.2.2.2",
    "1.1.1.1 2.2.2.2 3.3.3.3 ::1 ::2,  1.1.1.1 ::1 2.2.2.2 ::2 3.3.3.3",
    "::1 1.1.1.1 2.2.2.2 3.3.3.3,      ::1 1.1.1.1 2.2.2.2 3.3.3.3"
  })
  void familiesTakeTurnsInTheOrderOfTheResolver(String given, String expected) {
    assertEquals(addresses(expected), AddressOrder.interleave(addresses(given)));
  }

  private static List<InetAddress> addresses(String texts) {
    return Stream.of(texts.split(" ")).map(Ip::parse).map(Objects::requireNonNull).toList();
  }
}
