package io.tidegate.core.spi;

import io.tidegate.core.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Follows the requests of clients from their beginning, and the attempts to get responses for them,
 * as tracing does. It is told on the IO threads of the exchanges: it must not block. What it begins
 * is ended once, whatever becomes of the exchange.
 */
public interface ExchangeObserver {
  /**
   * A request of a client has begun that is well-formed.
   *
   * @param request without its credentials for a proxy that has an authenticator
   * @param context the fields in which the client says what trace the request belongs to; none of
   *     its fields if its word is not taken for that
   */
  Exchange began(ClientRequest request, Fields context);

  /** One exchange. */
  interface Exchange {
    /**
     * An attempt to get a response begins, for the request of the client or for one of our own that
     * it has caused: the exchange may be over by then.
     *
     * @param request what is asked
     */
    Attempt attempting(ClientRequest request, Route route, Destination destination);

    /**
     * The exchange is over, or has become a tunnel.
     *
     * @param route the route that was taken, or null
     * @param status the status code sent to the client, or 0 if none was
     * @param cache what the cache did, in a word of RFC 9211; null if none was asked
     * @param failure why it failed, or null
     */
    void ended(
        @Nullable Route route, int status, @Nullable String cache, @Nullable Failure failure);
  }

  /** One attempt. */
  interface Attempt {
    /** What the upstream request says of the trace it belongs to, in place of what came. */
    Fields fields();

    /**
     * The attempt has got the head of its final response, or has ended without.
     *
     * @param status the status code of the response, or 0 if none came
     * @param failure why none came; null too if the attempt was given up with its exchange, or was
     *     overtaken by another
     */
    void ended(int status, @Nullable Failure failure);
  }
}
