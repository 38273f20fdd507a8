package io.tidegate.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.UpstreamTlsBuilder;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTlsSettingsTest {
  private static final String PIN = "Mw1co1srxQE2+b7rESF9gRH6xetWena6jK6yLp9+XbY=";

  private static List<String> problems(Consumer<UpstreamTlsBuilder> told) {
    UpstreamTlsBuilder builder = new UpstreamTlsBuilder();
    told.accept(builder);
    return assertThrows(InvalidSettingsException.class, builder::settings).problems();
  }

  @Test
  void nothingSaidIsTheDefault() {
    assertEquals(UpstreamTlsSettings.DEFAULT, new UpstreamTlsBuilder().settings());
  }

  @Test
  void nothingIsLostBetweenBuilderAndSettings() {
    UpstreamTlsSettings all =
        new UpstreamTlsBuilder()
            .trusted(Path.of("ca.pem"))
            .trusted(Path.of("ca.p12"), Secret.file("password"))
            .trustPlatform()
            .certificate(Path.of("own.pem"), Path.of("own.key"), Secret.environment("KEY"))
            .serverName("a.test")
            .pinKey(PIN)
            .pinCertificate("ab".repeat(32))
            .versions(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
            .provider(TlsProvider.JDK)
            .settings();
    assertEquals(
        new UpstreamTlsSettings(
            List.of(
                new TrustedFile("ca.pem", Optional.empty()),
                new TrustedFile("ca.p12", Optional.of(Secret.file("password")))),
            true,
            Optional.of(
                new CertificateSettings(
                    "own.pem", Optional.of("own.key"), Optional.of(Secret.environment("KEY")))),
            Optional.of("a.test"),
            List.of(PIN),
            List.of("ab".repeat(32)),
            UpstreamTlsSettings.Verification.CHAIN,
            List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
            TlsProvider.JDK),
        all);
    assertEquals(all, new UpstreamTlsBuilder().settings(all).settings());
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    assertEquals(
        List.of(
            "trusted: '' (expected: the path of a file)",
            "certificate: ' ' (expected: the path of a file)",
            "pin: abcd (expected: a SHA-256 digest, in base64 or hexadecimal)",
            "serverName: a b (expected: a DNS name or an IP address)",
            "versions: [] (expected: at least one of TLS_1_2, TLS_1_3)"),
        problems(
            tls ->
                tls.trusted(Path.of(""))
                    .certificate(Path.of(" "))
                    .pinKey("abcd")
                    .serverName("a b")
                    .versions()));
  }

  @Test
  void whatIsNotAskedForCannotBeTrusted() {
    assertEquals(
        List.of("pins: none (expected: at least one, as nothing else is trusted)"),
        problems(UpstreamTlsBuilder::trustPinnedOnly));
    assertEquals(
        List.of("pins: [" + PIN + "] (expected: none, as nothing is verified)"),
        problems(tls -> tls.pinKey(PIN).insecureSkipVerification()));
    assertEquals(
        List.of("trusted: authorities (expected: none, as nobody asks them)"),
        problems(tls -> tls.pinKey(PIN).trustPinnedOnly().trusted(Path.of("ca.pem"))));
    assertEquals(
        List.of("trusted: authorities (expected: none, as nobody asks them)"),
        problems(tls -> tls.trustPlatform().insecureSkipVerification()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "330d5ca35b2bc50136f9beeb11217d8111fac5eb567a76ba8caeb22e9f7e5db6",
        "33:0D:5C:A3:5B:2B:C5:01:36:F9:BE:EB:11:21:7D:81:11:FA:C5:EB:56:7A:76:BA:8C:AE:B2:2E:9F:7E:5D:B6"
      })
  void aPinInHexadecimalIsTheOneInBase64(String hex) {
    assertEquals(Fingerprint.parse(PIN), Fingerprint.parse(hex));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Mw1co1srxQE2+b7rESF9gRH6xetWena6jK6yLp9+Xb==", "sha256/abc", "0d5ca35b"})
  void otherTextIsNoPin(String text) {
    assertEquals(null, Fingerprint.parse(text));
  }
}
