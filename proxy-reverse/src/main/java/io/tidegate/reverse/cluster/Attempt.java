package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Failure;
import org.jspecify.annotations.Nullable;

/** One attempt of an exchange at an endpoint, from when it was begun. For one thread. */
final class Attempt {
  final Endpoint endpoint;
  final @Nullable Attempt before;
  private final long begun;
  private boolean measured;
  private boolean ended;

  /** An attempt begun at {@code begun}, in nanoseconds, after {@code before}. */
  Attempt(Endpoint endpoint, long begun, @Nullable Attempt before) {
    this.endpoint = endpoint;
    this.begun = begun;
    this.before = before;
  }

  boolean hasEnded() {
    return ended;
  }

  /** The endpoint has answered with this status. */
  void responded(int status, long now) {
    measured = true;
    if (status >= 500) {
      endpoint.latency().addFailure(now - begun, now);
    } else {
      endpoint.latency().add(now - begun, now);
    }
  }

  /** The attempt is over. */
  void finished(@Nullable Failure failure, long now) {
    ended = true;
    if (measured) {
      return;
    }
    long passed = now - begun;
    if (failure != null && isOfEndpoint(failure)) {
      endpoint.latency().addFailure(passed, now);
    } else if (passed > endpoint.latency().nanos(now)) {
      endpoint.latency().add(passed, now); // given up; the answer would have taken longer still
    }
  }

  private static boolean isOfEndpoint(Failure failure) {
    return switch (failure.error()) {
      case HTTP_REQUEST_ERROR,
          HTTP_REQUEST_DENIED,
          DESTINATION_IP_PROHIBITED,
          CONNECTION_LIMIT_REACHED,
          PROXY_INTERNAL_ERROR,
          PROXY_CONFIGURATION_ERROR,
          PROXY_LOOP_DETECTED ->
          false;
      default -> true;
    };
  }
}
