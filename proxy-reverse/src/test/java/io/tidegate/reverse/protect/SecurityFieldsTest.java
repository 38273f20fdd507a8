package io.tidegate.reverse.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.InvalidSettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurityFieldsTest {
  private static SecurityFields fields(Consumer<SecurityFieldBuilder> details) {
    SecurityFieldBuilder builder = new SecurityFieldBuilder();
    details.accept(builder);
    return new SecurityFields(builder.settings());
  }

  private static List<String> answered(SecurityFields own, boolean secure, String... ofUpstream) {
    FieldEdits edits = new FieldEdits(Fields.of(ofUpstream));
    own.apply(edits, secure);
    Fields result = edits.toFields();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < result.size(); i++) {
      lines.add(result.name(i) + ": " + result.value(i));
    }
    return lines;
  }

  @Test
  void theUsualOnesAreAdded() {
    assertEquals(
        List.of(
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: strict-origin-when-cross-origin",
            "X-Frame-Options: SAMEORIGIN",
            "Content-Security-Policy: frame-ancestors 'self'"),
        answered(fields(SecurityFieldBuilder::usual), true));
  }

  @Test
  void othersAreAddedAsTheUserSays() {
    assertEquals(
        List.of(
            "Permissions-Policy: camera=()",
            "Cross-Origin-Opener-Policy: same-origin",
            "Cross-Origin-Embedder-Policy: require-corp",
            "Cross-Origin-Resource-Policy: same-site"),
        answered(
            fields(
                f ->
                    f.permissionsPolicy("camera=()")
                        .openerPolicy("same-origin")
                        .embedderPolicy("require-corp")
                        .resourcePolicy("same-site")),
            false));
  }

  @ParameterizedTest
  @CsvSource({
    "false, true, max-age=31536000",
    "true, true, max-age=31536000; includeSubDomains",
    "true, false, ''",
  })
  void strictTransportSecurityIsSentOnTlsOnly(boolean subdomains, boolean secure, String value) {
    SecurityFields own = fields(f -> f.strictTransportSecurity(Duration.ofDays(365), subdomains));
    assertEquals(
        value.isEmpty() ? List.of() : List.of("Strict-Transport-Security: " + value),
        answered(own, secure));
    assertEquals(false, own.treatsAllAlike());
  }

  @Test
  void whatBrowsersMayBuildInIsForTwoYearsAndAllSubdomains() {
    assertEquals(
        List.of("Strict-Transport-Security: max-age=63072000; includeSubDomains; preload"),
        answered(fields(SecurityFieldBuilder::preloadedStrictTransportSecurity), true));
  }

  @Test
  void withoutItAllRequestsGetTheSame() {
    assertEquals(true, fields(SecurityFieldBuilder::usual).treatsAllAlike());
  }

  @Test
  void whatTheApplicationSetStays() {
    String[] upstream = {
      "X-Content-Type-Options", "none",
      "referrer-policy", "no-referrer",
      "Strict-Transport-Security", "max-age=1",
      "X-Frame-Options", "DENY"
    };
    assertEquals(
        List.of(
            "X-Content-Type-Options: none",
            "referrer-policy: no-referrer",
            "Strict-Transport-Security: max-age=1",
            "X-Frame-Options: DENY"),
        answered(
            fields(f -> f.usual().strictTransportSecurity(Duration.ofDays(1), false)),
            true,
            upstream));
  }

  @Test
  void unlessTheUserSaysOtherwise() {
    assertEquals(
        List.of(
            "A: 1",
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: strict-origin-when-cross-origin",
            "X-Frame-Options: SAMEORIGIN",
            "Content-Security-Policy: default-src 'self'; img-src *",
            "Content-Security-Policy: script-src b",
            "Content-Security-Policy: frame-ancestors 'self'"),
        answered(
            fields(f -> f.usual().overwrite()),
            false,
            "X-Frame-Options",
            "DENY",
            "A",
            "1",
            "Content-Security-Policy",
            "default-src 'self'; Frame-Ancestors *; img-src *, script-src b",
            "Referrer-Policy",
            "no-referrer"));
  }

  @ParameterizedTest
  @CsvSource({
    "'none', DENY",
    "'self', SAMEORIGIN",
    "https://a.example, ''",
  })
  void framesAreAlsoToldToOldBrowsersIfTheyCanBe(String sources, String option) {
    String text = sources.startsWith("https") ? sources : "'" + sources + "'";
    List<String> expected = new ArrayList<>();
    if (!option.isEmpty()) {
      expected.add("X-Frame-Options: " + option);
    }
    expected.add("Content-Security-Policy: frame-ancestors " + text);
    assertEquals(expected, answered(fields(f -> f.frameAncestors(text)), false));
  }

  @Test
  void aPolicyOfTheApplicationWithoutFramesIsKeptBesideOurs() {
    assertEquals(
        List.of(
            "Content-Security-Policy: default-src 'self'",
            "X-Frame-Options: DENY",
            "Content-Security-Policy: frame-ancestors 'none'"),
        answered(
            fields(f -> f.frameAncestors("'none'")),
            false,
            "Content-Security-Policy",
            "default-src 'self'"));
  }

  @Test
  void whatCannotWorkIsRejected() {
    InvalidSettingsException thrown =
        assertThrows(
            InvalidSettingsException.class,
            () ->
                fields(
                    f ->
                        f.strictTransportSecurity(Duration.ofSeconds(-1), true)
                            .frameAncestors("'self'; script-src *")
                            .referrerPolicy("a\nb")
                            .permissionsPolicy(" ")));
    assertEquals(
        List.of(
            "strictTransportSecurity: max-age=-1; includeSubDomains (expected: max-age=seconds and"
                + " directives)",
            "referrerPolicy: 'a\nb' (expected: a value of a field)",
            "permissionsPolicy: ' ' (expected: a value of a field)",
            "frameAncestors: 'self'; script-src * (expected: sources with spaces between them)"),
        thrown.problems());
  }
}
