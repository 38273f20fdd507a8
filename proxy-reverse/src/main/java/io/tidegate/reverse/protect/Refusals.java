package io.tidegate.reverse.protect;

import io.tidegate.core.spi.Failure;

/** Failures of requests that a policy refuses, {@code http_request_denied} (RFC 9209 §2.3.17). */
final class Refusals {
  private Refusals() {}

  static Failure badRequest(String detail) {
    return denied(400, detail);
  }

  static Failure denied(int status, String detail) {
    return Failure.denied(detail).withStatus(status);
  }
}
