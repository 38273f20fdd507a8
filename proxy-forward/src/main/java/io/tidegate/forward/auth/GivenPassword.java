package io.tidegate.forward.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A password that the settings give as it is: kept hashed, compared in the same time always. */
final class GivenPassword implements PasswordHash {
  private final KeyedHash hashes;
  private final byte[] hash;

  GivenPassword(String password, KeyedHash hashes) {
    this.hashes = hashes;
    this.hash = hashes.of(password.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean matches(String password) {
    return MessageDigest.isEqual(hash, hashes.of(password.getBytes(StandardCharsets.UTF_8)));
  }
}
