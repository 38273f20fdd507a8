package io.tidegate.forward.auth;

import io.tidegate.core.spi.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The users who can use Digest, with what is kept of their passwords (RFC 7616 §3.4.2). */
final class DigestUsers {
  private static final int HASH_DIGITS = 64;

  /** A user and the hash of name, realm and password, in hexadecimal digits. */
  record User(Identity identity, String hash) {
    /** The name alone: with the hash one can authenticate. */
    @Override
    public String toString() {
      return identity.user();
    }
  }

  private final Map<String, User> byName;

  DigestUsers(Map<String, User> byName) {
    this.byName = Map.copyOf(byName);
  }

  @Nullable User find(String name) {
    return byName.get(name);
  }

  static String hash(String name, String realm, String password) {
    return sha256((name + ":" + realm + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every platform has SHA-256", e);
    }
  }

  /**
   * {@code hash} in lower case.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String checkedHash(String hash) {
    if (hash.length() == 32 && isHex(hash)) {
      throw new IllegalArgumentException("an MD5 hash");
    }
    if (hash.length() != HASH_DIGITS || !isHex(hash)) {
      throw new IllegalArgumentException("no hash");
    }
    return hash.toLowerCase(Locale.ROOT);
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(HexFormat::isHexDigit);
  }
}
