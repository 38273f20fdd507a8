package io.tidegate.core.server;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import org.jspecify.annotations.Nullable;

/** Takes the requests of clients, on the thread of one loop. */
public interface RequestHandler {
  /** A request has come: its head, none of its content. */
  void request(ClientExchange client, RequestHead head);

  /** Whom the proxy stands for: its clients name what they want accordingly. */
  Direction direction();

  /** Whether anybody wants to know who clients are. */
  default boolean authenticates() {
    return false;
  }

  /**
   * Finds out who a client is before it is known what it asks for.
   *
   * @param credentials what it shows: a Proxy-Authorization field
   * @param completion told once, now or later, on any thread
   */
  default void authenticate(
      ClientExchange client, Fields credentials, Completion<Identity> completion) {
    completion.completed(Identity.ANONYMOUS);
  }

  /**
   * Where the connection of a TLS client that wants {@code serverName} is passed on to undecrypted;
   * null if TLS is spoken with it here.
   */
  default @Nullable DestinationResolver passthrough(String serverName) {
    return null;
  }

  /** Something came that is no request, or not in time; the client is to be told. */
  void refuse(ClientExchange client, Failure failure);
}
