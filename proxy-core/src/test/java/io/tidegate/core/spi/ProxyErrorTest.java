package io.tidegate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyErrorTest {
  @ParameterizedTest
  @EnumSource(ProxyError.class)
  void itsTokenIsItsNameAndItsStatusAnError(ProxyError error) {
    assertEquals(error.name().toLowerCase(java.util.Locale.ROOT), error.token());
    assertTrue(error.status() >= 400 && error.status() < 600);
    assertEquals(error.status(), Failure.of(error, "why").status());
  }

  @Test
  void failuresOfClientsAndPoliciesHaveTheirStatus() {
    assertEquals(414, Failure.badRequest(414, "long").status());
    assertEquals(ProxyError.HTTP_REQUEST_ERROR, Failure.badRequest(414, "long").error());
    assertEquals(403, Failure.denied("no").status());
    assertEquals(ProxyError.HTTP_REQUEST_DENIED, Failure.denied("no").error());
  }
}
