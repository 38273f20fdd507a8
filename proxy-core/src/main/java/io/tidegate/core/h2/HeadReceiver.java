package io.tidegate.core.h2;

import io.tidegate.core.h2.FieldSection.Kind;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.wire.HeadLimits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects header blocks (RFC 9113 §4.3) and says what they mean for their streams. A block is
 * looked at when it is complete, and is decoded whatever has become of its stream.
 */
final class HeadReceiver {
  private static final byte[] NO_OCTETS = {};
  private static final int MAX_CAP = 16 << 20;

  /** Interim responses of a stream that are nobody's concern. */
  private static final int FREE_INTERIM = 8;

  private final Http2Session session;
  private final Floods floods;
  private final FieldSection section;
  private final HpackDecoder decoder;
  private final int cap;
  private byte[] block = NO_OCTETS;
  private int length;

  /** The stream whose block has begun, or 0. */
  private int id;

  private boolean ends;
  private boolean dependsOnItself;

  HeadReceiver(Http2Session session, Floods floods, HeadLimits limits, int tableSize) {
    this.session = session;
    this.floods = floods;
    this.cap = (int) Math.min(MAX_CAP, 4L * listSize(limits));
    this.section = new FieldSection(limits);
    this.decoder = new HpackDecoder(tableSize, cap);
  }

  /**
   * What a peer is told about {@code limits} (RFC 9113 §6.5.2), which counts more for a field than
   * we do: whatever is within our limits is within this.
   */
  static int listSize(HeadLimits limits) {
    long fields = 28L * (limits.maxFields() + 4L);
    return (int) Math.min(MAX_CAP / 4, limits.maxBytes() + fields);
  }

  /** Whether a block has begun and not ended. */
  boolean inBlock() {
    return id != 0;
  }

  /** Whether it is of this stream. */
  boolean inBlockOf(int stream) {
    return id == stream;
  }

  void takeExtendedConnect() {
    section.takeExtendedConnect();
  }

  /** The peer knows the size of our table. */
  void tableIsKnown(int tableSize) {
    decoder.limitTable(tableSize);
  }

  /** The payload of a HEADERS frame (RFC 9113 §6.2). */
  void headers(int stream, int flags, byte[] payload, int size) throws ConnectionException {
    int from = 0;
    int padding = 0;
    if ((flags & FrameReader.PADDED) != 0) {
      require(size, 1);
      padding = payload[from++] & 0xff;
    }
    dependsOnItself = false;
    if ((flags & FrameReader.PRIORITY_FLAG) != 0) {
      require(size, from + 5);
      dependsOnItself = (FrameReader.number(payload, from) & 0x7fffffff) == stream;
      from += 5;
    }
    if (padding > size - from) {
      throw ConnectionException.protocol("padding longer than its frame");
    }
    id = stream;
    ends = (flags & FrameReader.END_STREAM) != 0;
    if ((flags & FrameReader.END_HEADERS) != 0) {
      complete(payload, from, size - padding);
    } else {
      append(payload, from, size - padding);
    }
  }

  private static void require(int size, int needed) throws ConnectionException {
    if (size < needed) {
      throw ConnectionException.frameSize("HEADERS too short");
    }
  }

  /** The payload of a CONTINUATION frame (RFC 9113 §6.10). */
  void continuation(int flags, byte[] payload, int size) throws ConnectionException {
    floods.dearFrame();
    append(payload, 0, size);
    if ((flags & FrameReader.END_HEADERS) != 0) {
      byte[] whole = block;
      int end = length;
      block = NO_OCTETS;
      length = 0;
      complete(whole, 0, end);
    }
  }

  private void append(byte[] payload, int from, int to) throws ConnectionException {
    int needed = length + to - from;
    if (needed > cap) {
      throw ConnectionException.flood("header block far over the limit");
    }
    if (needed > block.length) {
      block = Arrays.copyOf(block, Math.max(needed, 2 * block.length));
    }
    System.arraycopy(payload, from, block, length, to - from);
    length = needed;
  }

  private void complete(byte[] octets, int from, int to) throws ConnectionException {
    int stream = id;
    id = 0;
    Http2Stream open = session.stream(stream);
    if (open != null) {
      section.start(kind(open));
      decoder.decode(octets, from, to, section);
      ofOpen(open);
    } else if (session.ignores(stream)) {
      floods.idleFrame();
      ignore(octets, from, to);
    } else if (session.isIdle(stream)) {
      session.checkOpening(stream);
      section.start(Kind.REQUEST);
      decoder.decode(octets, from, to, section);
      request(stream);
    } else {
      if (!session.awaitsLateHead(stream, to - from)) {
        floods.idleFrame();
      }
      ignore(octets, from, to);
      session.lateHead(stream);
    }
  }

