package io.tidegate.forward.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * PBKDF2 (RFC 8018) as {@code $pbkdf2-sha256$iterations$salt$hash} or with sha512; salt and hash in
 * Base64, in which {@code .} may stand for {@code +}.
 */
final class Pbkdf2Hash implements PasswordHash {
  private static final Pattern FORM =
      Pattern.compile(
          "\\$pbkdf2-sha(256|512)\\$(\\d{1,8})\\$([./+A-Za-z0-9]+=*)\\$([./+A-Za-z0-9]+=*)");
  private static final int FEWEST = 1_000;
  private static final int MOST = 10_000_000;

  private final String algorithm;
  private final int iterations;
  private final byte[] salt;
  private final byte[] hash;

  private Pbkdf2Hash(String algorithm, int iterations, byte[] salt, byte[] hash) {
    this.algorithm = algorithm;
    this.iterations = iterations;
    this.salt = salt;
    this.hash = hash;
  }

  static Pbkdf2Hash parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("a malformed PBKDF2 hash");
    }
    int iterations = Integer.parseInt(form.group(2));
    if (iterations < FEWEST || iterations > MOST) {
      throw new IllegalArgumentException(
          "a PBKDF2 hash with " + iterations + " iterations, not 1000 to 10000000");
    }
    byte[] salt = HashText.octets(form.group(3), 4, 64, "a PBKDF2");
    byte[] hash = HashText.octets(form.group(4), 16, 64, "a PBKDF2");
    return new Pbkdf2Hash("PBKDF2WithHmacSHA" + form.group(1), iterations, salt, hash);
  }

  @Override
  public boolean matches(String password) {
    try {
      PBEKeySpec keys =
          new PBEKeySpec(password.toCharArray(), salt, iterations, hash.length * Byte.SIZE);
      byte[] derived = SecretKeyFactory.getInstance(algorithm).generateSecret(keys).getEncoded();
      return MessageDigest.isEqual(hash, derived);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("PBKDF2 cannot be computed", e);
    }
  }
}
