package io.tidegate.forward.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells secrets apart without telling them: HMAC-SHA-256 (RFC 2104) under a key of this process,
 * which is as far as a cache can be shared.
 */
final class SecretDigest {
  private static final String ALGORITHM = "HmacSHA256";
  private static final SecretKeySpec KEY = key();

  private SecretDigest() {}

  private static SecretKeySpec key() {
    byte[] octets = new byte[32];
    new SecureRandom().nextBytes(octets);
    return new SecretKeySpec(octets, ALGORITHM);
  }

  /** The digest of {@code parts}; "ab" and "c" have another one than "a" and "bc". */
  static String of(List<String> parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(KEY);
      for (String part : parts) {
        byte[] octets = part.getBytes(UTF_8);
        mac.update(ByteBuffer.allocate(4).putInt(octets.length).flip());
        mac.update(octets);
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every platform has HMAC-SHA-256", e);
    }
  }
}
