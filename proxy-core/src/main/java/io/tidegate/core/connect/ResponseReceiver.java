package io.tidegate.core.connect;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.Failure;
import java.nio.ByteBuffer;

/**
 * Told what arrives on an upstream connection while a request is under way on it. After the end or
 * a failure, nothing.
 */
public interface ResponseReceiver {
  /** An interim response; a final one is still to come. */
  void interim(ResponseHead head);

  /**
   * The final response begins; its content is framed like this. For 101 the receiver must take the
   * connection over.
   */
  void head(ResponseHead head, Framing framing);

  /** Some content, all of which must be taken. */
  void content(ByteBuffer data);

  /**
   * All content that has come so far has been told; {@code complete} if there is no more, so that
   * the end is told next.
   */
  default void caughtUp(boolean complete) {}

  /** The response is complete, and the connection is no longer ours. */
  void end(Fields trailers);

  /** The connection is gone; {@code silent} if not one octet of a response came. */
  void failed(Failure failure, boolean silent);

  /** The connection was closed by us: nothing more will be told. */
  default void abandoned() {}

  /** The upstream has caught up with the request. */
  void requestDrained();

  /** The upstream takes no more of the request; it may have answered all the same. */
  void requestBroken();
}
