package io.tidegate.core.log;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import java.util.List;

/**
 * What of a request is not written down.
 *
 * @param ipv4Bits how many bits of an IPv4 address of a client are told, the others being 0
 * @param ipv6Bits how many of an IPv6 address
 * @param withoutQuery whether queries of URIs are left out
 * @param redactedParameters parameters of queries whose values are replaced by {@code redacted}
 * @param redactedFields fields whose values are replaced by {@code redacted}
 * @param showCredentials whether values of Authorization, Proxy-Authorization, Cookie and
 *     Set-Cookie are written where a log asks for them: they too are {@code redacted} otherwise
 */
public record MaskingSettings(
    int ipv4Bits,
    int ipv6Bits,
    boolean withoutQuery,
    List<String> redactedParameters,
    List<String> redactedFields,
    boolean showCredentials) {
  /** Nothing is left out but credentials. */
  public static final MaskingSettings DEFAULT =
      new MaskingSettings(32, 128, false, List.of(), List.of(), false);

  /** Copies the lists; rejects what cannot work. */
  public MaskingSettings {
    redactedParameters = List.copyOf(redactedParameters);
    redactedFields = List.copyOf(redactedFields);
    Checks checks =
        new Checks()
            .between("masking ipv4Bits", ipv4Bits, 0, 32)
            .between("masking ipv6Bits", ipv6Bits, 0, 128);
    redactedParameters.stream()
        .filter(String::isEmpty)
        .forEach(name -> checks.reject("masking redactedParameters", name, "a name"));
    redactedFields.stream()
        .filter(name -> !Ascii.isToken(name))
        .forEach(name -> checks.reject("masking redactedFields", name, "a token"));
    checks.done();
  }
}
