package io.tidegate.core.io;

import io.tidegate.core.http.FieldEdits;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where the body of a message goes, whatever its framing there. */
public interface BodySink {
  /**
   * The body is just so many octets, and no trailers follow: it may be ended with the last of them.
   * Before anything is written; {@link #end} is called nevertheless.
   */
  default void wholeAfter(long octets) {}

  /** Takes all of {@code data}. */
  void write(ByteBuffer data);

  /** Ends the body, with these trailers if there are any and the framing has room for them. */
  void end(@Nullable FieldEdits trailers);

  /**
   * Whether the peer is slower than we are: whoever writes here should pause until it has caught
   * up.
   */
  boolean backlogged();
}
