package io.tidegate.core.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Private keys as they stand in PEM files: PKCS#8, encrypted or not (RFC 5958), PKCS#1 (RFC 8017)
 * and SEC 1 (RFC 5915). No message repeats anything of a key.
 */
final class PrivateKeys {
  private static final List<String> LABELS =
      List.of("PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private PrivateKeys() {}

  /**
   * The one key among {@code parts}.
   *
   * @throws IllegalArgumentException if there is none, or several, or it cannot be read
   */
  static PrivateKey among(List<Pem> parts, Optional<String> password) {
    List<Pem> keys = parts.stream().filter(part -> LABELS.contains(part.label())).toList();
    if (keys.size() != 1) {
      throw new IllegalArgumentException(keys.isEmpty() ? "no private key" : "several keys");
    }
    return decoded(pkcs8(keys.get(0), password));
  }

  private static byte[] pkcs8(Pem part, Optional<String> password) {
    return switch (part.label()) {
      case "ENCRYPTED PRIVATE KEY" -> decrypted(part.content(), password);
      case "RSA PRIVATE KEY" -> Der.ofRsa(part.content());
      case "EC PRIVATE KEY" -> {
        byte[] key = Der.ofEc(part.content());
        if (key == null) {
          throw new IllegalArgumentException("an EC key without a named curve");
        }
        yield key;
      }
      default -> part.content();
    };
  }

  private static byte[] decrypted(byte[] content, Optional<String> password) {
    if (password.isEmpty()) {
      throw new IllegalArgumentException("an encrypted key, and no password");
    }
    PBEKeySpec chosen = new PBEKeySpec(password.get().toCharArray());
    try {
      EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(content);
      String algorithm = algorithm(encrypted);
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(chosen),
          encrypted.getAlgParameters());
      return encrypted.getKeySpec(cipher).getEncoded();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("a key that this password does not decrypt", e);
    } finally {
      chosen.clearPassword();
    }
  }

  /** PBES2 (RFC 8018 §6.2) is a family: which member it is stands in the parameters. */
  private static String algorithm(EncryptedPrivateKeyInfo encrypted) {
    String name = encrypted.getAlgName();
    boolean family = name.equals("PBES2") || name.equals("1.2.840.113549.1.5.13");
    return family ? String.valueOf(encrypted.getAlgParameters()) : name;
  }

  private static PrivateKey decoded(byte[] pkcs8) {
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (GeneralSecurityException e) {
        // another kind of key, most likely
      }
    }
    throw new IllegalArgumentException("no key of RSA, EC or Ed25519");
  }
}
