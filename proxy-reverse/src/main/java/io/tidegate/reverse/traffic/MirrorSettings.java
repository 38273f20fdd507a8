package io.tidegate.reverse.traffic;

import io.tidegate.core.spi.Checks;

/**
 * Where copies of requests go.
 *
 * @param cluster the name of the cluster that gets them
 * @param percent of how many requests in a hundred, 0 to 100
 * @param maxContentBytes a request with more content than this is not copied
 */
public record MirrorSettings(String cluster, double percent, int maxContentBytes) {
  /** The longest content of a request that is copied, in octets, unless said otherwise. */
  public static final int DEFAULT_MAX_CONTENT_BYTES = 64 << 10;

  /** Rejects what cannot work. */
  public MirrorSettings {
    Checks checks = new Checks().between("mirror maxContentBytes", maxContentBytes, 0, 64 << 20);
    if (!(percent >= 0 && percent <= 100)) {
      checks.reject("mirror percent", percent, "0 to 100");
    }
    checks.done();
  }
}
