package io.tidegate.core.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.h2.Http2Session.Role;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** RFC 9113 §5.2, §6.9: who may send how much, to the octet. */
class FlowControlTest {
  private static final Http2Settings SMALL = new Http2Settings(100, 20_000, 100_000, 4096);

  private final End server = End.established(new End(Role.SERVER, SMALL));

  private Http2Stream opened(int id) {
    server.receive(Frames.post(id));
    Http2Stream stream = server.stream(server.streams.size() - 1).stream;
    stream.head(server.session.block().status(200), false);
    server.out.reset();
    return stream;
  }

  private static ByteBuffer octets(int count) {
    return ByteBuffer.allocate(count);
  }

  // Receiving

  @Test
  void aStreamMayFillItsWindowAndNoMore() {
    opened(1).pause();
    server.receive(Frames.data(1, 10_000), Frames.data(1, 10_000));
    assertEquals(List.of(), server.frames());
    server.receive(Frames.data(1, 1));
    assertEquals(List.of("RST_STREAM 1 FLOW_CONTROL_ERROR"), server.frames());
  }

  @Test
  void contentIsGivenBackToTheConnectionAsItComesThoughNobodyTakesIt() {
    for (int id = 1; id <= 199; id += 2) {
      opened(id).pause();
      server.receive(Frames.data(id, 10_000));
      boolean half = id % 10 == 9;
      assertEquals(half ? List.of("WINDOW_UPDATE 50000") : List.of(), server.frames());
    }
    assertEquals(null, server.session.failure());
  }

  @Test
  void aStreamThatNobodyReadsHoldsTheFirstWindowAtTheMost() {
    End large = End.server().receive(Frames.post(1));
    large.stream(0).stream.pause();
    for (int i = 0; i < 4; i++) {
      large.receive(Frames.data(1, 16_384));
    }
    assertEquals(List.of(), large.frames());
    large.receive(Frames.data(1, 1));
    assertEquals(List.of("RST_STREAM 1 FLOW_CONTROL_ERROR"), large.frames());
  }

  @Test
  void aStreamThatIsTakenAsItComesIsWidened() {
    End large = End.server().receive(Frames.post(1));
    assertEquals(List.of("WINDOW_UPDATE 1 98304"), taken(large, 1, 2));
    assertEquals(List.of("WINDOW_UPDATE 1 196608"), taken(large, 1, 4));
    assertEquals(List.of("WINDOW_UPDATE 1 131072"), taken(large, 1, 8));
  }

  @Test
  void aStreamWhoseContentIsHeldIsNotWidened() {
    End large = End.server().receive(Frames.post(1));
    Http2Stream stream = large.stream(0).stream;
    stream.pause();
    large.receive(Frames.data(1, 16_384), Frames.data(1, 16_384), Frames.data(1, 1));
    stream.resume();
    assertEquals(List.of("WINDOW_UPDATE 1 32768"), large.frames());
  }

  @Test
  void streamsAreWidenedByTheWindowOfTheConnectionAllTogether() {
    int window = 256 << 10;
    Http2Settings settings = new Http2Settings(100, 4 * window, window, 4096);
    End end = End.established(new End(Role.SERVER, settings));
    for (int id = 1; id <= 9; id += 2) {
      end.receive(Frames.post(id));
    }
    end.out.reset();
    for (int id = 1; id <= 7; id += 2) {
      assertEquals(List.of("WINDOW_UPDATE " + id + " 98304"), streams(taken(end, id, 2)));
    }
    assertEquals(List.of("WINDOW_UPDATE 9 32768"), streams(taken(end, 9, 2)));
    end.receive(Frames.rst(1));
    assertEquals(List.of("WINDOW_UPDATE 9 98304"), streams(taken(end, 9, 2)));
  }

  /** What is said when so many frames of 16 KiB have come on a stream. */
  private static List<String> taken(End end, int stream, int frames) {
    for (int i = 0; i < frames; i++) {
      end.receive(Frames.data(stream, 16_384));
    }
    return end.frames();
  }

