package io.tidegate.reverse.affinity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What clients are told in place of an endpoint's name: a keyed hash of it, so that nothing can be
 * read from it and nobody else can make one.
 */
public final class AffinityTokens {
  private static final String ALGORITHM = "HmacSHA256";

  /** Half of the hash: nobody finds another name for it, and the cookie stays short. */
  private static final int OCTETS = 16;

  private final SecretKeySpec key;
  private final String cluster;

  /** For the endpoints of {@code cluster}: in another one their tokens are others. */
  public AffinityTokens(byte[] key, String cluster) {
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.cluster = cluster;
  }

  /** The token of the endpoint that is called {@code endpoint}. */
  public String of(String endpoint) {
    String name = cluster + '\n' + endpoint;
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, OCTETS));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }
}
