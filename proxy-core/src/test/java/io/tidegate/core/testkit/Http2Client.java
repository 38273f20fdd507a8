package io.tidegate.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import io.undertow.util.HttpString;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A client that writes exact HTTP/2 frames, wrong ones too, and reads those of the server one by
 * one. It answers nothing by itself. Fields are sent as literals, and decoded by somebody else's
 * HPACK.
 */
public final class Http2Client extends Peer {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int ACK = 1;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;
  public static final int PADDED = 8;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /**
   * A frame as it came.
   *
   * @param fields what a HEADERS frame says, {@code name: value} each; else empty
   */
  public record Frame(int type, int flags, int stream, byte[] payload, List<String> fields) {
    /** Whether this flag is set. */
    public boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** The payload as text. */
    public String text() {
      return new String(payload, ISO_8859_1);
    }

    /** The number in the four octets at {@code offset} of the payload. */
    public int number(int offset) {
      return ByteBuffer.wrap(payload).getInt(offset);
    }

    /** The error code of a RST_STREAM or GOAWAY frame. */
    public int error() {
      return number(type == GOAWAY ? 4 : 0);
    }

    /** The value of the first field with this name in lower case, or an error if there is none. */
    public String field(String name) {
      for (String field : fields) {
        if (field.startsWith(name + ": ")) {
          return field.substring(name.length() + 2);
        }
      }
      throw new AssertionError("no " + name + " in " + this);
    }

    @Override
    public String toString() {
      String shown = fields.isEmpty() ? payload.length + " octets" : fields.toString();
      return "type " + type + " flags " + flags + " stream " + stream + " " + shown;
    }
  }

  /** A whole response: its last head, content and trailers; {@code reset} is -1 if it has ended. */
  public record Response(List<String> fields, byte[] body, List<String> trailers, int reset) {
    /** The status code. */
    public int status() {
      return Integer.parseInt(fields.get(0).substring(":status: ".length()));
    }

    /** The content as text. */
    public String text() {
      return new String(body, ISO_8859_1);
    }
  }

  private final HpackDecoder decoder = new HpackDecoder();

  private Http2Client(Socket raw, Socket socket) throws IOException {
    super(raw, socket);
  }

  /** A client connected to {@code port} of the loopback address; it has sent nothing. */
  public static Http2Client connect(int port) throws IOException {
    Socket socket = dial(port);
    return new Http2Client(socket, socket);
  }

