package io.tidegate.core.server;

import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.Failure;
import java.nio.ByteBuffer;

/**
 * Told what a client does while an exchange is under way. After {@link ClientExchange#finish},
 * nothing.
 */
public interface RequestReceiver {
  /** Some content, all of which must be taken. */
  void content(ByteBuffer data);

  /** The request is complete. */
  void end(Fields trailers);

  /** The content of the request is broken: nothing more of it will come. */
  void failed(Failure failure);

  /** The client has gone away; the connection is closed. */
  void gone();

  /** The client has caught up with the response. */
  void drained();
}
