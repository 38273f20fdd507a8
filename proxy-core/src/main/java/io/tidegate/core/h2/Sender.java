package io.tidegate.core.h2;

import io.tidegate.core.http.FieldEdits;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends content as far as windows (RFC 9113 §5.2) and the output permit. Streams that have more
 * than that take turns of one frame each.
 */
final class Sender {
  /** The content of one frame: every peer takes so much. */
  static final int TURN = PeerSettings.DEFAULT_FRAME;

  private final Http2Session session;
  private final FrameWriter frames;
  private final Floods floods;

  /** What the peer permits on the connection. */
  private int window = PeerSettings.DEFAULT_WINDOW;

  /** The streams that have something to send and a window for it. */
  private @Nullable Outflow first;

  private @Nullable Outflow last;
  private boolean pumping;

  Sender(Http2Session session, FrameWriter frames, Floods floods) {
    this.session = session;
    this.frames = frames;
    this.floods = floods;
  }

  /** Takes all of {@code data}. */
  void write(Outflow flow, ByteBuffer data) {
    flow.left -= data.remaining();
    flow.ending = flow.left == 0 && data.hasRemaining();
    if (flow.kept.isEmpty() && first == null) {
      while (data.hasRemaining() && permits(flow)) {
        boolean ends = flow.ending && data.remaining() <= most(flow);
        send(flow, data, ends);
        if (!flow.stream.isOpen()) {
          data.position(data.limit()); // the connection was lost over it
        } else if (ends) {
          session.ended(flow.stream);
        }
      }
    }
    if (data.hasRemaining()) {
      flow.kept.add(data);
      enqueue(flow);
    }
  }

  /** Nothing more comes, but for these trailers. */
  void end(Outflow flow, @Nullable FieldEdits trailers) {
    flow.ending = true;
    if (flow.kept.isEmpty()) {
      finish(flow.stream, trailers);
    } else {
      flow.trailers = Outflow.isEmpty(trailers) ? null : trailers;
    }
  }

  /** The peer permits so much more on the connection; false if that is too much. */
  boolean widen(int octets) {
    if (octets > Integer.MAX_VALUE - Math.max(0, window)) {
      return false;
    }
    window += octets;
    pump();
    return true;
  }

  /** The peer permits so much more, or less, on a stream; false if that is too much. */
  boolean widen(Outflow flow, int octets) {
    long wider = (long) flow.window + octets;
    if (wider > Integer.MAX_VALUE) {
      return false;
    }
    flow.window = (int) wider;
    enqueue(flow);
    return true;
  }

  /** Sends in turn what may be sent now. */
  void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    while (first != null && window > 0 && !frames.backlogged()) {
      Outflow flow = dequeue();
      if (!flow.kept.isEmpty() && flow.window > 0) {
        turn(flow);
      }
    }
    pumping = false;
  }

  /** The stream is gone, and with it what it had to send. */
  void forget(Outflow flow) {
    flow.kept.clear();
    flow.trailers = null;
  }

  private void turn(Outflow flow) {
    ByteBuffer octets = flow.kept.first();
    int before = octets.remaining();
    boolean whole = before == flow.kept.size() && before <= most(flow);
    boolean ends = whole && flow.ending && flow.trailers == null;
    send(flow, octets, ends);
    if (!flow.stream.isOpen()) {
      return; // the connection was lost over it, and what was kept is gone
    }
    flow.kept.taken(before - octets.remaining());
    if (!flow.kept.isEmpty()) {
      enqueue(flow);
      return;
    }
    if (ends) {
      session.ended(flow.stream);
    } else if (flow.ending) {
      finish(flow.stream, flow.trailers);
    }
    if (!flow.stream.isCut()) {
      flow.stream.receiver().drained();
    }
  }

  private void finish(Http2Stream stream, @Nullable FieldEdits trailers) {
    if (!stream.isOpen() || stream.hasEnded()) {
      return;
    }
    if (trailers == null || Outflow.isEmpty(trailers)) {
      frames.end(stream.id());
    } else {
      session.putHead(stream, session.block().fields(trailers), true);
    }
    session.ended(stream);
  }

  private boolean permits(Outflow flow) {
    return flow.window > 0 && window > 0 && !frames.backlogged();
  }

  /** How much one frame may hold. */
  private int most(Outflow flow) {
    return Math.min(TURN, Math.min(flow.window, window));
  }

  /** Sends one frame of what {@code octets} holds. */
  private void send(Outflow flow, ByteBuffer octets, boolean ends) {
    int n = Math.min(octets.remaining(), most(flow));
    int limit = octets.limit();
    flow.window -= n;
    window -= n;
    flow.sent += n;
    octets.limit(octets.position() + n);
    frames.data(flow.stream.id(), octets, ends);
    octets.limit(limit);
    floods.sent();
  }

  private void enqueue(Outflow flow) {
    if (flow.queued || flow.kept.isEmpty() || flow.window <= 0) {
      return;
    }
    flow.queued = true;
    if (last == null) {
      first = flow;
    } else {
      last.next = flow;
    }
    last = flow;
  }

  private Outflow dequeue() {
    Outflow flow = Objects.requireNonNull(first);
    first = flow.next;
    flow.next = null;
    flow.queued = false;
    if (first == null) {
      last = null;
    }
    return flow;
  }
}
