package io.tidegate.core.spi;

import org.jspecify.annotations.Nullable;

/**
 * The cause of a {@link Failure} of an attempt whose request the upstream has certainly done
 * nothing with (RFC 9113 §8.7): it may be sent again, whatever its method.
 */
public final class UntouchedException extends Exception {
  private static final long serialVersionUID = 1;

  private UntouchedException(String message) {
    super(message);
  }

  /** The failure of an attempt whose request was not touched, as {@code detail} says. */
  public static Failure failure(String detail) {
    return Failure.of(
        ProxyError.CONNECTION_TERMINATED,
        "the upstream has refused the request unread",
        new UntouchedException(detail));
  }

  /** Whether {@code failure}, null for none, is of such an attempt. */
  public static boolean isCauseOf(@Nullable Failure failure) {
    return failure != null && failure.cause() instanceof UntouchedException;
  }
}
