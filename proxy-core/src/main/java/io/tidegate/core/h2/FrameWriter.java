package io.tidegate.core.h2;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.wire.HeadWriter;
import java.nio.ByteBuffer;

/**
 * Writes frames (RFC 9113 §6). Everything but content leaves at once; how much of that a peer has
 * not read is counted, so that it does not pile up.
 */
final class FrameWriter {
  /** What may wait for a peer that does not read, beside content. */
  static final int MAX_UNREAD = 1 << 20;

  private static final int MAX_DETAIL = 128;
  private static final int FIRST_SIZE = 64;
  private static final int KEPT_SIZE = 4096;

  private final Http2Session.Output output;
  private HeadWriter frame = new HeadWriter(FIRST_SIZE);
  private boolean stopped;
  private long unread;

  FrameWriter(Http2Session.Output output) {
    this.output = output;
  }

  /** Our preface, if we are the client. */
  void preface() {
    frame.clear().octets(FrameReader.PREFACE, 0, FrameReader.PREFACE.length);
    send();
  }

  /** SETTINGS with these, identifiers and values in turn; {@code count} numbers in all. */
  void settings(int[] settings, int count) {
    header(count / 2 * 6, FrameReader.SETTINGS, 0, 0);
    for (int i = 0; i < count; i += 2) {
      frame.octet(settings[i] >>> 8).octet(settings[i]);
      number(settings[i + 1]);
    }
    send();
  }

  void acknowledgeSettings() {
    header(0, FrameReader.SETTINGS, FrameReader.ACK, 0);
    send();
  }

  void ping(byte[] payload, boolean answer) {
    header(8, FrameReader.PING, answer ? FrameReader.ACK : 0, 0);
    frame.octets(payload, 0, 8);
    send();
  }

  void reset(int stream, ErrorCode code) {
    header(4, FrameReader.RST_STREAM, 0, stream);
    number(code.number());
    send();
  }

  void windowUpdate(int stream, int increment) {
    header(4, FrameReader.WINDOW_UPDATE, 0, stream);
    number(increment);
    send();
  }

  void goAway(int lastStream, ErrorCode code, String detail) {
    byte[] debug = Ascii.octets(detail);
    int length = Math.min(debug.length, MAX_DETAIL);
    header(8 + length, FrameReader.GOAWAY, 0, 0);
    number(lastStream);
    number(code.number());
    frame.octets(debug, 0, length);
    send();
  }

  /** HEADERS, and CONTINUATION for what one frame does not hold. */
  void head(int stream, HeadBlock block, boolean ends, int maxFrame) {
    int ending = ends ? FrameReader.END_STREAM : 0;
    int type = FrameReader.HEADERS;
    int at = 0;
    do {
      int n = Math.min(maxFrame, block.length() - at);
      boolean last = at + n == block.length();
      header(n, type, ending | (last ? FrameReader.END_HEADERS : 0), stream);
      frame.octets(block.octets(), at, n);
      send();
      at += n;
      ending = 0;
      type = FrameReader.CONTINUATION;
    } while (at < block.length());
    block.sent();
    if (block.length() > KEPT_SIZE) {
      frame = new HeadWriter(FIRST_SIZE);
    }
  }

  /** DATA with all of {@code content}. */
  void data(int stream, ByteBuffer content, boolean ends) {
    if (stopped) {
      content.position(content.limit());
      return;
    }
    int flags = ends ? FrameReader.END_STREAM : 0;
    header(content.remaining(), FrameReader.DATA, flags, stream);
    output.send(frame);
    output.write(content);
  }

  /** The end of a stream, as DATA without content. */
  void end(int stream) {
    header(0, FrameReader.DATA, FrameReader.END_STREAM, stream);
    send();
  }

  /** Nothing is written any more. */
  void stop() {
    stopped = true;
  }

  boolean backlogged() {
    return output.backlogged();
  }

  /** Whether more waits than should for a peer that does not read. */
  boolean isUnread() {
    return unread > MAX_UNREAD;
  }

  private void header(int length, int type, int flags, int stream) {
    frame.clear().octet(length >>> 16).octet(length >>> 8).octet(length).octet(type).octet(flags);
    number(stream);
  }

  private void number(int number) {
    frame.octet(number >>> 24).octet(number >>> 16).octet(number >>> 8).octet(number);
  }

  private void send() {
    if (stopped) {
      return;
    }
    unread = output.backlogged() ? unread + frame.length() : 0;
    output.send(frame);
  }
}
