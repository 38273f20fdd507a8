package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.reverse.health.RequestFailures;
import org.jspecify.annotations.Nullable;

/** One attempt of an exchange at an endpoint, from when it was begun. For one thread. */
final class Attempt {
  final Endpoint endpoint;
  final Destination destination;
  final @Nullable Attempt before;
  private final long begun;
  private int status;
  private boolean ended;

  /** An attempt begun at {@code begun}, in nanoseconds, after {@code before}. */
  Attempt(Endpoint endpoint, long begun, @Nullable Attempt before) {
    this.endpoint = endpoint;
    this.destination = endpoint.destination();
    this.begun = begun;
    this.before = before;
  }

  /** When it was begun, in nanoseconds. */
  long begun() {
    return begun;
  }

  /** The status of the response, or 0 if none has come. */
  int status() {
    return status;
  }

  boolean hasEnded() {
    return ended;
  }

  /** The endpoint has answered with this status. */
  void responded(int code, long now) {
    status = code;
    if (status >= 500) {
      endpoint.latency().addFailure(now - begun, now);
    } else {
      endpoint.latency().add(now - begun, now);
    }
  }

  /** The attempt is over. */
  void finished(@Nullable Failure failure, long now) {
    ended = true;
    if (status != 0) {
      return;
    }
    long passed = now - begun;
    if (failure != null && RequestFailures.areOfEndpoint(failure.error())) {
      endpoint.latency().addFailure(passed, now);
    } else if (passed > endpoint.latency().nanos(now)) {
      endpoint.latency().add(passed, now); // given up; the answer would have taken longer still
    }
  }
}
