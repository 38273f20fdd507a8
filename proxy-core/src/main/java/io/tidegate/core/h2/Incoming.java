package io.tidegate.core.h2;

import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Says what the frames of the peer mean (RFC 9113 §5.1, §6), and which must not be. */
final class Incoming implements FrameReader.Frames {
  /** Windows cannot be widened by so much very often without anything being sent. */
  private static final int WORTHWHILE = 1024;

  private final Http2Session session;
  private final Floods floods;
  private final HeadReceiver heads;
  private int type;
  private int flags;
  private int id;

  /** The stream that takes the content of the current DATA frame; null if none does. */
  private @Nullable Http2Stream taker;

  private boolean hasContent;

  Incoming(Http2Session session, Floods floods, HeadReceiver heads) {
    this.session = session;
    this.floods = floods;
    this.heads = heads;
  }

  @Override
  public void begin(int frameType, int frameFlags, int stream, int length)
      throws ConnectionException {
    type = frameType;
    flags = frameFlags;
    id = stream;
    checkOrder();
    if (length > PeerSettings.DEFAULT_FRAME) {
      throw ConnectionException.frameSize("frame too long");
    }
    checkStream();
    checkLength(length);
    if (type == FrameReader.DATA) {
      dataBegins(length);
    } else if (type == FrameReader.PUSH_PROMISE) {
      throw ConnectionException.protocol("PUSH_PROMISE");
    }
  }

  private void checkOrder() throws ConnectionException {
    boolean first = type == FrameReader.SETTINGS && !has(FrameReader.ACK);
    if (!first && !session.isEstablished()) {
      throw ConnectionException.protocol("SETTINGS do not come first");
    }
    boolean continues = type == FrameReader.CONTINUATION;
    if (heads.inBlock() ? !continues || !heads.inBlockOf(id) : continues) {
      throw ConnectionException.protocol("CONTINUATION out of place");
    }
  }

  /** Frames are of the connection or of a stream, but for WINDOW_UPDATE. */
  private void checkStream() throws ConnectionException {
    boolean wrong =
        switch (type) {
          case FrameReader.SETTINGS, FrameReader.PING, FrameReader.GOAWAY -> id != 0;
          case FrameReader.DATA,
              FrameReader.HEADERS,
              FrameReader.PRIORITY,
              FrameReader.RST_STREAM ->
              id == 0;
          default -> false;
        };
    if (wrong) {
      throw ConnectionException.protocol("frame on the wrong stream");
    }
  }

  private void checkLength(int length) throws ConnectionException {
    boolean wrong =
        switch (type) {
          case FrameReader.RST_STREAM, FrameReader.WINDOW_UPDATE -> length != 4;
          case FrameReader.SETTINGS -> has(FrameReader.ACK) ? length != 0 : length % 6 != 0;
          case FrameReader.PING -> length != 8;
          case FrameReader.GOAWAY -> length < 8;
          default -> false;
        };
    if (wrong) {
      throw ConnectionException.frameSize("frame of the wrong length");
    }
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  // DATA

  private void dataBegins(int length) throws ConnectionException {
    hasContent = false;
    taker = null;
    session.contentBegins(length);
    Http2Stream stream = session.stream(id);
    if (stream == null) {
      session.lateData(id, length);
    } else if (stream.remoteEnded()) {
      session.streamError(stream, ErrorCode.STREAM_CLOSED, "DATA behind the end");
    } else if (!stream.headCame()) {
      session.streamError(stream, ErrorCode.PROTOCOL_ERROR, "DATA before a head");
    } else if (!stream.window().take(length)) {
      session.streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the window");
    } else {
      taker = stream;
    }
  }

  @Override
  public void content(ByteBuffer piece) throws ConnectionException {
    int octets = piece.remaining();
    hasContent |= octets > 0;
    Http2Stream stream = taker;
    if (stream == null || !stream.isOpen()) {
      return;
    }
    if (stream.count(octets)) {
      stream.in().content(piece);
    } else {
      session.streamError(stream, ErrorCode.PROTOCOL_ERROR, "more content than Content-Length");
    }
  }

  @Override
  public void padding(int octets) {
    if (taker != null) {
      session.consumed(taker, octets);
    }
  }

  private void dataEnds() throws ConnectionException {
    if (!hasContent && !has(FrameReader.END_STREAM)) {
      floods.dearFrame();
    }
    Http2Stream stream = taker;
    taker = null;
    if (!has(FrameReader.END_STREAM)) {
      return;
    }
    if (stream != null && stream.isOpen()) {
      session.remoteEnd(stream, Fields.empty());
    } else {
      session.lateEnd(id);
    }
  }

  // Others

  @Override
  public void end(byte[] payload, int length) throws ConnectionException {
    switch (type) {
      case FrameReader.DATA -> dataEnds();
      case FrameReader.HEADERS -> heads.headers(id, flags, payload, length);
      case FrameReader.PRIORITY -> priority(payload, length);
      case FrameReader.RST_STREAM -> reset(ErrorCode.of(FrameReader.number(payload, 0)));
      case FrameReader.SETTINGS -> settings(payload, length);
      case FrameReader.PING -> ping(payload);
      case FrameReader.GOAWAY -> goAway(payload);
      case FrameReader.WINDOW_UPDATE -> windowUpdate(FrameReader.number(payload, 0) & 0x7fffffff);
      case FrameReader.CONTINUATION -> heads.continuation(flags, payload, length);
      default -> floods.idleFrame();
    }
    session.checkUnread();
  }

  private void priority(byte[] payload, int length) throws ConnectionException {
    floods.idleFrame();
    if (length != 5) {
      priorityError(ErrorCode.FRAME_SIZE_ERROR, "PRIORITY of the wrong length");
    } else if ((FrameReader.number(payload, 0) & 0x7fffffff) == id) {
      priorityError(ErrorCode.PROTOCOL_ERROR, "stream that depends on itself");
    }
  }

  /** A stream that is not there cannot be reset. */
  private void priorityError(ErrorCode code, String detail) throws ConnectionException {
    Http2Stream stream = session.stream(id);
    if (stream == null) {
      throw new ConnectionException(code, detail);
    }
    session.streamError(stream, code, detail);
  }

  private void reset(ErrorCode code) throws ConnectionException {
    Http2Stream stream = session.stream(id);
    if (stream != null) {
      session.resetByPeer(stream, code);
    } else {
      session.lateReset(id);
    }
  }

  private void settings(byte[] payload, int length) throws ConnectionException {
    floods.dearFrame();
    if (has(FrameReader.ACK)) {
      session.settingsAcknowledged();
    } else {
      session.settingsCame(payload, length);
    }
  }

  private void ping(byte[] payload) throws ConnectionException {
    floods.idleFrame();
    session.pingCame(payload, has(FrameReader.ACK));
  }

  private void goAway(byte[] payload) throws ConnectionException {
    floods.dearFrame();
    int last = FrameReader.number(payload, 0) & 0x7fffffff;
    session.goAwayCame(last, ErrorCode.of(FrameReader.number(payload, 4)));
  }

  private void windowUpdate(int increment) throws ConnectionException {
    Http2Stream stream = session.stream(id);
    if (increment < WORTHWHILE || (id != 0 && stream == null)) {
      floods.idleFrame();
    }
    if (id == 0) {
      session.widen(increment);
    } else if (stream == null) {
      session.checkNotIdle(id);
    } else if (increment == 0) {
      session.streamError(stream, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
    } else {
      session.widen(stream, increment);
    }
  }
}
