package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {
  @ParameterizedTest
  @CsvSource({
    "false, a.example,  80,   a.example:80,     a.example,         http://a.example:80",
    "false, a.example,  443,  a.example:443,    a.example:443,     http://a.example:443",
    "true,  a.example,  443,  a.example:443,    a.example,         https://a.example:443",
    "true,  192.0.2.1,  8443, 192.0.2.1:8443,   192.0.2.1:8443,    https://192.0.2.1:8443",
    "false, 2001:db8::1, 80,  [2001:db8::1]:80, [2001:db8::1],     http://[2001:db8::1]:80"
  })
  void itIsWrittenAsUrisAreWritten(
      boolean secure, String host, int port, String authority, String field, String text) {
    Destination destination = new Destination(secure, host, port, null);
    assertEquals(authority, destination.authority());
    assertEquals(field, destination.hostField());
    assertEquals(text, destination.toString());
  }

  @Test
  void equalDestinationsShareConnectionsAndOthersDoNot() {
    Destination plain = new Destination(false, "a", 443, null);
    assertEquals(plain, new Destination(false, "a", 443, null));
    assertNotEquals(plain, new Destination(true, "a", 443, null));
  }

  @Test
  void onlyOneDestinationIsTriedOnce() {
    Destination destination = new Destination(false, "a", 80, null);
    Destinations only = Destinations.only(destination);
    assertEquals(destination, only.next());
    only.finished(destination, null);
    assertNull(only.next());
  }
}
