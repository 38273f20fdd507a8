package io.tidegate.core.spi;

import io.tidegate.core.http.RequestHead;

/** Decides whether a request that failed on a connection may be sent again. Pure. */
@FunctionalInterface
public interface RetryPolicy {
  /**
   * A request is sent once more if its pooled connection died before any octet of a response, its
   * method is idempotent (RFC 9110 §9.2.2) and none of its content has been sent that is not kept:
   * the server has most likely just closed an idle connection.
   */
  RetryPolicy STALE_CONNECTIONS =
      (request, attempt) ->
          attempt.reusedConnection()
              && !attempt.contentSent()
              && attempt.number() == 1
              && request.isIdempotent();

  /**
   * Whether {@code request} may be sent again after this attempt, which failed without any octet of
   * a response.
   */
  boolean mayRepeat(RequestHead request, Attempt attempt);

  /**
   * One failed attempt.
   *
   * @param number 1 for the first
   * @param reusedConnection whether it used a pooled connection
   * @param contentSent whether content of the request was taken from the client that is not kept,
   *     and so cannot be sent again
   * @param failure how it failed
   */
  record Attempt(int number, boolean reusedConnection, boolean contentSent, Failure failure) {}
}