  /** As {@link #connect}, over TLS after a handshake that has to agree on {@code h2}. */
  public static Http2Client connectTls(int port, SSLContext context) throws IOException {
    Socket raw = dial(port);
    raw.setSoTimeout((int) PATIENCE.toMillis());
    var socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", port, true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!socket.getApplicationProtocol().equals("h2")) {
      throw new AssertionError("ALPN: '" + socket.getApplicationProtocol() + "'");
    }
    return new Http2Client(raw, socket);
  }

  private static Socket dial(int port) throws IOException {
    Socket socket = new Socket();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    socket.connect(new InetSocketAddress(loopback, port), (int) PATIENCE.toMillis());
    return socket;
  }

  // Sending

  /** Sends the preface and these settings, identifiers and values in turn. */
  public Http2Client preface(int... settings) throws IOException {
    send(PREFACE);
    return frame(SETTINGS, 0, 0, settings(settings));
  }

  /** {@link #preface}, then waits for the server's settings and its acknowledgement of ours. */
  public Http2Client handshake(int... settings) throws IOException {
    preface(settings);
    awaitFrame(SETTINGS);
    frame(SETTINGS, ACK, 0);
    while (!awaitFrame(SETTINGS).has(ACK)) {
      // settings may be sent in several frames
    }
    return this;
  }

  /** Sends a frame. */
  public Http2Client frame(int type, int flags, int stream, byte... payload) throws IOException {
    send(octets(type, flags, stream, payload));
    return this;
  }

  /** Sends HEADERS with END_HEADERS; {@code fields} are names and values in turn. */
  public Http2Client headers(int stream, boolean ends, String... fields) throws IOException {
    return frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
  }

  /** Sends a GET of {@code path} from {@code localhost}, all of the request. */
  public Http2Client get(int stream, String path, String... fields) throws IOException {
    return headers(stream, true, request("GET", path, fields));
  }

  /** Sends content. */
  public Http2Client data(int stream, String content, boolean ends) throws IOException {
    return frame(DATA, ends ? END_STREAM : 0, stream, content.getBytes(ISO_8859_1));
  }

  /** Sends RST_STREAM. */
  public Http2Client rst(int stream, int error) throws IOException {
    return frame(RST_STREAM, 0, stream, number(error));
  }

  /** Sends WINDOW_UPDATE. */
  public Http2Client windowUpdate(int stream, int increment) throws IOException {
    return frame(WINDOW_UPDATE, 0, stream, number(increment));
  }

  /** The pseudo-header fields of an https request to {@code localhost}, and then these fields. */
  public static String[] request(String method, String path, String... fields) {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "https", ":authority", "localhost", ":path", path));
    all.addAll(List.of(fields));
    return all.toArray(String[]::new);
  }

  /** A header block of literals that nobody has to remember. */
  public static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      string(block, fields[i]);
      string(block, fields[i + 1]);
    }
    return block.toByteArray();
  }

  private static void string(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      int rest = length - 127;
      for (; rest > 127; rest >>>= 7) {
        block.write(rest & 127 | 128);
      }
      block.write(rest);
    }
    block.writeBytes(text.getBytes(ISO_8859_1));
  }

  /** The octets of a frame. */
  public static byte[] octets(int type, int flags, int stream, byte... payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** The octets of a number. */
  public static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  /** The payload of a SETTINGS frame, identifiers and values in turn. */
  public static byte[] settings(int... settings) {
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    return payload.array();
  }

  // Reading

  /**
   * The next frame, CONTINUATION frames joined to their HEADERS.
   *
   * @throws EOFException if the connection ends first
   */
  public Frame readFrame() throws IOException {
    Frame frame = readOne();
    if (frame.type != HEADERS) {
      return frame;
    }
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(frame.payload);
    for (Frame last = frame; !last.has(END_HEADERS); ) {
      last = readOne();
      if (last.type != CONTINUATION || last.stream != frame.stream) {
        throw new AssertionError(last + " inside a header block");
      }
      block.writeBytes(last.payload);
    }
    byte[] octets = block.toByteArray();
    return new Frame(HEADERS, frame.flags, frame.stream, octets, decode(octets));
  }

  private Frame readOne() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(readBytes(9));
    int lengthAndType = head.getInt();
    int flags = head.get() & 0xff;
    int stream = head.getInt();
    byte[] payload = readBytes(lengthAndType >>> 8);
    return new Frame(lengthAndType & 0xff, flags, stream, payload, List.of());
  }

  private List<String> decode(byte[] block) {
    List<String> fields = new ArrayList<>();
    decoder.setHeaderEmitter(
        (HttpString name, String value, boolean never) -> fields.add(name + ": " + value));
    try {
      decoder.decode(ByteBuffer.wrap(block), false);
    } catch (HpackException e) {
      throw new AssertionError("header block of the server", e);
    }
    return fields;
  }

  /** The next frame of this type; others are dropped. */
  public Frame awaitFrame(int type) throws IOException {
    while (true) {
      Frame frame = readFrame();
      if (frame.type == type) {
        return frame;
      }
    }
  }

  /** The next frame of this type on this stream; others are dropped. */
  public Frame awaitFrame(int type, int stream) throws IOException {
    while (true) {
      Frame frame = readFrame();
      if (frame.type == type && frame.stream == stream) {
        return frame;
      }
    }
  }

  /**
   * The response on {@code stream}; frames of other streams are dropped. No window is given back.
   */
  public Response readResponse(int stream) throws IOException {
    List<String> head = List.of();
    List<String> trailers = List.of();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Frame frame = readFrame();
      if (frame.type == GOAWAY && frame.error() != 0) {
        throw new AssertionError("GOAWAY " + frame.error() + " " + frame.text());
      } else if (frame.stream != stream) {
        continue;
      } else if (frame.type == RST_STREAM) {
        return new Response(head, body.toByteArray(), trailers, frame.error());
      } else if (frame.type == DATA) {
        body.writeBytes(frame.payload);
      } else if (frame.type == HEADERS && (head.isEmpty() || isInterim(head))) {
        head = frame.fields;
      } else if (frame.type == HEADERS) {
        trailers = frame.fields;
      }
      if (frame.has(END_STREAM) && (frame.type == DATA || frame.type == HEADERS)) {
        return new Response(head, body.toByteArray(), trailers, -1);
      }
    }
  }

  private static boolean isInterim(List<String> head) {
    return head.get(0).startsWith(":status: 1");
  }

  /** Reads up to GOAWAY and the end of the connection; the error code. */
  public int awaitGoAway() throws IOException {
    int error = awaitFrame(GOAWAY).error();
    awaitClose();
    return error;
  }
}
