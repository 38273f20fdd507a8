package io.tidegate.core.header;

/**
 * Which fields tell the upstream about the client. The other family is removed, whoever sent it.
 */
public enum ForwardedMode {
  /** X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host and X-Forwarded-Port. */
  X_FORWARDED(true, false),
  /** Forwarded (RFC 7239). */
  FORWARDED(false, true),
  /** Both families. */
  BOTH(true, true),
  /** None: the upstream learns nothing about the client. */
  OFF(false, false);

  private final boolean xForwarded;
  private final boolean standard;

  ForwardedMode(boolean xForwarded, boolean standard) {
    this.xForwarded = xForwarded;
    this.standard = standard;
  }

  boolean xForwarded() {
    return xForwarded;
  }

  boolean standard() {
    return standard;
  }
}