  private static List<String> streams(List<String> frames) {
    return frames.stream().filter(f -> f.split(" ").length == 3).toList();
  }

  @Test
  void windowsAreGivenBackWhenHalfOfThemHasBeenConsumed() {
    opened(1);
    server.receive(Frames.data(1, 9_999));
    assertEquals(List.of(), server.frames());
    server.receive(Frames.data(1, 1));
    assertEquals(List.of("WINDOW_UPDATE 1 10000"), server.frames());
  }

  @Test
  void paddingCountsAndIsGivenBack() {
    opened(1);
    byte[] padded = new byte[256 + 9_744];
    padded[0] = (byte) 255;
    server.receive(Frames.frame(0, 8, 1, padded));
    assertEquals(List.of("WINDOW_UPDATE 1 10000"), server.frames());
    assertEquals(9_744, server.stream(0).content.size());
  }

  @Test
  void whatIsHeldIsDeliveredInOrderAndThenTheEnd() {
    Http2Stream stream = opened(1);
    stream.pause();
    server.receive(Frames.data(1, false, "a"), Frames.data(1, false, "b"));
    server.receive(Frames.headers(1, true, "x", "y"));
    assertTrue(stream.remoteEnded());
    assertEquals("", server.stream(0).text() + server.stream(0).events);
    stream.resume();
    assertEquals("ab", server.stream(0).text());
    assertEquals("end[x] ", server.stream(0).events.toString());
  }

  @Test
  void whatIsDeliveredToAReceiverThatPausesCountsWhenItGoesOn() {
    End end = End.established(new End(Role.CLIENT, SMALL));
    Http2Stream[] opened = new Http2Stream[1];
    End.Peer pausing =
        end.new Peer(null) {
          @Override
          public void content(ByteBuffer data) {
            super.content(data);
            opened[0].pause();
          }
        };
    opened[0] =
        end.session.open(end.session.block().request("GET", "https", "a", "/"), true, pausing);
    end.out.reset();
    end.receive(Frames.headers(1, false, ":status", "200"), Frames.data(1, 10_000));
    end.receive(Frames.data(1, 5_000));
    assertEquals(10_000, pausing.content.size());
    assertEquals(List.of(), end.frames());
    opened[0].resume();
    assertEquals(List.of("WINDOW_UPDATE 1 10000"), end.frames());
    assertEquals(15_000, pausing.content.size());
    opened[0].resume();
    end.receive(Frames.data(1, 5_000));
    assertEquals(List.of(), end.frames());
    opened[0].resume();
    assertEquals(List.of("WINDOW_UPDATE 1 10000"), end.frames());
  }

  @Test
  void aStreamThatHasEndedLetsGoOfWhatItHolds() {
    for (Consumer<Http2Stream> away :
        List.<Consumer<Http2Stream>>of(Http2Stream::discard, s -> s.reset(ErrorCode.CANCEL))) {
      End client = End.established(new End(Role.CLIENT, SMALL));
      HeadBlock request = client.session.block().request("GET", "https", "a", "/");
      Http2Stream stream = client.session.open(request, true, Http2Stream.NOBODY);
      stream.pause();
      client.out.reset();
      client.receive(Frames.headers(1, false, ":status", "200"), Frames.data(1, true, "held"));
      assertFalse(stream.isOpen());
      assertEquals(1, client.buffers.lent());
      away.accept(stream);
      assertEquals(0, client.buffers.lent());
      assertEquals(List.of(), client.frames());
    }
  }

  @Test
  void whatIsDiscardedIsGivenBackUntold() {
    Http2Stream stream = opened(1);
    stream.pause();
    server.receive(Frames.data(1, 6_000));
    stream.discard();
    server.receive(Frames.data(1, 4_000), Frames.data(1, true, ""));
    assertEquals(List.of("WINDOW_UPDATE 1 10000"), server.frames());
    assertEquals("", server.stream(0).text() + server.stream(0).events);
  }

