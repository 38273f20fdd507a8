package io.tidegate.core.tls;

import io.tidegate.core.spi.Checks;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Which cipher suites are spoken, and in which order. */
public final class CipherSuites {
  /**
   * Forward secrecy and authenticated encryption, nothing else: what RFC 9113 §9.2.2 asks of
   * HTTP/2, and RFC 9325 §4.2 of everybody.
   */
  public static final List<String> DEFAULT =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private CipherSuites() {}

  /**
   * Those of {@code wanted}, or else of {@link #DEFAULT}, as far as the platform has them. One that
   * was asked for by name and is not there, is noted in {@code checks}.
   */
  static String[] of(List<String> wanted, String[] supported, Checks checks) {
    Set<String> known = Set.copyOf(Arrays.asList(supported));
    for (int i = 0; i < wanted.size(); i++) {
      if (!known.contains(wanted.get(i))) {
        checks.reject(
            "ciphers[" + i + "]", wanted.get(i), "one of " + String.join(", ", supported));
      }
    }
    return (wanted.isEmpty() ? DEFAULT : wanted)
        .stream().filter(known::contains).toArray(String[]::new);
  }
}
