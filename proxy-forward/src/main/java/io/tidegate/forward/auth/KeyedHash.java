package io.tidegate.forward.auth;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) under a key that only this proxy knows, and only as long as it runs. For
 * any thread.
 */
final class KeyedHash {
  private static final String ALGORITHM = "HmacSHA256";

  /** The first half of a hash, to look things up by. */
  record Fingerprint(long high, long low) {}

  private final ThreadLocal<Mac> macs;

  /** Hashes under {@code key}, 32 octets of chance. */
  KeyedHash(byte[] key) {
    SecretKeySpec secret = new SecretKeySpec(key, ALGORITHM);
    this.macs = ThreadLocal.withInitial(() -> mac(secret));
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every platform has HMAC-SHA-256", e);
    }
  }

  /** The 32 octets of the hash. */
  byte[] of(byte[] octets) {
    return macs.get().doFinal(octets);
  }

  Fingerprint fingerprint(byte[] octets) {
    ByteBuffer hash = ByteBuffer.wrap(of(octets));
    return new Fingerprint(hash.getLong(), hash.getLong());
  }
}
