package io.tidegate.core.spi;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.TraceContext;
import org.jspecify.annotations.Nullable;

/** Told what happens to exchanges, on their IO threads: it must not block. */
public interface ExchangeListener {
  /** The exchange enters a stage; the request is null until it has been validated. */
  default void entered(Stage stage, @Nullable ClientRequest request) {}

  /**
   * A destination has sent the head of its final response, or an attempt to get one from it has
   * failed before. One that was overtaken by another, or given up with its exchange, is not told.
   */
  default void attempted(Attempt attempt) {}

  /** The exchange has ended. */
  default void completed(Outcome outcome) {}

  /** How many exchanges it was told of and has let go, for it could not keep up; on any thread. */
  default long dropped() {
    return 0;
  }

  /**
   * How an exchange ended.
   *
   * @param request the client's request, null if it was too malformed to be one
   * @param route the route that was taken, or null
   * @param destination the destination that has served the request, else the last one tried; null
   *     if none was
   * @param attempts how often the request was sent to a destination
   * @param status the status code sent to the client, or 0 if none was
   * @param cache what the cache did, in a word of RFC 9211: {@code hit}, or why the request was
   *     forwarded; null if no cache was asked
   * @param failure why it failed, or null
   * @param stage the stage in which it failed or ended
   * @param requestOctets octets of content received from the client (in a tunnel: all octets)
   * @param responseOctets octets of content sent to the client (in a tunnel: all octets)
   * @param times how long it took
   * @param client the connection the request came on; null if the request was one of our own: a
   *     copy, or what keeps the cache fresh
   * @param requestNumber which request on that connection it was, from 1; 0 if nobody counts
   * @param connectionReused whether the connection to that destination had served before
   * @param responseFields fields of the response as whoever made it has sent it, before any rule
   *     about fields; empty if there was none
   * @param trace the part of a trace that the request was with us; null if that is no matter of
   *     ours
   */
  record Outcome(
      @Nullable ClientRequest request,
      @Nullable Route route,
      @Nullable Destination destination,
      int attempts,
      int status,
      @Nullable String cache,
      @Nullable Failure failure,
      Stage stage,
      long requestOctets,
      long responseOctets,
      Times times,
      @Nullable ClientSide client,
      int requestNumber,
      boolean connectionReused,
      Fields responseFields,
      @Nullable TraceContext trace) {
    /** Ours, else what the client has said of one; null if neither says anything. */
    public @Nullable TraceContext traceContext() {
      return trace != null || request == null ? trace : TraceContext.of(request.head().fields());
    }

    /** Whether the proxy has made the request itself, and no client. */
    public boolean isOwn() {
      return client == null;
    }

    /** The duration in nanoseconds, from the head of the request to the end of the response. */
    public long nanos() {
      return times.total();
    }
  }

  /**
   * How an attempt to get a response fared.
   *
   * @param request the request
   * @param route the route it is made on
   * @param destination where it went
   * @param status the status code of the final response, or 0 if none came
   * @param failure why none came, or null
   * @param nanos how long it took, connecting included, in nanoseconds
   */
  record Attempt(
      ClientRequest request,
      Route route,
      Destination destination,
      int status,
      @Nullable Failure failure,
      long nanos) {}

  /**
   * How long the parts of an exchange took, in nanoseconds; of several attempts, the one that has
   * served the request counts, else the last one. What was not reached is {@link #NONE}.
   *
   * @param head from the first octet of the head of the request to its last; 0 if it came at once
   * @param select until there was a destination, the first of those asked at a time: looking up
   *     what is stored is not among it
   * @param connect until there was a connection to it; next to nothing if one was at rest
   * @param response from the request to the head of the response
   * @param transfer from the head of the response to its end
   * @param total from the head of the request to the end of the response
   */
  record Times(long head, long select, long connect, long response, long transfer, long total) {
    /** Was not reached. */
    public static final long NONE = -1;
  }
}
