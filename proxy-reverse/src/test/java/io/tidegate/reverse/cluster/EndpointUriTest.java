package io.tidegate.reverse.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.reverse.EndpointSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointUriTest {
  @Test
  void aPasswordIsNotShown() {
    Exception refused =
        assertThrows(
            InvalidSettingsException.class,
            () -> new EndpointSettings("http://user:s3cret@app:80", 0));
    assertFalse(refused.getMessage().contains("s3cret"), refused.getMessage());
    assertTrue(refused.getMessage().contains("http://…@app:80"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "http://10.0.0.1:8080, false, 10.0.0.1, 8080",
    "http://app, false, app, 80",
    "https://App.Internal, true, app.internal, 443",
    "HTTPS://app:8443, true, app, 8443",
    "http://[::1]:81, false, ::1, 81",
    "http://[2001:DB8::1], false, 2001:db8::1, 80",
    "http://my_service:80, false, my_service, 80",
  })
  void namesADestination(String uri, boolean secure, String host, int port) {
    assertEquals(new Destination(secure, host, port, null), EndpointUri.parse(uri));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "app",
        "app:80",
        "://app",
        "ftp://app",
        "http://",
        "http:///",
        "http://app/",
        "http://app/x",
        "http://app?x",
        "http://app#x",
        "http://user@app",
        "http://user:word@app",
        "http://app:0",
        "http://app:65536",
        "http://app:x",
        "http://app:",
        "http://:80",
        "http://a b",
        "http://%61pp",
        "http://::1",
        "http://[::1",
      })
  void anythingElseNamesNone(String uri) {
    assertNull(EndpointUri.parse(uri));
  }
}
