package io.tidegate.core.h2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.core.testkit.Http2Client;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Frames of tests: made as octets, and read as words. */
final class Frames {
  private static final String[] TYPES = {
    "DATA",
    "HEADERS",
    "PRIORITY",
    "RST_STREAM",
    "SETTINGS",
    "PUSH_PROMISE",
    "PING",
    "GOAWAY",
    "WINDOW_UPDATE",
    "CONTINUATION"
  };

  private Frames() {}

  static byte[] frame(int type, int flags, int stream, byte... payload) {
    return Http2Client.octets(type, flags, stream, payload);
  }

  /** A frame whose payload is in hexadecimal digits. */
  static byte[] hex(int type, int flags, int stream, String payload) {
    return frame(type, flags, stream, HexFormat.of().parseHex(payload.replace(" ", "")));
  }

  static byte[] headers(int stream, boolean ends, String... fields) {
    int flags = FrameReader.END_HEADERS | (ends ? FrameReader.END_STREAM : 0);
    return frame(FrameReader.HEADERS, flags, stream, Http2Client.block(fields));
  }

  static byte[] get(int stream) {
    return headers(stream, true, Http2Client.request("GET", "/"));
  }

  static byte[] post(int stream, String... fields) {
    return headers(stream, false, Http2Client.request("POST", "/", fields));
  }

  static byte[] data(int stream, boolean ends, String content) {
    return frame(FrameReader.DATA, ends ? 1 : 0, stream, content.getBytes(ISO_8859_1));
  }

  static byte[] data(int stream, int octets) {
    return frame(FrameReader.DATA, 0, stream, new byte[octets]);
  }

  static byte[] rst(int stream) {
    return frame(FrameReader.RST_STREAM, 0, stream, Http2Client.number(8));
  }

  static byte[] windowUpdate(int stream, int increment) {
    return frame(FrameReader.WINDOW_UPDATE, 0, stream, Http2Client.number(increment));
  }

  static byte[] settings(int... settings) {
    return frame(FrameReader.SETTINGS, 0, 0, Http2Client.settings(settings));
  }

  static byte[] ping() {
    return frame(FrameReader.PING, 0, 0, new byte[8]);
  }

  /** Each frame as its type, its stream if it has one, and what its payload says. */
  static List<String> list(byte[] octets) {
    List<String> frames = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(octets);
    while (in.hasRemaining()) {
      int head = in.getInt();
      int flags = in.get();
      int stream = in.getInt();
      byte[] payload = new byte[head >>> 8];
      in.get(payload);
      String text = TYPES[head & 0xff] + (stream == 0 ? "" : " " + stream);
      frames.add(text + said(head & 0xff, flags, payload));
    }
    return frames;
  }

  private static String said(int type, int flags, byte[] payload) {
    ByteBuffer in = ByteBuffer.wrap(payload);
    return switch (type) {
      case FrameReader.DATA -> " " + payload.length + ((flags & 1) != 0 ? " ends" : "");
      case FrameReader.HEADERS -> (flags & 1) != 0 ? " ends" : "";
      case FrameReader.RST_STREAM -> " " + ErrorCode.of(in.getInt());
      case FrameReader.GOAWAY -> " " + in.getInt() + " " + ErrorCode.of(in.getInt());
      case FrameReader.WINDOW_UPDATE -> " " + in.getInt();
      case FrameReader.SETTINGS, FrameReader.PING -> (flags & 1) != 0 ? " ack" : "";
      default -> "";
    };
  }
}
