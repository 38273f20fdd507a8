package io.tidegate.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import io.undertow.util.HttpString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's end of one HTTP/2 connection, which does exactly what a test tells it: a view of the
 * connection of an {@link OriginServer}. Settings are acknowledged and PINGs answered by itself.
 */
public final class Http2Origin {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /** What the origin does on a connection; its failures fail the test. */
  @FunctionalInterface
  public interface Script {
    /** Serves a connection on which settings have been exchanged. */
    void run(Http2Origin origin) throws Exception;
  }

  /**
   * A frame as it came.
   *
   * @param fields what a HEADERS frame says, {@code name: value} each; else empty
   */
  public record Frame(int type, int flags, int stream, byte[] payload, List<String> fields) {
    /** Whether it is the last one of its stream. */
    public boolean ends() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** Whether it resets its stream. */
    public boolean isReset() {
      return type == RST_STREAM;
    }

    /** Whether it tells the end of the connection. */
    public boolean isGoAway() {
      return type == GOAWAY;
    }

    /** Whether it is a head or trailers. */
    public boolean isHead() {
      return type == HEADERS;
    }

    /** Its payload as text. */
    public String text() {
      return new String(payload, ISO_8859_1);
    }

    /** The error code of a reset. */
    public int error() {
      return ByteBuffer.wrap(payload).getInt(0);
    }

    /** The value of the first field with this name in lower case; an error if there is none. */
    public String field(String name) {
      for (String field : fields) {
        if (field.startsWith(name + ": ")) {
          return field.substring(name.length() + 2);
        }
      }
      throw new AssertionError("no " + name + " in " + fields);
    }

    /** Whether there is a field with this name in lower case. */
    public boolean has(String name) {
      return fields.stream().anyMatch(field -> field.startsWith(name + ": "));
    }
  }

  private final OriginConnection connection;
  private final HpackDecoder decoder = new HpackDecoder();

  private Http2Origin(OriginConnection connection) {
    this.connection = connection;
  }

  /** Runs {@code script} for a connection, after these settings: identifiers and values in turn. */
  public static OriginServer.Script script(Script script, int... settings) {
    return connection -> {
      Http2Origin origin = new Http2Origin(connection);
      origin.open(settings);
      script.run(origin);
    };
  }

  /** Answers every request, when all of it has come, with 200 and {@code content}. */
  public static OriginServer.Script answering(String content) {
    return script(origin -> origin.answerAll(content));
  }

  private void open(int... settings) throws IOException {
    String preface = connection.readText(PREFACE.length());
    if (!preface.equals(PREFACE)) {
      throw new AssertionError("no preface but " + preface);
    }
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    frame(SETTINGS, 0, 0, payload.array());
  }

  /** Answers requests until the connection ends. */
  public void answerAll(String content) throws IOException {
    while (true) {
      Frame frame;
      try {
        frame = read();
      } catch (IOException ended) {
        return;
      }
      if (frame.ends()) {
        respond(frame.stream(), content);
      }
    }
  }

  // Sending

  /** Sends a frame. */
  public Http2Origin frame(int type, int flags, int stream, byte... payload) throws IOException {
    connection.send(
        ByteBuffer.allocate(9 + payload.length)
            .putInt(payload.length << 8 | type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload)
            .array());
    return this;
  }

  /** Sends octets as they stand. */
  public void send(String octets) throws IOException {
    connection.send(octets);
  }

  /** Sends a head, or trailers; {@code fields} are names and values in turn. */
  public Http2Origin head(int stream, boolean ends, String... fields) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i++) {
      if (i % 2 == 0) {
        block.write(0); // a literal that nobody has to remember
      }
      if (fields[i].length() > 126) {
        throw new AssertionError("too long for one octet");
      }
      block.write(fields[i].length());
      block.writeBytes(fields[i].getBytes(ISO_8859_1));
    }
    return frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block.toByteArray());
  }

  /** Sends content. */
  public Http2Origin data(int stream, boolean ends, String content) throws IOException {
    return frame(DATA, ends ? END_STREAM : 0, stream, content.getBytes(ISO_8859_1));
  }

  /** Sends a whole response with status 200. */
  public Http2Origin respond(int stream, String content) throws IOException {
    head(stream, false, ":status", "200", "content-length", "" + content.length());
    return data(stream, true, content);
  }

  /** Resets a stream. */
  public Http2Origin reset(int stream, int error) throws IOException {
    return frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(error).array());
  }

  /** Takes no streams above {@code last} any more. */
  public Http2Origin goAway(int last, int error) throws IOException {
    return frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(error).array());
  }

  /** Lets the client send so much more. */
  public Http2Origin window(int stream, int octets) throws IOException {
    return frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(octets).array());
  }

  // Reading

  /** The next frame of a stream, or GOAWAY. */
  public Frame read() throws IOException {
    while (true) {
      Frame frame = readOne();
      boolean asked = (frame.flags & ACK) == 0;
      if (frame.type == SETTINGS && asked) {
        frame(SETTINGS, ACK, 0);
      } else if (frame.type == PING && asked) {
        frame(PING, ACK, 0, frame.payload);
      } else if (frame.type == HEADERS) {
        return whole(frame);
      } else if (frame.type == DATA || frame.type == RST_STREAM || frame.type == GOAWAY) {
        return frame;
      } else if (frame.type > CONTINUATION || frame.type == PRIORITY) {
        throw new AssertionError("a frame of type " + frame.type);
      }
    }
  }

  /** The next request, whose content may still come. */
  public Frame request() throws IOException {
    Frame frame = read();
    if (!frame.isHead()) {
      throw new AssertionError("no request but a frame of type " + frame.type);
    }
    return frame;
  }

  /** Reads what is left of a stream; its content. */
  public String content(int stream) throws IOException {
    StringBuilder content = new StringBuilder();
    while (true) {
      Frame frame = read();
      if (frame.stream != stream || frame.isReset()) {
        throw new AssertionError("the content was interrupted by " + frame.type);
      }
      content.append(frame.isHead() ? "" : frame.text());
      if (frame.ends()) {
        return content.toString();
      }
    }
  }

  private Frame whole(Frame first) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    Frame last = first;
    block.writeBytes(first.payload);
    while ((last.flags & END_HEADERS) == 0) {
      last = readOne();
      block.writeBytes(last.payload);
    }
    return new Frame(HEADERS, first.flags, first.stream, first.payload, decode(block));
  }

  private List<String> decode(ByteArrayOutputStream block) {
    List<String> fields = new ArrayList<>();
    decoder.setHeaderEmitter(
        (HttpString name, String value, boolean never) -> fields.add(name + ": " + value));
    try {
      decoder.decode(ByteBuffer.wrap(block.toByteArray()), false);
    } catch (HpackException e) {
      throw new AssertionError("a header block", e);
    }
    return fields;
  }

  private Frame readOne() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(connection.readBytes(9));
    int lengthAndType = head.getInt();
    int flags = head.get() & 0xff;
    int stream = head.getInt();
    byte[] payload = connection.readBytes(lengthAndType >>> 8);
    return new Frame(lengthAndType & 0xff, flags, stream, payload, List.of());
  }
}
