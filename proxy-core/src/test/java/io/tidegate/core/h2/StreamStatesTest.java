package io.tidegate.core.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.h2.Http2Session.Role;
import io.tidegate.core.testkit.Http2Client;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 9113 §3.4, §4, §5.1, §6: what a frame does in each state. */
class StreamStatesTest {
  private static final int HEADERS = FrameReader.HEADERS;
  private static final int CONTINUATION = FrameReader.CONTINUATION;
  private static final byte[] BLOCK = Http2Client.block(Http2Client.request("GET", "/"));

  private static Arguments row(String what, String expected, byte[]... frames) {
    return Arguments.of(what, expected, frames);
  }

  private static byte[] frame(int type, int flags, int stream, int length) {
    return Frames.frame(type, flags, stream, new byte[length]);
  }

  private static byte[] selfDependent(int type, int flags, int stream) {
    byte[] dependency = new byte[5];
    dependency[3] = (byte) stream;
    byte[] payload = Arrays.copyOf(dependency, type == HEADERS ? 5 + BLOCK.length : 5);
    if (type == HEADERS) {
      System.arraycopy(BLOCK, 0, payload, 5, BLOCK.length);
    }
    return Frames.frame(type, flags, stream, payload);
  }

  static Stream<Arguments> violations() {
    byte[] get = Frames.get(1);
    byte[] post = Frames.post(1);
    byte[] begun = Frames.frame(HEADERS, 1, 1, BLOCK);
    byte[] wrongAck = frame(FrameReader.SETTINGS, 1, 0, 6);
    return Stream.of(
        row("DATA on an idle stream", "PROTOCOL_ERROR", Frames.data(1, 1)),
        row("RST_STREAM on an idle stream", "PROTOCOL_ERROR", Frames.rst(1)),
        row("WINDOW_UPDATE on an idle stream", "PROTOCOL_ERROR", Frames.windowUpdate(1, 1)),
        row("CONTINUATION on an idle stream", "PROTOCOL_ERROR", frame(CONTINUATION, 4, 1, 0)),
        row("DATA behind the end", "1 STREAM_CLOSED", get, Frames.data(1, 1)),
        row("HEADERS behind the end", "1 STREAM_CLOSED", get, Frames.get(1)),
        row("CONTINUATION behind a head", "PROTOCOL_ERROR", get, frame(CONTINUATION, 4, 1, 0)),
        row("DATA behind a reset", "1 STREAM_CLOSED", post, Frames.rst(1), Frames.data(1, 1)),
        row("HEADERS behind a reset", "1 STREAM_CLOSED", post, Frames.rst(1), Frames.get(1)),
        row("a number that is even", "PROTOCOL_ERROR", Frames.get(2)),
        row("a number that is smaller", "PROTOCOL_ERROR", Frames.get(5), Frames.get(3)),
        row("a stream that depends on itself", "1 PROTOCOL_ERROR", selfDependent(HEADERS, 0x25, 1)),
        row("PRIORITY on itself", "1 PROTOCOL_ERROR", post, selfDependent(2, 0, 1)),
        row("PRIORITY of an idle stream on itself", "PROTOCOL_ERROR", selfDependent(2, 0, 1)),
        row("PRIORITY too short", "1 FRAME_SIZE_ERROR", post, frame(2, 0, 1, 4)),
        row("PRIORITY of the connection", "PROTOCOL_ERROR", frame(2, 0, 0, 5)),
        row("DATA of the connection", "PROTOCOL_ERROR", Frames.data(0, 1)),
        row("HEADERS of the connection", "PROTOCOL_ERROR", Frames.get(0)),
        row("RST_STREAM of the connection", "PROTOCOL_ERROR", Frames.rst(0)),
        row("RST_STREAM too short", "FRAME_SIZE_ERROR", post, frame(3, 0, 1, 3)),
        row("SETTINGS of a stream", "PROTOCOL_ERROR", frame(4, 0, 1, 0)),
        row("SETTINGS of a broken length", "FRAME_SIZE_ERROR", frame(4, 0, 0, 5)),
        row("acknowledgement with settings", "FRAME_SIZE_ERROR", wrongAck),
        row("ENABLE_PUSH of 2", "PROTOCOL_ERROR", Frames.settings(2, 2)),
        row("initial window too large", "FLOW_CONTROL_ERROR", Frames.settings(4, 0x80000000)),
        row("maximum frame too small", "PROTOCOL_ERROR", Frames.settings(5, 16383)),
        row("maximum frame too large", "PROTOCOL_ERROR", Frames.settings(5, 1 << 24)),
        row("ENABLE_CONNECT_PROTOCOL of 2", "PROTOCOL_ERROR", Frames.settings(8, 2)),
        row("ENABLE_CONNECT_PROTOCOL back", "PROTOCOL_ERROR", Frames.settings(8, 1, 8, 0)),
        row("PUSH_PROMISE", "PROTOCOL_ERROR", post, frame(5, 4, 1, 4)),
        row("PING of a stream", "PROTOCOL_ERROR", frame(6, 0, 1, 8)),
        row("PING too short", "FRAME_SIZE_ERROR", frame(6, 0, 0, 7)),
        row("GOAWAY of a stream", "PROTOCOL_ERROR", frame(7, 0, 1, 8)),
        row("GOAWAY too short", "FRAME_SIZE_ERROR", frame(7, 0, 0, 7)),
        row("GOAWAY that grows", "PROTOCOL_ERROR", goAway(1), goAway(3)),
        row("WINDOW_UPDATE of nothing", "PROTOCOL_ERROR", Frames.windowUpdate(0, 0)),
        row("the same on a stream", "1 PROTOCOL_ERROR", post, Frames.windowUpdate(1, 0)),
        row("WINDOW_UPDATE too short", "FRAME_SIZE_ERROR", frame(8, 0, 0, 3)),
        row("DATA too long", "FRAME_SIZE_ERROR", post, Frames.data(1, 16385)),
        row("DATA without its padding", "PROTOCOL_ERROR", post, Frames.hex(0, 8, 1, "03 0000")),
        row("DATA without length of padding", "FRAME_SIZE_ERROR", post, frame(0, 8, 1, 0)),
        row("HEADERS without their padding", "PROTOCOL_ERROR", Frames.hex(1, 0xd, 1, "02 82")),
        row("HEADERS without their priority", "FRAME_SIZE_ERROR", Frames.hex(1, 0x25, 1, "82")),
        row("a block that is none", "COMPRESSION_ERROR", Frames.hex(1, 5, 1, "80")),
        row("PRIORITY inside a block", "PROTOCOL_ERROR", begun, frame(2, 0, 1, 5)),
        row("HEADERS inside a block", "PROTOCOL_ERROR", begun, Frames.get(3)),
        row("unknown frame inside a block", "PROTOCOL_ERROR", begun, frame(22, 0, 0, 5)),
        row("other stream inside a block", "PROTOCOL_ERROR", begun, frame(CONTINUATION, 4, 3, 0)),
        row(
            "more content than announced",
            "1 PROTOCOL_ERROR",
            Frames.post(1, "content-length", "2"),
            Frames.data(1, false, "abc")),
        row(
            "less content than announced",
            "1 PROTOCOL_ERROR",
            Frames.post(1, "content-length", "4"),
            Frames.data(1, true, "abc")),
        row(
            "trailers before all content",
            "1 PROTOCOL_ERROR",
            Frames.post(1, "content-length", "4"),
            Frames.headers(1, true, "x", "y")));
  }

