package io.tidegate.forward.auth;

import io.tidegate.core.spi.Authenticator;
import org.jspecify.annotations.Nullable;

/**
 * The user's own parts of authentication, each null if there is none.
 *
 * @param certificates says whose certificate it is
 * @param bearer says whose token it is
 * @param authenticator says whose request it is
 */
public record AuthenticationPlugins(
    @Nullable CertificateMapper certificates,
    @Nullable TokenVerifier bearer,
    @Nullable Authenticator authenticator) {
  /** Nothing of the user's own. */
  public static final AuthenticationPlugins NONE = new AuthenticationPlugins(null, null, null);

  /** These, and those of {@code others} where there is none. */
  public AuthenticationPlugins or(AuthenticationPlugins others) {
    return new AuthenticationPlugins(
        certificates == null ? others.certificates : certificates,
        bearer == null ? others.bearer : bearer,
        authenticator == null ? others.authenticator : authenticator);
  }
}
