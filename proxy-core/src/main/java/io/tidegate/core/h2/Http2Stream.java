package io.tidegate.core.h2;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.io.BodySink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a {@link Http2Session}: a request and its response. What is sent when the stream is
 * closed is thrown away.
 */
@SuppressWarnings("DoNotCallSuggester")
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
     * The stream is over before its time: reset by the peer, or the connection has ended.
     *
     * @param untouched whether the peer has certainly done nothing with the request (RFC 9113 §8.7)
     */
    void reset(ErrorCode code, boolean untouched, String detail);

    /** What was sent has left: whoever saw {@link #backlogged} may go on. */
    void drained();
  }

  Http2Stream() {}

  /** Its number (RFC 9113 §5.1.1). */
  public int id() {
    throw new UnsupportedOperationException();
  }

  /** Sends a head; {@code ends} if that is all. */
  public void head(HeadBlock block, boolean ends) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(ByteBuffer data) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void end(@Nullable FieldEdits trailers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean backlogged() {
    throw new UnsupportedOperationException();
  }

  /** How many octets of content have left. */
  public long sent() {
    throw new UnsupportedOperationException();
  }

  /** Delivers no more content until {@link #resume}; the peer's window closes meanwhile. */
  public void pause() {
    throw new UnsupportedOperationException();
  }

  /** Delivers content again, what has come meanwhile first. */
  public void resume() {
    throw new UnsupportedOperationException();
  }

  /** Throws away what content still comes; the peer is told nothing. */
  public void discard() {
    throw new UnsupportedOperationException();
  }

  /** Ends the stream at once; the receiver is not told. */
  public void reset(ErrorCode code) {
    throw new UnsupportedOperationException();
  }

  /** Whether the peer has sent all of its message. */
  public boolean remoteEnded() {
    throw new UnsupportedOperationException();
  }

  /** Whether anything can still be sent or come. */
  public boolean isOpen() {
    throw new UnsupportedOperationException();
  }
}
