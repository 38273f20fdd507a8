package io.tidegate.core.spi;

import org.jspecify.annotations.Nullable;

/**
 * The cause of a {@link Failure} that is a parent proxy's own fault: it could not be reached, does
 * not take our credentials, or does not speak its protocol. One that has answered that it will not
 * or cannot get to the destination is not unavailable.
 */
public final class ParentUnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  private ParentUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The failure of an attempt to use a parent proxy, for which {@code reason} is to blame. */
  public static Failure failure(Failure reason) {
    return Failure.of(
            reason.error(),
            "the parent proxy cannot be used: " + reason.detail(),
            new ParentUnavailableException(reason.detail(), reason.cause()))
        .withStatus(reason.status());
  }

  /** The failure of an attempt to use a parent proxy that wants other credentials. */
  public static Failure unknown() {
    return failure(
        Failure.of(ProxyError.PROXY_CONFIGURATION_ERROR, "it does not take the credentials for it")
            .withStatus(502));
  }

  /** Whether {@code failure}, null for none, is a parent proxy's own. */
  public static boolean isCauseOf(@Nullable Failure failure) {
    return failure != null && failure.cause() instanceof ParentUnavailableException;
  }
}
