package io.tidegate.core.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.Destination;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamSourceTest {
  @ParameterizedTest
  @CsvSource({
    "false, www.example.com, 80",
    "false, 192.0.2.1, 8080",
    "true, www.example.com, 443",
    "true, 2001:db8::1, 8443",
    "false, ::1, 80"
  })
  void whatTheStoreKeepsIsTheDestinationAgain(boolean secure, String host, int port) {
    Destination destination = new Destination(secure, host, port, null);
    assertEquals(destination, UpstreamSource.parse(destination.toString()));
  }
}
