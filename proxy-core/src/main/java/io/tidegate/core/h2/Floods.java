package io.tidegate.core.h2;

import java.util.function.LongSupplier;

/**
 * What a peer may make us do for nothing, by count and time (RFC 9113 §10.5). Peers that are after
 * something stay far below: frames that carry content are not counted, and earn others.
 */
final class Floods {
  /** Streams that end before their response, at once; one more every {@link #RESET_INTERVAL}. */
  static final int RESETS = 200;

  static final int RESET_INTERVAL = 100;

  /** Frames that carry nothing, at once; one more each millisecond. */
  static final int IDLE_FRAMES = 1000;

  /** What a frame counts that costs more than a look at it. */
  static final int DEAR = 10;

  private final Budget resets;
  private final Budget idle;
  private final LongSupplier now;
  private boolean halfEarned;

  Floods(LongSupplier now) {
    this.now = now;
    this.resets = new Budget(RESETS, RESET_INTERVAL, now.getAsLong());
    this.idle = new Budget(IDLE_FRAMES, 1, now.getAsLong());
  }

  /** A request has come to nothing by the client's doing: by RST_STREAM, an error or a refusal. */
  void reset() throws ConnectionException {
    if (!resets.spend(1, now.getAsLong())) {
      throw ConnectionException.flood("too many streams ended before their response");
    }
  }

  /** A request has been answered: of every two, one permits another reset. */
  void answered() {
    if (halfEarned) {
      resets.earn();
    }
    halfEarned = !halfEarned;
  }

  /** A frame that moves nothing on, and costs little. */
  void idleFrame() throws ConnectionException {
    spend(1);
  }

  /** A frame that moves nothing on, and costs more: an answer, or a head to be decoded. */
  void dearFrame() throws ConnectionException {
    spend(DEAR);
  }

  /** We have sent content: the peer may say something about it. */
  void sent() {
    idle.earn();
    idle.earn();
  }

  private void spend(int tokens) throws ConnectionException {
    if (!idle.spend(tokens, now.getAsLong())) {
      throw ConnectionException.flood("too many frames that carry nothing");
    }
  }
}
