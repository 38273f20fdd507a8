package io.tidegate.core.h2;

import io.tidegate.core.io.BufferPool;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.HeadWriter;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of one HTTP/2 connection (RFC 9113). Octets of the peer go in through {@link #receive},
 * what streams do comes out of it as octets for {@link Output}. A peer that breaks the protocol or
 * asks for more work than it is worth is sent GOAWAY. For one thread.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Http2Session {
  /** Which side we are. */
  public enum Role {
    CLIENT,
    SERVER
  }

  /** Where octets go; a {@link io.tidegate.core.io.MessageWriter} without framing, in effect. */
  public interface Output {
    /** Takes what {@code octets} holds. */
    void send(HeadWriter octets);

    /** Takes all of {@code data}. */
    void write(ByteBuffer data);

    /** Whether the peer is slower than we are. */
    boolean backlogged();
  }

  /** Told what happens to the connection as a whole. */
  public interface Owner {
    /**
     * A client has opened a stream with a well-formed request; {@code ends} if that is all of it.
     *
     * @return who is told about the rest
     */
    Http2Stream.Receiver opened(Http2Stream stream, Http2Head head, boolean ends);

    /** The peer's settings have come, the first or later ones. */
    default void settingsCame() {}

    /** The peer takes no more streams; those that it has not touched have been told. */
    default void goingAway() {}

    /** A stream has been closed, by whomever; there may be room for another one. */
    default void closed(Http2Stream stream) {}

    /**
     * The connection cannot go on: all streams have been told, and GOAWAY has been put out. Close
     * it when that has left.
     */
    void failed(ErrorCode code, String detail);
  }

  /**
   * One side of a connection.
   *
   * @param limits of the heads of the peer
   * @param now milliseconds since an arbitrary origin: floods are counted by time
   */
  public Http2Session(
      Role role,
      Http2Settings settings,
      HeadLimits limits,
      BufferPool buffers,
      LongSupplier now,
      Output output,
      Owner owner) {}

  /** Puts out our part of the preface (RFC 9113 §3.4). */
  public void start() {
    throw new UnsupportedOperationException();
  }

  /** Takes all of {@code in}. */
  public void receive(ByteBuffer in) {
    throw new UnsupportedOperationException();
  }

  /** The connection has ended or been lost: streams are told. Nothing more is put out. */
  public void lost(String detail) {
    throw new UnsupportedOperationException();
  }

  /** The output has caught up: streams that wait for it go on, in turn. */
  public void drained() {
    throw new UnsupportedOperationException();
  }

  /** Where the next head is written. */
  public HeadBlock block() {
    throw new UnsupportedOperationException();
  }

  /** Whether a stream may be opened now: the peer permits one more, and nobody is going away. */
  public boolean mayOpen() {
    throw new UnsupportedOperationException();
  }

  /** Opens a stream with this request (clients only); {@code ends} if that is all of it. */
  public Http2Stream open(HeadBlock request, boolean ends, Http2Stream.Receiver receiver) {
    throw new UnsupportedOperationException();
  }

  /** How many streams are open, of either side. */
  public int openStreams() {
    throw new UnsupportedOperationException();
  }

  /** Whether the peer's preface and first settings have come. */
  public boolean isEstablished() {
    throw new UnsupportedOperationException();
  }

  /** Whether a head of the peer's has begun and not ended, or a frame has. */
  public boolean isMidway() {
    throw new UnsupportedOperationException();
  }

  /** Since when {@link #isMidway}; {@link Long#MAX_VALUE} if it is not. */
  public long midwaySince() {
    throw new UnsupportedOperationException();
  }

  /** Whether the peer takes an extended CONNECT (RFC 8441 §3). */
  public boolean peerTakesExtendedConnect() {
    throw new UnsupportedOperationException();
  }

  /** Asks whether the peer is there; {@code answered} runs when it says so (RFC 9113 §6.7). */
  public void ping(Runnable answered) {
    throw new UnsupportedOperationException();
  }

  /**
   * Tells the peer to open no more streams; those under way go on (RFC 9113 §6.8). First said
   * without a last stream, then, once the peer has answered a PING, with it: none is lost that was
   * on its way.
   *
   * @param drained runs when the last stream is closed; at once if there is none
   */
  public void drain(Runnable drained) {
    throw new UnsupportedOperationException();
  }

  /** Ends the connection with this error: streams are told, GOAWAY is put out. */
  public void fail(ErrorCode code, String detail) {
    throw new UnsupportedOperationException();
  }

  /** Null until then: why the connection has failed. */
  public @Nullable ErrorCode failure() {
    throw new UnsupportedOperationException();
  }
}