  @Test
  void contentOfStreamsThatAreGoneIsGivenBack() {
    for (int id = 1; id <= 5; id += 2) {
      opened(id).reset(ErrorCode.CANCEL);
    }
    server.out.reset();
    for (int id = 1; id <= 5; id += 2) {
      server.receive(Frames.data(id, 10_000), Frames.data(id, 8_000));
    }
    assertEquals(List.of("WINDOW_UPDATE 54000"), server.frames());
  }

  @Test
  void aStreamThatWeHaveResetMayFillItsWindowAndNoMore() {
    Http2Stream stream = opened(1);
    stream.pause();
    server.receive(Frames.data(1, 4_000));
    stream.reset(ErrorCode.CANCEL);
    server.receive(Frames.data(1, 10_000), Frames.data(1, 6_000));
    assertEquals(null, server.session.failure());
    server.receive(Frames.data(1, 1));
    assertEquals(ErrorCode.FLOW_CONTROL_ERROR, server.session.failure());
  }

  @Test
  void aStreamThatWasRefusedMayFillItsWindowAndNoMore() {
    server.receive(Frames.headers(1, false, "x", "y"));
    server.receive(Frames.data(1, 10_000), Frames.data(1, 10_000));
    assertEquals(null, server.session.failure());
    server.receive(Frames.data(1, 1));
    assertEquals(ErrorCode.FLOW_CONTROL_ERROR, server.session.failure());
  }

  @Test
  void aPeerMayUseTheDefaultWindowUntilItKnowsOurs() {
    End fresh = new End(Role.SERVER, SMALL);
    fresh.session.start();
    fresh.out.reset();
    fresh.receive(FrameReader.PREFACE, Frames.settings(), Frames.post(1));
    fresh.stream(0).stream.pause();
    for (int i = 0; i < 6; i++) {
      fresh.receive(Frames.data(1, 10_000));
    }
    assertEquals(List.of("SETTINGS ack", "WINDOW_UPDATE 50000"), fresh.frames());
    fresh.receive(Frames.frame(FrameReader.SETTINGS, 1, 0), Frames.data(1, 1));
    assertEquals("RST_STREAM 1 FLOW_CONTROL_ERROR", fresh.frames().get(0));
  }

  // Sending

  @Test
  void aStreamSendsWhatItsWindowPermits() {
    server.receive(Frames.settings(4, 5));
    Http2Stream stream = opened(1);
    stream.write(octets(8));
    stream.end(null);
    assertEquals(List.of("DATA 1 5"), server.frames());
    assertTrue(stream.backlogged());
    assertEquals(5, stream.sent());
    server.receive(Frames.windowUpdate(1, 2));
    assertEquals(List.of("DATA 1 2"), server.frames());
    assertEquals(0, server.stream(0).drained);
    server.receive(Frames.windowUpdate(1, 2));
    assertEquals(List.of("DATA 1 1 ends"), server.frames());
    assertEquals(1, server.stream(0).drained);
    assertFalse(stream.backlogged());
  }

  @Test
  void theEndNeedsNoWindow() {
    server.receive(Frames.settings(4, 0));
    opened(1).end(null);
    opened(3).end(new FieldEdits(Fields.empty()).add(FieldName.of("X"), "y"));
    assertEquals(List.of("HEADERS 3 ends"), server.frames());
    server.receive(Frames.data(1, true, ""), Frames.data(3, true, ""));
    assertEquals(0, server.session.openStreams());
  }

  @Test
  void settingsChangeTheWindowsOfOpenStreamsEvenBelowNothing() {
    server.receive(Frames.settings(4, 10));
    Http2Stream stream = opened(1);
    stream.write(octets(20));
    server.receive(Frames.settings(4, 3));
    assertEquals(List.of("DATA 1 10", "SETTINGS ack"), server.frames());
    server.receive(Frames.windowUpdate(1, 7));
    assertEquals(List.of(), server.frames());
    server.receive(Frames.windowUpdate(1, 1));
    assertEquals(List.of("DATA 1 1"), server.frames());
    server.receive(Frames.settings(4, 5));
    assertEquals(List.of("SETTINGS ack", "DATA 1 2"), server.frames());
  }