  private void ignore(byte[] octets, int from, int to) throws ConnectionException {
    section.start(Kind.IGNORED);
    decoder.decode(octets, from, to, section);
  }

  private Kind kind(Http2Stream stream) {
    if (stream.remoteEnded()) {
      return Kind.IGNORED;
    }
    return stream.headCame() ? Kind.TRAILERS : Kind.RESPONSE;
  }

  private void request(int stream) throws ConnectionException {
    if (dependsOnItself) {
      session.refuse(stream, ErrorCode.PROTOCOL_ERROR);
    } else if (session.isFull()) {
      session.refuse(stream, ErrorCode.REFUSED_STREAM);
    } else {
      open(stream);
    }
  }

  private void open(int stream) throws ConnectionException {
    Http2Head head;
    long content;
    try {
      head = section.head(decoder);
      content = contentLength(head.fields(), "CONNECT".equals(head.method()) ? -1 : 0);
    } catch (BadMessageException e) {
      if (isTooLarge(e)) {
        session.openedTooLarge(stream, section.method(), e, ends);
      } else {
        session.refuse(stream, ErrorCode.PROTOCOL_ERROR);
      }
      return;
    }
    session.opened(stream, head, content, ends);
  }

  private static boolean isTooLarge(BadMessageException e) {
    return e.fault() != Fault.SYNTAX && e.fault() != Fault.FRAMING;
  }

  /**
   * How much content follows, negative if nobody says.
   *
   * @param framed negative if what Content-Length says means nothing
   */
  private long contentLength(Fields fields, int framed) throws BadMessageException {
    long length = Framing.contentLength(fields);
    if (framed < 0) {
      return -1;
    }
    if (ends && length > 0) {
      throw BadMessageException.framing("content is missing");
    }
    return length;
  }

  private void ofOpen(Http2Stream stream) throws ConnectionException {
    if (stream.remoteEnded()) {
      session.streamError(stream, ErrorCode.STREAM_CLOSED, "HEADERS behind the end");
    } else if (dependsOnItself) {
      session.streamError(stream, ErrorCode.PROTOCOL_ERROR, "stream that depends on itself");
    } else if (stream.headCame()) {
      trailers(stream);
    } else {
      response(stream);
    }
  }

  private void trailers(Http2Stream stream) throws ConnectionException {
    if (!ends || stream.isTunnel()) {
      session.streamError(stream, ErrorCode.PROTOCOL_ERROR, "a head where none may be");
      return;
    }
    @Nullable Fields trailers = null;
    try {
      trailers = section.trailers(decoder);
    } catch (BadMessageException e) {
      malformed(stream, e);
    }
    if (trailers != null) {
      session.remoteEnd(stream, trailers);
    }
  }

  private void response(Http2Stream stream) throws ConnectionException {
    try {
      Http2Head head = section.head(decoder);
      boolean interim = head.status() < 200;
      if (interim) {
        if (ends) {
          throw BadMessageException.framing("an interim response that ends its stream");
        }
        interimCame(stream);
      } else {
        headCame(stream, head);
      }
      session.response(stream, head, ends);
    } catch (BadMessageException e) {
      malformed(stream, e);
    }
  }

  private void interimCame(Http2Stream stream) throws ConnectionException {
    if (stream.countInterim() > FREE_INTERIM) {
      floods.idleFrame();
    }
  }

  private void headCame(Http2Stream stream, Http2Head head) throws BadMessageException {
    int status = head.status();
    boolean tunnel = stream.isTunnel() && status < 300;
    boolean empty = stream.isToHead() || status == 204 || status == 304;
    long content = contentLength(head.fields(), empty || tunnel ? -1 : 0);
    stream.headCame(empty ? 0 : content, tunnel);
  }

  private void malformed(Http2Stream stream, BadMessageException e) throws ConnectionException {
    ErrorCode code = isTooLarge(e) ? ErrorCode.ENHANCE_YOUR_CALM : ErrorCode.PROTOCOL_ERROR;
    session.streamError(stream, code, e.detail());
  }
}
