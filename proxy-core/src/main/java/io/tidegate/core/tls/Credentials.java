package io.tidegate.core.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one side proves itself with. Equal if key and certificates are.
 *
 * @param key the private key
 * @param chain the certificate for it, and then each time the one of its issuer, as far as they are
 *     known
 */
public record Credentials(PrivateKey key, List<X509Certificate> chain) {
  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

  /** Copies the chain. */
  public Credentials {
    chain = List.copyOf(chain);
  }

  /**
   * The key with those of {@code certificates} that belong to it, in their order.
   *
   * @throws IllegalArgumentException if none does
   */
  static Credentials of(PrivateKey key, Collection<X509Certificate> certificates) {
    List<X509Certificate> rest = new ArrayList<>(certificates);
    X509Certificate next = rest.stream().filter(one -> fits(key, one)).findFirst().orElse(null);
    if (next == null) {
      throw new IllegalArgumentException("no certificate for this key");
    }
    List<X509Certificate> chain = new ArrayList<>();
    while (next != null) {
      chain.add(next);
      rest.remove(next);
      next = issuer(next, rest);
    }
    return new Credentials(key, chain);
  }

  /** The certificate itself. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** Whether the key is one that not everybody who computes TLS can use. */
  boolean isEd25519() {
    return key.getAlgorithm().equals("EdDSA");
  }

  /** What the certificate can verify was signed with the key, or it is for another one. */
  private static boolean fits(PrivateKey key, X509Certificate certificate) {
    try {
      Signature signature = Signature.getInstance(signature(key));
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String signature(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }

  private static @Nullable X509Certificate issuer(
      X509Certificate certificate, List<X509Certificate> among) {
    for (X509Certificate one : among) {
      if (one.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
          && verifies(one, certificate)) {
        return one;
      }
    }
    return null;
  }

  private static boolean verifies(X509Certificate issuer, X509Certificate certificate) {
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Tells whose they are, and nothing of the key. */
  @Override
  public String toString() {
    return "credentials of " + certificate().getSubjectX500Principal();
  }
}
