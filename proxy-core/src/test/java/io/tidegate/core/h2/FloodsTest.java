package io.tidegate.core.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.h2.Http2Session.Role;
import io.tidegate.core.testkit.Http2Client;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer may make us do for nothing, to the frame. */
class FloodsTest {
  private static final int WINDOW_UPDATE = 8;

  private static Arguments row(String what, int permitted, IntFunction<byte[][]> attack) {
    return Arguments.of(what, permitted, attack);
  }

  private static byte[][] both(byte[]... frames) {
    return frames;
  }

  private static int id(int i) {
    return 2 * i + 3;
  }

  /** Each with how often it may happen at once; stream 1 is open, and our settings are known. */
  static Stream<Arguments> floods() {
    byte[] nothing = {};
    byte[] padding = Frames.hex(0, 8, 1, "03000000");
    return Stream.of(
        row("reset of a whole request", 200, i -> both(Frames.get(id(i)), Frames.rst(id(i)))),
        row(
            "reset of a request that goes on",
            200,
            i -> both(Frames.post(id(i)), Frames.rst(id(i)))),
        row(
            "WINDOW_UPDATE of nothing",
            200,
            i -> both(Frames.get(id(i)), Frames.windowUpdate(id(i), 0))),
        row(
            "window too large",
            200,
            i -> both(Frames.get(id(i)), Frames.windowUpdate(id(i), Integer.MAX_VALUE))),
        row(
            "wrong content-length",
            200,
            i -> both(Frames.post(id(i), "content-length", "1"), Frames.data(id(i), true, ""))),
        row("DATA behind the end", 200, i -> both(Frames.get(id(i)), Frames.data(id(i), 1))),
        row("HEADERS behind the end", 200, i -> both(Frames.get(id(i)), Frames.get(id(i)))),
        row(
            "PRIORITY of a stream on itself",
            200,
            i ->
                both(
                    Frames.get(id(i)),
                    Frames.frame(
                        2,
                        0,
                        id(i),
                        (byte) 0,
                        (byte) 0,
                        (byte) (id(i) >> 8),
                        (byte) id(i),
                        (byte) 0))),
        row("malformed head", 200, i -> both(Frames.headers(id(i), true, "x", "y"))),
        row("PING", 1000, i -> both(Frames.ping())),
        row("PING answers", 1000, i -> both(Frames.frame(6, 1, 0, new byte[8]))),
        row("SETTINGS", 100, i -> both(Frames.settings())),
        row("SETTINGS answers", 100, i -> both(Frames.frame(4, 1, 0))),
        row("PRIORITY", 1000, i -> both(Frames.frame(2, 0, 1, new byte[5]))),
        row("unknown frames", 1000, i -> both(Frames.frame(99, 0, 1, new byte[5]))),
        row("WINDOW_UPDATE", 1000, i -> both(Frames.windowUpdate(i & 1, 1))),
        row(
            "WINDOW_UPDATE of a closed stream",
            1000,
            i ->
                i == 0
                    ? both(Frames.rst(1), Frames.windowUpdate(1, 1 << 20))
                    : both(Frames.windowUpdate(1, 1 << 20))),
        row("DATA without content", 100, i -> both(Frames.data(1, false, ""))),
        row("DATA of padding", 100, i -> both(padding)),
        row(
            "DATA without content on a stream that was reset",
            100,
            i ->
                i == 0
                    ? both(Frames.headers(3, true, "x", "y"), Frames.data(3, false, ""))
                    : both(Frames.data(3, false, ""))),
        row(
            "DATA on a stream that was never opened",
            1000,
            i -> i == 0 ? both(Frames.get(9), Frames.data(3, 1)) : both(Frames.data(3, 1))),
        row(
            "CONTINUATION",
            100,
            i ->
                i == 0
                    ? both(Frames.frame(1, 0, 3), Frames.frame(9, 0, 3))
                    : both(Frames.frame(9, 0, 3))),
        row("GOAWAY", 100, i -> both(Frames.frame(7, 0, 0, new byte[8]))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void aFloodEndsTheConnection(String what, int permitted, IntFunction<byte[][]> attack) {
    End server = spent();
    for (int i = 0; i < permitted; i++) {
      server.receive(attack.apply(i));
      server.out.reset();
    }
    assertEquals(null, server.session.failure());
    server.receive(attack.apply(permitted));
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, server.session.failure());
    assertTrue(server.session.openStreams() == 0);
  }

  /** A server with an open stream, whose budgets are whole again. */
  private static End spent() {
    End server = End.server().receive(Frames.post(1));
    server.now += 1_000_000;
    return server;
  }

  @Test
  void budgetsComeBackWithTime() {
    End server = spent();
    for (int i = 0; i < 1000; i++) {
      server.receive(Frames.ping());
    }
    for (int i = 0; i < 5000; i++) {
      server.now++;
      server.receive(Frames.ping());
    }
    for (int i = 0; i < 200; i++) {
      server.receive(Frames.get(id(i)), Frames.rst(id(i)));
    }
    server.now += 99;
    assertEquals(null, server.session.failure());
    server.now++;
    server.receive(Frames.get(1001), Frames.rst(1001));
    assertEquals(null, server.session.failure());
    server.receive(Frames.get(1003), Frames.rst(1003));
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, server.session.failure());
  }

  @Test
  void everyTwoAnswersPermitAnotherReset() {
    End server = spent();
    int id = 3;
    for (int i = 0; i < 2000; i++, id += 6) {
      server.receive(Frames.get(id), Frames.get(id + 2), Frames.get(id + 4), Frames.rst(id + 4));
      answer(server, 3 * i + 1);
      answer(server, 3 * i + 2);
    }
    assertEquals(null, server.session.failure());
  }

  private static void answer(End server, int index) {
    server.stream(index).stream.head(server.session.block().status(204), true);
  }

  @Test
  void aHeadOverTheLimitsIsARequestThatComesToNothingThoughItIsAnswered() {
    String[] fields = new String[2 * (End.LIMITS.maxFields() + 1)];
    Arrays.fill(fields, "x");
    String[] request = Http2Client.request("GET", "/", fields);
    End server = spent();
    for (int i = 0; i < 200; i++) {
      server.receive(Frames.headers(id(i), true, request));
      answer(server, i + 1);
      server.out.reset();
    }
    assertEquals(null, server.session.failure());
    server.receive(Frames.headers(id(200), true, request));
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, server.session.failure());
  }

