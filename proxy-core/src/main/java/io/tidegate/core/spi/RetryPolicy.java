package io.tidegate.core.spi;

import io.tidegate.core.http.RequestHead;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request that was sent without success is sent again. Does not block; may be
 * asked by several IO threads at once.
 */
@FunctionalInterface
public interface RetryPolicy {
  /**
   * A request is sent once more if its pooled connection died before any octet of a response, its
   * method is idempotent (RFC 9110 §9.2.2) and none of its content has been sent that is not kept:
   * the server has most likely just closed an idle connection. So is one that the server has
   * certainly done nothing with, whatever its method.
   */
  RetryPolicy STALE_CONNECTIONS =
      (request, attempt) ->
          (attempt.isStaleConnection() || attempt.isUntouched())
                  && attempt.number() == 1
                  && attempt.isRepeatable(request)
              ? Retry.AT_ONCE
              : null;

  /** Whether a response with this status, 400 or more, is as bad as none. */
  default boolean isFailure(int status) {
    return false;
  }

  /**
   * What follows this attempt, which has failed; or null if nothing does, and the client is told
   * how it ended. Asked once for each such attempt.
   */
  @Nullable Retry after(RequestHead request, Attempt attempt);

  /**
   * One more attempt.
   *
   * @param elsewhere whether it goes to another destination, rather than to the same on a new
   *     connection
   * @param pause how long to wait before it
   */
  record Retry(boolean elsewhere, Duration pause) {
    /** To the same destination, now. */
    public static final Retry AT_ONCE = new Retry(false, Duration.ZERO);
  }

  /**
   * One attempt: a request that was sent.
   *
   * @param number 1 for the first
   * @param elsewhere whether there is another destination to try
   * @param reusedConnection whether it used a pooled connection
   * @param contentSent whether content of the request was taken from the client that is not kept,
   *     and so cannot be sent again
   * @param silent whether not one octet of a response came
   * @param status the status code of the response, 0 if none came
   * @param failure how it failed, null if a response came
   */
  record Attempt(
      int number,
      boolean elsewhere,
      boolean reusedConnection,
      boolean contentSent,
      boolean silent,
      int status,
      @Nullable Failure failure) {
    /** Whether a connection that had been at rest turned out to be of no use. */
    public boolean isStaleConnection() {
      return reusedConnection
          && silent
          && failure != null
          && failure.error() == ProxyError.CONNECTION_TERMINATED;
    }

    /** Whether the upstream has certainly done nothing with the request (RFC 9113 §8.7). */
    public boolean isUntouched() {
      return UntouchedException.isCauseOf(failure);
    }

    /** Whether {@code request} can be sent again without doing harm. */
    public boolean isRepeatable(RequestHead request) {
      return !contentSent && (request.isIdempotent() || isUntouched());
    }
  }
}
