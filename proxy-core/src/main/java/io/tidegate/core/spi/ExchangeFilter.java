package io.tidegate.core.spi;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;

/**
 * What an application decides about requests and responses itself, and it may take its time:
 * CONNECT and upgrades are asked about like everything else.
 *
 * <p>Each method is called on the IO thread of the exchange and must not block; it tells its
 * completion once, now or later, on any thread. A failure ends the exchange. So does a question
 * that is not answered within the response time-out. Several filters are asked one after another,
 * each about what the one before it has left.
 */
public interface ExchangeFilter {
  /** What a filter has decided: to let pass, or an {@link OwnResponse} in place of all else. */
  sealed interface Verdict permits Pass, OwnResponse {}

  /**
   * It goes on, with these fields. Framing, Host and connection-specific fields are the engine's
   * affair: what is done to them has no effect.
   *
   * @param fields all fields of the message
   */
  record Pass(Fields fields) implements Verdict {}

  /**
   * Asked in {@link Stage#AUTHORIZE} about a request that the access policy permits; the client may
   * have been authenticated.
   */
  default void request(ClientRequest request, Completion<Verdict> completion) {
    completion.completed(new Pass(request.head().fields()));
  }

  /**
   * Asked in {@link Stage#RECEIVE} about a final response before it is stored or sent: the head as
   * the upstream has sent it, 101 included; after CONNECT, the 200 that opens the tunnel. Responses
   * that come from the store are not asked about.
   */
  default void response(
      ClientRequest request,
      Destination destination,
      ResponseHead response,
      Completion<Verdict> completion) {
    completion.completed(new Pass(response.fields()));
  }
}
