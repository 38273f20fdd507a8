package io.tidegate.forward.privacy;

import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import java.util.Optional;

/**
 * What upstreams are told about clients.
 *
 * @param anonymity how much they learn at all
 * @param forwarded the fields that tell the client's address, if they learn it
 * @param keepForwardedFields whether what the client, or a proxy before, says about its address is
 *     passed on
 * @param referer what becomes of Referer
 * @param userAgent what stands in place of every User-Agent: a value, or an empty text for no such
 *     field; empty to pass on what the client sent
 * @param removeClientHints whether Sec-CH-* and its older kin are removed
 */
public record PrivacySettings(
    Anonymity anonymity,
    ForwardedMode forwarded,
    boolean keepForwardedFields,
    RefererRule referer,
    Optional<String> userAgent,
    boolean removeClientHints) {
  /** What an uncalled builder method means. */
  public static final PrivacySettings DEFAULT =
      new PrivacySettings(
          Anonymity.ANONYMOUS,
          ForwardedMode.FORWARDED,
          false,
          RefererRule.KEEP,
          Optional.empty(),
          false);

  /** Rejects what cannot work. */
  public PrivacySettings {
    Checks checks = new Checks();
    boolean tells = anonymity == Anonymity.TRANSPARENT;
    if (tells && forwarded == ForwardedMode.OFF) {
      checks.reject("forwarded", forwarded, "fields that tell the address, or another anonymity");
    }
    if (!tells && forwarded != ForwardedMode.FORWARDED) {
      checks.reject("forwarded", forwarded, "anonymity TRANSPARENT beside it");
    }
    if (keepForwardedFields && anonymity == Anonymity.HIGH) {
      checks.reject("keepForwardedFields", true, "another anonymity than HIGH");
    }
    userAgent
        .filter(text -> !isValue(text))
        .ifPresent(
            text ->
                checks.reject(
                    "userAgent",
                    "a value",
                    "ISO-8859-1 without control characters, nor space at its ends"));
    checks.done();
  }

  private static boolean isValue(String text) {
    return text.strip().length() == text.length() && Ascii.isFieldValue(text);
  }
}
