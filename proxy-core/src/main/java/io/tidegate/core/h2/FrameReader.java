package io.tidegate.core.h2;

import io.tidegate.core.http.Ascii;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads frames (RFC 9113 §4.1) from octets that arrive in pieces. Content of DATA frames is handed
 * on as it comes; other payloads are collected, but for those of unknown types, which are skipped.
 */
final class FrameReader {
  /** Told about frames. */
  interface Frames {
    /** A frame begins: the one moment to refuse it before its payload has come. */
    void begin(int type, int flags, int stream, int length) throws ConnectionException;

    /** Some content of a DATA frame: all that remains of {@code piece} is it. */
    void content(ByteBuffer piece) throws ConnectionException;

    /** Some padding of a DATA frame has come, its length included. */
    void padding(int octets) throws ConnectionException;

    /** The frame is complete; but for DATA, {@code payload} holds what it carried. */
    void end(byte[] payload, int length) throws ConnectionException;
  }

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int ACK = 1;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int PRIORITY_FLAG = 0x20;

  static final byte[] PREFACE = Ascii.octets("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  private static final int HEADER = 9;
  private static final int KEPT_SIZE = 1024;
  private static final byte[] NO_OCTETS = {};

  private enum State {
    PREFACE,
    HEADER,
    PAD_LENGTH,
    CONTENT,
    PADDING,
    PAYLOAD,
    SKIPPED
  }

  private final Frames frames;
  private final byte[] header = new byte[HEADER];
  private State state;
  private int got;
  private int length;

  /** What is missing of the content, the padding or the payload. */
  private int left;

  private int padding;
  private byte[] payload = NO_OCTETS;
  private boolean stopped;
  private long ended;

  /** A reader for what a client sends, if it {@code expectsPreface}, or a server. */
  FrameReader(Frames frames, boolean expectsPreface) {
    this.frames = frames;
    this.state = expectsPreface ? State.PREFACE : State.HEADER;
  }

  /** The number in four octets. */
  static int number(byte[] octets, int at) {
    return (octets[at] << 24)
        | ((octets[at + 1] & 0xff) << 16)
        | ((octets[at + 2] & 0xff) << 8)
        | (octets[at + 3] & 0xff);
  }

  /** Takes all of {@code in}, or what comes before {@link #stop}. */
  void read(ByteBuffer in) throws ConnectionException {
    while (in.hasRemaining() && !stopped) {
      switch (state) {
        case PREFACE -> preface(in);
        case HEADER -> header(in);
        case PAD_LENGTH -> padLength(in);
        case CONTENT -> content(in);
        case PADDING, SKIPPED -> skip(in);
        case PAYLOAD -> payload(in);
      }
    }
  }

  /** Nothing is read any more. */
  void stop() {
    stopped = true;
    payload = NO_OCTETS;
  }

  /** Whether a frame has begun, or the preface has, that has not ended. */
  boolean isMidway() {
    return got > 0 || (state != State.HEADER && state != State.PREFACE);
  }

  /** Whether what has begun is content: how fast that comes is for its exchange to judge. */
  boolean isInContent() {
    return state == State.CONTENT || (state == State.PADDING && (header[3] & 0xff) == DATA);
  }

  /** How many frames have ended. */
  long ended() {
    return ended;
  }

  private void preface(ByteBuffer in) throws ConnectionException {
    while (got < PREFACE.length && in.hasRemaining()) {
      if (in.get() != PREFACE[got++]) {
        throw ConnectionException.protocol("not the HTTP/2 preface");
      }
    }
    if (got == PREFACE.length) {
      next();
    }
  }

  private void next() {
    ended++;
    state = State.HEADER;
    got = 0;
    if (payload.length > KEPT_SIZE) {
      payload = NO_OCTETS;
    }
  }

  private void header(ByteBuffer in) throws ConnectionException {
    int n = Math.min(HEADER - got, in.remaining());
    in.get(header, got, n);
    got += n;
    if (got < HEADER) {
      return;
    }
    length = number(header, 0) >>> 8;
    int type = header[3] & 0xff;
    int flags = header[4] & 0xff;
    frames.begin(type, flags, number(header, 5) & 0x7fffffff, length);
    got = 0;
    left = length;
    padding = 0;
    if (type == DATA) {
      state = (flags & PADDED) != 0 ? State.PAD_LENGTH : State.CONTENT;
    } else {
      state = type > CONTINUATION ? State.SKIPPED : State.PAYLOAD;
    }
    if (state == State.PAD_LENGTH && length == 0) {
      throw ConnectionException.frameSize("no room for the length of padding");
    }
    endIfComplete();
  }

  private void padLength(ByteBuffer in) throws ConnectionException {
    padding = in.get() & 0xff;
    left--;
    if (padding > left) {
      throw ConnectionException.protocol("padding longer than its frame");
    }
    frames.padding(1);
    left -= padding;
    state = State.CONTENT;
    endIfComplete();
  }

  private void content(ByteBuffer in) throws ConnectionException {
    int end = in.position() + Math.min(left, in.remaining());
    int limit = in.limit();
    left -= end - in.position();
    in.limit(end);
    frames.content(in);
    in.limit(limit).position(end);
    endIfComplete();
  }

  private void skip(ByteBuffer in) throws ConnectionException {
    int n = Math.min(left, in.remaining());
    in.position(in.position() + n);
    left -= n;
    if (state == State.PADDING) {
      frames.padding(n);
    }
    endIfComplete();
  }

  private void payload(ByteBuffer in) throws ConnectionException {
    int n = Math.min(left, in.remaining());
    int at = length - left;
    if (at + n > payload.length) {
      payload = Arrays.copyOf(payload, Math.min(length, Math.max(at + n, 2 * payload.length)));
    }
    in.get(payload, at, n);
    left -= n;
    endIfComplete();
  }

  private void endIfComplete() throws ConnectionException {
    if (left > 0 || stopped) {
      return;
    }
    if (state == State.CONTENT && padding > 0) {
      state = State.PADDING;
      left = padding;
      return;
    }
    byte[] complete = payload;
    next();
    frames.end(complete, length);
  }
}
