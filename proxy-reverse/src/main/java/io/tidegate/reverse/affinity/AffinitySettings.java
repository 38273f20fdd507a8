package io.tidegate.reverse.affinity;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * How clients stay with an endpoint: by a cookie.
 *
 * @param cookie its name
 * @param maxAge how long clients keep it, whole seconds; empty for until they end
 * @param key what its values are made with, 16 to 1,024 characters and a secret; empty for one that
 *     is made up for each proxy and lost with it
 * @param strict whether a client whose endpoint is gone or unavailable gets 503, rather than
 *     another endpoint
 */
public record AffinitySettings(
    String cookie, Optional<Duration> maxAge, Optional<Secret> key, boolean strict) {
  /** Rejects what cannot work. */
  public AffinitySettings {
    Checks checks = new Checks();
    if (!Ascii.isToken(cookie)) {
      checks.reject("affinity cookie", "'" + cookie + "'", "a token");
    }
    maxAge.ifPresent(
        age -> {
          checks.duration("affinity maxAge", age);
          if (!age.equals(Duration.ofSeconds(age.toSeconds()))) {
            checks.reject("affinity maxAge", age, "whole seconds");
          }
        });
    key.filter(secret -> secret.source() == Secret.Source.VALUE)
        .ifPresent(secret -> checkKey(checks, "affinity key", secret.text()));
    checks.done();
  }

  /** Notes in {@code checks} what is wrong with a key that has been read. */
  public static void checkKey(Checks checks, String setting, String key) {
    if (key.length() < 16 || key.length() > 1024) {
      checks.reject(setting, key.length() + " characters", "16 to 1,024");
    }
  }
}
