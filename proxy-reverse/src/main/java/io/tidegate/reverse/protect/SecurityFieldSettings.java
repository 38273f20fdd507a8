package io.tidegate.reverse.protect;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import java.util.Optional;

/**
 * Fields that tell browsers to be careful. Values are those of the fields; an empty Optional leaves
 * one out.
 *
 * @param strictTransportSecurity Strict-Transport-Security, on TLS only (RFC 6797 §7.2)
 * @param noSniff whether browsers must not guess what content is (X-Content-Type-Options)
 * @param frameAncestors who may show pages in a frame: the value of {@code frame-ancestors} in
 *     Content-Security-Policy
 * @param referrerPolicy Referrer-Policy
 * @param permissionsPolicy Permissions-Policy
 * @param openerPolicy Cross-Origin-Opener-Policy
 * @param embedderPolicy Cross-Origin-Embedder-Policy
 * @param resourcePolicy Cross-Origin-Resource-Policy
 * @param overwrite whether these replace what the application set
 */
public record SecurityFieldSettings(
    Optional<String> strictTransportSecurity,
    boolean noSniff,
    Optional<String> frameAncestors,
    Optional<String> referrerPolicy,
    Optional<String> permissionsPolicy,
    Optional<String> openerPolicy,
    Optional<String> embedderPolicy,
    Optional<String> resourcePolicy,
    boolean overwrite) {
  private static final String TRANSPORT = "max-age=[0-9]{1,10}(; *[A-Za-z]+)*";

  /** Rejects what is no value of a field. */
  public SecurityFieldSettings {
    Checks checks = new Checks();
    if (strictTransportSecurity.filter(value -> !value.matches(TRANSPORT)).isPresent()) {
      checks.reject(
          "strictTransportSecurity",
          strictTransportSecurity.get(),
          "max-age=seconds and directives");
    }
    check(checks, "frameAncestors", frameAncestors);
    check(checks, "referrerPolicy", referrerPolicy);
    check(checks, "permissionsPolicy", permissionsPolicy);
    check(checks, "openerPolicy", openerPolicy);
    check(checks, "embedderPolicy", embedderPolicy);
    check(checks, "resourcePolicy", resourcePolicy);
    if (frameAncestors
        .filter(value -> value.indexOf(';') >= 0 || value.indexOf(',') >= 0)
        .isPresent()) {
      checks.reject("frameAncestors", frameAncestors.get(), "sources with spaces between them");
    }
    checks.done();
  }

  private static void check(Checks checks, String name, Optional<String> value) {
    if (value.filter(text -> text.isBlank() || !Ascii.isFieldValue(text)).isPresent()) {
      checks.reject(name, "'" + value.get() + "'", "a value of a field");
    }
  }
}