  @Test
  void contentThatWeSendPermitsThePeerToWidenItsWindows() {
    End server = spent();
    Http2Stream stream = server.stream(0).stream;
    stream.head(server.session.block().status(200), false);
    for (int i = 0; i < 5000; i++) {
      stream.write(java.nio.ByteBuffer.allocate(10));
      server.receive(Frames.windowUpdate(0, 10), Frames.windowUpdate(1, 10));
    }
    assertEquals(null, server.session.failure());
  }

  @Test
  void noMoreStreamsAreOpenThanPermitted() {
    End server =
        End.established(new End(Role.SERVER, new Http2Settings(10, 1 << 16, 1 << 16, 4096)));
    for (int i = 0; i < 210; i++) {
      server.receive(Frames.get(id(i)));
    }
    assertEquals(10, server.streams.size());
    assertEquals(10, server.session.openStreams());
    assertEquals("RST_STREAM 23 REFUSED_STREAM", server.frames().get(0));
    assertEquals(null, server.session.failure());
    server.receive(Frames.get(id(210)));
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, server.session.failure());
  }

  @Test
  void aClientIsNotBlamedForStreamsOverALimitThatItCannotKnow() {
    End server = new End(Role.SERVER, new Http2Settings(10, 1 << 16, 1 << 16, 4096));
    server.session.start();
    server.receive(FrameReader.PREFACE, Frames.settings());
    server.now += 1_000_000;
    for (int i = 0; i < 110; i++) {
      server.receive(Frames.get(id(i)));
    }
    assertEquals(null, server.session.failure());
    server.receive(Frames.frame(4, 1, 0));
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, server.session.failure());
  }

  @Test
  void answersThatAreNotReadDoNotPileUp() {
    End server = spent();
    server.slow = true;
    int pings = 0;
    while (server.session.failure() == null) {
      server.now++;
      server.receive(Frames.ping());
      pings++;
    }
    assertEquals((1 << 20) / 17 + 1, pings);
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, server.session.failure());
  }

  @Test
  void aBlockFarOverTheLimitEndsTheConnection() {
    End server = spent();
    server.receive(Frames.frame(1, 0, 3, new byte[16384]));
    int frames = 1;
    while (server.session.failure() == null) {
      server.receive(Frames.frame(9, 0, 3, new byte[16384]));
      frames++;
    }
    assertEquals(4 * (16384 + 28 * 104) / 16384 + 1, frames);
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, server.session.failure());
  }

  @Test
  void anUpstreamMayAnswerRequestsThatWeCancel() {
    End client = End.established(new End(Role.CLIENT, Http2Settings.DEFAULT));
    for (int id = 1; id < 4001; id += 2) {
      HeadBlock request = client.session.block().request("GET", "https", "a", "/");
      client.session.open(request, true, Http2Stream.NOBODY).reset(ErrorCode.CANCEL);
      client.receive(Frames.headers(id, false, ":status", "200"));
      client.receive(Frames.data(id, 1000), Frames.headers(id, false, "x", "y"), Frames.rst(id));
      client.out.reset();
    }
    assertEquals(null, client.session.failure());
  }

  @Test
  void anUpstreamMayNotAnswerACancelledRequestWithoutEnd() {
    End client = End.established(new End(Role.CLIENT, Http2Settings.DEFAULT));
    HeadBlock request = client.session.block().request("GET", "https", "a", "/");
    client.session.open(request, true, Http2Stream.NOBODY).reset(ErrorCode.CANCEL);
    client.now += 1_000_000;
    byte[] head = Frames.headers(1, false, ":status", "103");
    int free = (64 << 10) / (head.length - 9 + 32);
    for (int i = 0; i < free + 1000; i++) {
      client.receive(head);
    }
    assertEquals(null, client.session.failure());
    client.receive(head);
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, client.session.failure());
  }

  @Test
  void anUpstreamMayNotSendInterimResponsesWithoutEnd() {
    End client = End.established(new End(Role.CLIENT, Http2Settings.DEFAULT));
    client.now += 1_000_000;
    client.session.open(
        client.session.block().request("GET", "https", "a", "/"), true, Http2Stream.NOBODY);
    for (int i = 0; i < 1008; i++) {
      client.receive(Frames.headers(1, false, ":status", "103"));
    }
    assertEquals(null, client.session.failure());
    client.receive(Frames.headers(1, false, ":status", "103"));
    assertEquals(ErrorCode.ENHANCE_YOUR_CALM, client.session.failure());
  }
}
