package io.tidegate.core.h2;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.io.BufferPool;
import io.tidegate.core.io.KeptOctets;
import org.jspecify.annotations.Nullable;

/** What one stream still has to send. */
final class Outflow {
  final Http2Stream stream;
  final KeptOctets kept;

  /** What the peer permits on the stream; negative if it has changed its mind. */
  int window;

  /** How many octets of content have left. */
  long sent;

  /**
   * What is still to be written before the end is known to have come; negative if it has to come.
   */
  long left = -1;

  /** Nothing comes behind what is kept, but for these. */
  boolean ending;

  @Nullable FieldEdits trailers;

  /** Its place in the queue of those that may send. */
  boolean queued;

  @Nullable Outflow next;

  Outflow(Http2Stream stream, BufferPool buffers, int window) {
    this.stream = stream;
    this.kept = new KeptOctets(buffers);
    this.window = window;
  }

  /** Whether trailers say anything. */
  static boolean isEmpty(@Nullable FieldEdits trailers) {
    if (trailers == null) {
      return true;
    }
    for (int i = 0; i < trailers.received().size(); i++) {
      if (trailers.keeps(i)) {
        return false;
      }
    }
    return trailers.added() == 0;
  }
}
