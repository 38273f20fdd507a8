package io.tidegate.core.spi;

import org.jspecify.annotations.Nullable;

/** Told what happens to exchanges, on their IO threads: it must not block. */
public interface ExchangeListener {
  /** The exchange enters a stage; the request is null until it has been validated. */
  default void entered(Stage stage, @Nullable ClientRequest request) {}

  /** The exchange has ended. */
  default void completed(Outcome outcome) {}

  /**
   * How an exchange ended.
   *
   * @param request the client's request, null if it was too malformed to be one
   * @param destination the destination last used, or null
   * @param status the status code sent to the client, or 0 if none was
   * @param failure why it failed, or null
   * @param stage the stage in which it failed or ended
   * @param requestOctets octets of content received from the client (in a tunnel: all octets)
   * @param responseOctets octets of content sent to the client (in a tunnel: all octets)
   * @param nanos its duration
   */
  record Outcome(
      @Nullable ClientRequest request,
      @Nullable Destination destination,
      int status,
      @Nullable Failure failure,
      Stage stage,
      long requestOctets,
      long responseOctets,
      long nanos) {}
}
