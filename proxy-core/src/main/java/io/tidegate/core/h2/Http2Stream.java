package io.tidegate.core.h2;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.BufferPool;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a {@link Http2Session}: a request and its response. What is sent when the stream is
 * closed is thrown away.
 */
public final class Http2Stream implements BodySink {
  /** Told what the peer does on a stream. After {@link #reset} in either direction, nothing. */
  public interface Receiver {
    /**
     * The head of a response, interim or final; {@code ends} if nothing follows it. Of a request it
     * was told when the stream was opened.
     */
    default void head(Http2Head head, boolean ends) {}

    /** Some content, all of which must be taken; it counts as consumed unless we are paused. */
    void content(ByteBuffer data);

    /** The message is complete, unless its head was all of it. */
    void end(Fields trailers);

    /**
     * The stream is over before its time: reset by the peer, or by us because the peer broke the
     * protocol, or the connection has ended.
     *
     * @param untouched whether the peer has certainly done nothing with the request (RFC 9113 §8.7)
     */
    void reset(ErrorCode code, boolean untouched, String detail);

    /** What was sent has left: whoever saw {@link #backlogged} may go on. */
    void drained();
  }

  /** Told about a stream of which nobody wants to know. */
  static final Receiver NOBODY =
      new Receiver() {
        @Override
        public void content(ByteBuffer data) {}

        @Override
        public void end(Fields trailers) {}

        @Override
        public void reset(ErrorCode code, boolean untouched, String detail) {}

        @Override
        public void drained() {}
      };

  private final Http2Session session;
  private final int id;
  private final Inflow in;
  private final Outflow out;
  private final ReceiveWindow window;
  private Receiver receiver = NOBODY;

  /** What the request was, as far as the framing of its response depends on it. */
  private boolean toHead;

  private boolean tunnel;

  /** Whether the final head of the peer has come. */
  private boolean headCame;

  /** The content that is still to come, if the head said how much; else negative. */
  private long expected = -1;

  private int interim;
  private boolean remoteEnded;
  private boolean ended;
  private boolean closed;
  private boolean cut;
  private boolean earnsNothing;

  Http2Stream(
      Http2Session session, int id, BufferPool buffers, ReceiveWindow window, int sendWindow) {
    this.session = session;
    this.id = id;
    this.window = window;
    this.in = new Inflow(session, this, buffers);
    this.out = new Outflow(this, buffers, sendWindow);
  }

  /** Its number (RFC 9113 §5.1.1). */
  public int id() {
    return id;
  }

  /** Sends a head; {@code ends} if that is all. */
  public void head(HeadBlock block, boolean ends) {
    if (!closed && !out.ending) {
      session.putHead(this, block, ends);
      if (ends) {
        out.ending = true;
        session.ended(this);
      }
    }
  }

  @Override
  public void wholeAfter(long octets) {
    out.left = octets;
  }

  @Override
  public void write(ByteBuffer data) {
    if (closed || out.ending) {
      data.position(data.limit());
    } else {
      session.sender().write(out, data);
    }
  }

  @Override
  public void end(@Nullable FieldEdits trailers) {
    if (!closed && !out.ending) {
      session.sender().end(out, trailers);
    }
  }

  @Override
  public boolean backlogged() {
    return !out.kept.isEmpty();
  }

  /** How many octets of content have left. */
  public long sent() {
    return out.sent;
  }

  /** Delivers no more content until {@link #resume}; the peer's window closes meanwhile. */
  public void pause() {
    in.pause();
  }

  /** Delivers content again, what has come meanwhile first. */
  public void resume() {
    in.resume();
  }

  /**
   * Throws away what content has been held and still comes; neither that nor its end is told any
   * more, and the peer is told nothing.
   */
  public void discard() {
    in.discard();
  }

  /** Ends the stream at once; the receiver is not told. */
  public void reset(ErrorCode code) {
    session.resetByUs(this, code);
  }

  /** Whether the peer has sent all of its message. */
  public boolean remoteEnded() {
    return remoteEnded;
  }

  /** Whether anything can still be sent or come. */
  public boolean isOpen() {
    return !closed;
  }

  // What the session does with it

  void receiver(Receiver told) {
    receiver = told;
  }

  Receiver receiver() {
    return receiver;
  }

  Inflow in() {
    return in;
  }

  Outflow out() {
    return out;
  }

  ReceiveWindow window() {
    return window;
  }

  /** The request has been sent, and this is what its response depends on. */
  void asked(HeadBlock request) {
    toHead = request.isToHead();
    tunnel = request.isToConnect();
  }

  boolean isToHead() {
    return toHead;
  }

  /** Whether content is that of a tunnel, which has no trailers (RFC 9113 §8.5). */
  boolean isTunnel() {
    return tunnel;
  }

  boolean headCame() {
    return headCame;
  }

  /** The final head has come; {@code length} is negative if it does not say how much follows. */
  void headCame(long length, boolean isTunnel) {
    headCame = true;
    expected = length;
    tunnel = isTunnel;
  }

  /** Counts an interim response; how many there were. */
  int countInterim() {
    return ++interim;
  }

  /** Counts content against what the head has said; false if it is more. */
  boolean count(int octets) {
    if (expected < 0) {
      return true;
    }
    expected -= octets;
    return expected >= 0;
  }

  /** Whether less has come than the head has said. */
  boolean lacksContent() {
    return expected > 0;
  }

  void remoteEnd() {
    remoteEnded = true;
  }

  /** Whether we have sent all of our message. */
  boolean hasEnded() {
    return ended;
  }

  void localEnd() {
    ended = true;
  }

  /** Nothing can be sent or come; {@code early} if it was to. */
  void close(boolean early) {
    closed = true;
    cut = early;
  }

  /** Whether it was closed before its time: its receiver has heard the last. */
  boolean isCut() {
    return cut;
  }

  /** The request has come to nothing, however it is answered. */
  void earnNothing() {
    earnsNothing = true;
  }

  /** Whether an answer earns the client another reset. */
  boolean earns() {
    return !earnsNothing;
  }
}
