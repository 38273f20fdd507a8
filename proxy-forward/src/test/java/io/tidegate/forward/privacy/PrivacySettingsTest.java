package io.tidegate.forward.privacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.spi.InvalidSettingsException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivacySettingsTest {
  private static List<String> problems(PrivacyBuilder builder) {
    return assertThrows(InvalidSettingsException.class, builder::settings).problems();
  }

  @Test
  void nothingSaidIsTheDefault() {
    assertEquals(PrivacySettings.DEFAULT, new PrivacyBuilder().settings());
    assertEquals(Anonymity.ANONYMOUS, PrivacySettings.DEFAULT.anonymity());
  }

  @Test
  void whatContradictsTheLevelIsRefused() {
    assertEquals(
        List.of("keepForwardedFields: true (expected: another anonymity than HIGH)"),
        problems(new PrivacyBuilder().anonymity(Anonymity.HIGH).keepForwardedFields()));
    assertEquals(
        List.of("forwarded: BOTH (expected: anonymity TRANSPARENT beside it)"),
        problems(new PrivacyBuilder().forwarded(ForwardedMode.BOTH)));
    assertEquals(
        List.of("forwarded: OFF (expected: fields that tell the address, or another anonymity)"),
        problems(
            new PrivacyBuilder().anonymity(Anonymity.TRANSPARENT).forwarded(ForwardedMode.OFF)));
  }

  @ParameterizedTest
  @ValueSource(strings = {" a", "a ", "a\r\nX: b", "\u20ac"})
  void aUserAgentIsAFieldValue(String value) {
    assertEquals(
        List.of(
            "userAgent: a value (expected: ISO-8859-1 without control characters, nor space at its"
                + " ends)"),
        problems(new PrivacyBuilder().userAgent(value)));
  }
}