  private static byte[] goAway(int last) {
    return Frames.frame(7, 0, 0, ByteBuffer.allocate(8).putInt(last).array());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void aViolationEndsTheStreamOrTheConnection(String what, String expected, byte[]... frames) {
    for (boolean single : new boolean[] {false, true}) {
      End server = End.server();
      for (byte[] frame : frames) {
        feed(server, frame, single);
      }
      List<String> out = server.frames();
      boolean ofStream = expected.startsWith("1 ");
      String last = out.get(out.size() - 1);
      if (ofStream) {
        assertEquals("RST_STREAM " + expected, last);
        assertEquals(null, server.session.failure());
      } else {
        assertEquals(expected, server.session.failure().toString());
        assertTrue(last.startsWith("GOAWAY") && last.endsWith(expected), last);
        assertEquals("failed " + expected, server.told.get(server.told.size() - 1));
      }
      assertEquals(ofStream ? 0 : -1, ofStream ? server.session.openStreams() : -1);
    }
  }

  private static void feed(End server, byte[] octets, boolean single) {
    if (!single) {
      server.receive(octets);
      return;
    }
    for (byte octet : octets) {
      server.receive(new byte[] {octet});
    }
  }

  static Stream<Arguments> harmless() {
    byte[] padded = new byte[BLOCK.length + 9];
    padded[0] = 3;
    System.arraycopy(BLOCK, 0, padded, 6, BLOCK.length);
    int half = BLOCK.length / 2;
    return Stream.of(
        row("unknown type", "", frame(22, 0, 0, 16)),
        row("unknown type on a stream", "", frame(200, 255, 7, 16384)),
        row("unknown setting", "SETTINGS ack", Frames.settings(0xff, 1, 6, 1)),
        row("PRIORITY of an idle stream", "", frame(2, 0, 3, 5)),
        row("unasked answer", "", frame(6, 1, 0, 8)),
        row("PING", "PING ack", Frames.ping()),
        row("unknown flags of PING", "PING ack", frame(6, 0xfe, 0, 8)),
        row("padding and priority", "opened", Frames.frame(HEADERS, 0x2d, 1, padded)),
        row(
            "a head in pieces",
            "opened",
            Frames.frame(HEADERS, 1, 1, Arrays.copyOf(BLOCK, half)),
            frame(CONTINUATION, 0, 1, 0),
            Frames.frame(CONTINUATION, 4, 1, Arrays.copyOfRange(BLOCK, half, BLOCK.length))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harmless")
  void whatIsUnknownOrOldIsHarmless(String what, String expected, byte[]... frames) {
    End server = End.server();
    for (byte[] frame : frames) {
      feed(server, frame, true);
    }
    assertEquals(null, server.session.failure());
    assertFalse(server.session.isMidway());
    boolean opened = expected.equals("opened");
    assertEquals(opened || expected.isEmpty() ? List.of() : List.of(expected), server.frames());
    assertEquals(opened ? List.of("opened 1 GET / ends") : List.of(), server.told);
  }

  @Test
  void aStreamThatBothSidesHaveEndedTakesNoMoreFrames() {
    for (byte[] late : List.of(Frames.get(1), Frames.data(1, 1))) {
      End server = answered();
      server.receive(Frames.windowUpdate(1, 1), Frames.rst(1));
      assertEquals(null, server.session.failure());
      server.receive(late);
      assertEquals(ErrorCode.STREAM_CLOSED, server.session.failure());
    }
  }

  private static End answered() {
    End server = End.server().receive(Frames.get(1));
    server.stream(0).stream.head(server.session.block().status(204), true);
    assertEquals(List.of("opened 1 GET / ends", "closed 1"), server.told);
    assertEquals(List.of("HEADERS 1 ends"), server.frames());
    return server;
  }

  @Test
  void framesOfAStreamThatWeHaveResetAreNoError() {
    End server = End.server().receive(Frames.post(1));
    server.stream(0).stream.reset(ErrorCode.CANCEL);
    server.receive(Frames.data(1, 1), Frames.headers(1, true, "x", "y"), Frames.rst(1));
    assertEquals(List.of("RST_STREAM 1 CANCEL"), server.frames());
    assertEquals("", server.stream(0).events.toString());
    assertEquals(null, server.session.failure());
  }

  @Test
  void nothingComesBehindTheEndOfAStreamThatWeHaveReset() {
    for (byte[] late : List.of(Frames.data(1, 1), Frames.headers(1, true, "x", "y"))) {
      End server = End.server().receive(Frames.post(1));
      server.stream(0).stream.reset(ErrorCode.CANCEL);
      server.receive(Frames.data(1, 1), Frames.data(1, true, ""), Frames.rst(1));
      assertEquals(null, server.session.failure());
      server.receive(late);
      assertEquals(ErrorCode.STREAM_CLOSED, server.session.failure());
    }
  }

  @Test
  void theFirstFrameIsSettings() {
    End server = new End(Role.SERVER, Http2Settings.DEFAULT);
    server.session.start();
    server.receive(FrameReader.PREFACE, Frames.ping());
    assertEquals(ErrorCode.PROTOCOL_ERROR, server.session.failure());
  }

  @Test
  void aPrefaceThatIsNoneEndsTheConnection() {
    End server = new End(Role.SERVER, Http2Settings.DEFAULT);
    server.receive("GET / HTTP/1.1\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertEquals(ErrorCode.PROTOCOL_ERROR, server.session.failure());
  }

  @Test
  void aConnectionIsMidwayInsideThePrefaceAFrameOrABlock() {
    End server = new End(Role.SERVER, Http2Settings.DEFAULT);
    assertFalse(server.session.isMidway());
    server.receive(Arrays.copyOf(FrameReader.PREFACE, 3));
    assertTrue(server.session.isMidway());
    server.receive(Arrays.copyOfRange(FrameReader.PREFACE, 3, 24));
    assertFalse(server.session.isMidway());
    server.receive(Frames.settings(1, 1));
    assertTrue(server.session.isEstablished());
    server.receive(Frames.frame(HEADERS, 1, 1, BLOCK));
    assertTrue(server.session.isMidway());
    server.receive(frame(CONTINUATION, 4, 1, 0));
    assertFalse(server.session.isMidway());
    server.receive(new byte[8]);
    assertTrue(server.session.isMidway());
  }

  @Test
  void aServerThatDrainsLosesNothingThatWasOnItsWay() {
    End server = End.server().receive(Frames.get(1));
    server.session.drain(() -> server.told.add("drained"));
    assertEquals(List.of("GOAWAY 2147483647 NO_ERROR", "PING"), server.frames());
    server.receive(Frames.get(3));
    server.receive(Frames.hex(6, 1, 0, "0000000000000001"));
    assertEquals(List.of("GOAWAY 3 NO_ERROR"), server.frames());
    server.receive(Frames.post(5), Frames.data(5, 10), Frames.windowUpdate(5, 1), Frames.rst(5));
    server.stream(0).stream.head(server.session.block().status(204), true);
    server.stream(1).stream.head(server.session.block().status(204), true);
    assertEquals(List.of("HEADERS 1 ends", "HEADERS 3 ends"), server.frames());
    assertEquals(
        List.of("opened 1 GET / ends", "opened 3 GET / ends", "closed 1", "closed 3", "drained"),
        server.told);
    assertEquals(null, server.session.failure());
  }

  @Test
  void aServerThatDrainsNeedNotWaitForAnAnswer() {
    End server = End.server().receive(Frames.get(1));
    server.session.drain(() -> server.told.add("drained"));
    assertEquals(List.of("GOAWAY 2147483647 NO_ERROR", "PING"), server.frames());
    server.receive(Frames.get(3));
    server.session.sayLastStream();
    assertEquals(List.of("GOAWAY 3 NO_ERROR"), server.frames());
    server.receive(Frames.get(5));
    server.session.sayLastStream();
    assertEquals(List.of(), server.frames());
    assertEquals(List.of("opened 1 GET / ends", "opened 3 GET / ends"), server.told);
  }

  @Test
  void aServerWithoutStreamsIsDrainedAtOnce() {
    End server = End.server();
    server.session.drain(() -> server.told.add("drained"));
    assertEquals(List.of("GOAWAY 0 NO_ERROR"), server.frames());
    assertEquals(List.of("drained"), server.told);
  }

  @Test
  void aPingIsAnsweredToWhoeverHasAsked() {
    End server = End.server();
    server.session.ping(() -> server.told.add("first"));
    server.session.ping(() -> server.told.add("second"));
    server.receive(Frames.hex(6, 1, 0, "0000000000000007"));
    server.receive(Frames.hex(6, 1, 0, "0000000000000001"));
    server.receive(Frames.hex(6, 1, 0, "0000000000000002"));
    assertEquals(List.of("first", "second"), server.told);
  }

  @Test
  void aConnectionThatIsLostTellsItsStreams() {
    End server = End.server().receive(Frames.post(1), Frames.post(3));
    server.session.lost("gone");
    assertEquals("INTERNAL_ERROR ", server.stream(0).events.toString());
    assertEquals("INTERNAL_ERROR ", server.stream(1).events.toString());
    server.receive(Frames.ping());
    assertEquals(List.of(), server.frames());
    assertEquals(0, server.session.openStreams());
  }
}