  @Test
  void streamsTakeTurnsOnTheWindowOfTheConnection() {
    server.receive(Frames.settings(4, 1 << 20));
    Http2Stream first = opened(1);
    Http2Stream second = opened(3);
    first.write(octets(65_535 + 40_000));
    second.write(octets(20_000));
    assertEquals(
        List.of("DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16383"), server.frames());
    server.receive(Frames.windowUpdate(0, 60_000));
    assertEquals(
        List.of("DATA 1 16384", "DATA 3 16384", "DATA 1 16384", "DATA 3 3616", "DATA 1 7232"),
        server.frames());
  }

  @Test
  void whatTheOutputDoesNotTakeIsKeptAndSentWhenItHasCaughtUp() {
    Http2Stream stream = opened(1);
    server.slow = true;
    stream.write(octets(10));
    stream.end(new FieldEdits(Fields.empty()).add(FieldName.of("X"), "y"));
    assertTrue(stream.backlogged());
    assertEquals(List.of(), server.frames());
    server.slow = false;
    server.session.drained();
    assertEquals(List.of("DATA 1 10", "HEADERS 1 ends"), server.frames());
    assertEquals(1, server.stream(0).drained);
  }

  @Test
  void aStreamThatIsLostOverItsEndIsToldNothingMore() {
    Http2Stream stream = opened(1);
    server.slow = true;
    stream.write(octets(10));
    stream.end(new FieldEdits(Fields.empty()).add(FieldName.of("X"), "y"));
    server.slow = false;
    server.lostAfter = 2; // behind the head and the content of DATA
    server.session.drained();
    assertEquals(List.of("DATA 1 10", "HEADERS 1 ends"), server.frames());
    assertEquals("INTERNAL_ERROR ", server.stream(0).events.toString());
    assertEquals(0, server.stream(0).drained);
  }

  @Test
  void aWindowOfTwoToThe31IsTooLarge() {
    opened(1);
    server.receive(Frames.windowUpdate(1, Integer.MAX_VALUE - 65_535));
    assertEquals(List.of(), server.frames());
    server.receive(Frames.windowUpdate(1, 1));
    assertEquals(List.of("RST_STREAM 1 FLOW_CONTROL_ERROR"), server.frames());
    server.receive(Frames.windowUpdate(0, Integer.MAX_VALUE - 65_535));
    assertEquals(null, server.session.failure());
    server.receive(Frames.windowUpdate(0, 1));
    assertEquals(ErrorCode.FLOW_CONTROL_ERROR, server.session.failure());
  }

  @Test
  void settingsThatMakeAWindowTooLargeEndTheConnection() {
    opened(1);
    server.receive(Frames.windowUpdate(1, 1), Frames.settings(4, Integer.MAX_VALUE));
    assertEquals(ErrorCode.FLOW_CONTROL_ERROR, server.session.failure());
  }

  @Test
  void aLongHeadIsSplitAtWhatThePeerTakes() {
    End client = End.established(new End(Role.CLIENT, SMALL));
    HeadBlock head = client.session.block().request("GET", "https", "a", "/");
    head.field("x", "\u00ff".repeat(20_000));
    client.session.open(head, true, Http2Stream.NOBODY);
    assertEquals(List.of("HEADERS 1 ends", "CONTINUATION"), names(client));
    client.receive(Frames.settings(5, 32_768));
    client.out.reset();
    client.session.open(
        client
            .session
            .block()
            .request("GET", "https", "a", "/")
            .field("x", "\u00ff".repeat(20_000)),
        true,
        Http2Stream.NOBODY);
    assertEquals(List.of("HEADERS 3 ends"), names(client));
  }

  private static List<String> names(End end) {
    return end.frames().stream().map(frame -> frame.replaceAll("(CONT\\w+) .*", "$1")).toList();
  }
}
