package io.tidegate.core.server;

import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.Failure;

/** Takes the requests of clients, on the thread of one loop. */
public interface RequestHandler {
  /** A request has come: its head, none of its content. */
  void request(ClientExchange client, RequestHead head);

  /** Something came that is no request, or not in time; the client is to be told. */
  void refuse(ClientExchange client, Failure failure);
}
