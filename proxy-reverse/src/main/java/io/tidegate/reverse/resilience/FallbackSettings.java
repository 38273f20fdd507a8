package io.tidegate.reverse.resilience;

import io.tidegate.core.spi.Checks;

/** What serves a request when no endpoint could. */
public sealed interface FallbackSettings {
  /**
   * Another cluster, if the request is safe to repeat.
   *
   * @param cluster its name
   */
  record ToCluster(String cluster) implements FallbackSettings {}

  /**
   * A response of our own.
   *
   * @param status 200 to 599
   * @param contentType what the content is
   * @param content its text, sent in UTF-8
   */
  record WithResponse(int status, String contentType, String content) implements FallbackSettings {
    /** Rejects what cannot work. */
    public WithResponse {
      Checks checks = new Checks().between("fallback status", status, 200, 599);
      if (contentType.isBlank() || !contentType.chars().allMatch(c -> c >= ' ' && c < 127)) {
        checks.reject("fallback contentType", contentType, "a media type");
      }
      checks.done();
    }
  }
}
