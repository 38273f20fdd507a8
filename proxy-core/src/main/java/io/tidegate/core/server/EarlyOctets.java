package io.tidegate.core.server;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a client has sent ahead of its turn: pipelined requests, mostly. */
final class EarlyOctets {
  /** From so many on, a client is not read. */
  private static final int MAX = 64 << 10;

  private @Nullable ByteBuffer kept;

  /** Keeps what remains of {@code in} behind what is there already. */
  void keep(ByteBuffer in) {
    if (kept == null && in.hasArray()) {
      kept = in; // kept once, and not to be copied for every request in it
      return;
    }
    int before = kept == null ? 0 : kept.remaining();
    ByteBuffer all = ByteBuffer.allocate(before + in.remaining());
    if (kept != null) {
      all.put(kept);
    }
    kept = all.put(in).flip();
  }

  /** Takes what is kept, or null; nothing is kept any more. */
  @Nullable ByteBuffer take() {
    ByteBuffer taken = kept;
    kept = null;
    return taken;
  }

  boolean isEmpty() {
    return kept == null;
  }

  /** Whether there is enough of it for now. */
  boolean isFull() {
    return kept != null && kept.remaining() >= MAX;
  }
}
