package io.tidegate.core.h2;

import io.tidegate.core.http.Fields;
import io.tidegate.core.io.BufferPool;
import io.tidegate.core.io.KeptOctets;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers what comes on one stream to its receiver, and keeps it while that is paused: windows
 * bound how much that can be.
 */
final class Inflow {
  private final Http2Session session;
  private final Http2Stream stream;
  private final KeptOctets held;
  private boolean paused;
  private boolean delivering;
  private boolean discarding;
  private @Nullable Fields trailers;

  /** What has been delivered, and will count as consumed once we are not paused. */
  private int delivered;

  Inflow(Http2Session session, Http2Stream stream, BufferPool buffers) {
    this.session = session;
    this.stream = stream;
    this.held = new KeptOctets(buffers);
  }

  /** Takes all of {@code data}. */
  void content(ByteBuffer data) {
    if (discarding) {
      int octets = data.remaining();
      data.position(data.limit());
      session.consumed(stream, octets);
    } else if (paused || delivering || !held.isEmpty()) {
      held.add(data);
    } else {
      delivering = true;
      deliver(data);
      delivering = false;
      goOn();
    }
  }

  /** Whether whoever takes it keeps up. */
  boolean isEmpty() {
    return held.isEmpty();
  }

  /** All has come. */
  void end(Fields last) {
    if (!discarding) {
      trailers = last;
      goOn();
    }
  }

  void pause() {
    paused = true;
  }

  void resume() {
    if (paused) {
      paused = false;
      giveBack();
      goOn();
    }
  }

  /** Throws away what is there and what will come. */
  void discard() {
    discarding = true;
    trailers = null;
    int octets = (int) held.size();
    held.clear();
    giveBack();
    session.consumed(stream, octets);
  }

  private void goOn() {
    if (delivering) {
      return;
    }
    delivering = true;
    while (!paused && !held.isEmpty()) {
      ByteBuffer octets = held.take();
      deliver(octets);
      held.give(octets);
    }
    delivering = false;
    Fields last = trailers;
    if (!paused && held.isEmpty() && last != null) {
      trailers = null;
      stream.receiver().end(last);
    }
  }

  private void deliver(ByteBuffer data) {
    int octets = data.remaining();
    delivered += octets;
    stream.receiver().content(data);
    data.position(data.limit());
    if (!paused || discarding) {
      giveBack();
    }
  }

  private void giveBack() {
    int octets = delivered;
    delivered = 0;
    session.consumed(stream, octets);
  }
}
