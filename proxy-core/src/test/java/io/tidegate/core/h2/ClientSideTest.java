package io.tidegate.core.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.h2.Http2Session.Role;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server may answer a client. */
class ClientSideTest {
  private final End client = End.established(new End(Role.CLIENT, Http2Settings.DEFAULT));

  private End.Peer open(String method, boolean ends) {
    End.Peer peer = client.new Peer(null);
    HeadBlock head = client.session.block().request(method, "https", "a:1", "/");
    peer.stream = client.session.open(head, ends, peer);
    client.out.reset();
    return peer;
  }

  private static byte[] head(boolean ends, String... fields) {
    return Frames.headers(1, ends, fields);
  }

  private static Arguments row(String what, String method, String expected, byte[]... frames) {
    return Arguments.of(what, method, expected, frames);
  }

  static Stream<Arguments> responses() {
    byte[] ok = head(false, ":status", "200");
    byte[] three = head(false, ":status", "200", "content-length", "3");
    byte[] abc = Frames.data(1, true, "abc");
    return Stream.of(
        row("a head alone", "GET", "204 ends ", head(true, ":status", "204")),
        row("content", "GET", "200 end ", ok, abc),
        row("content as long as announced", "GET", "200 end ", three, abc),
        row("trailers", "GET", "200 end[x] ", ok, head(true, "x", "y")),
        row("interim ones", "GET", "100 103 200 ", interim(100), interim(103), ok),
        row(
            "HEAD with a length",
            "HEAD",
            "200 ends ",
            head(true, ":status", "200", "content-length", "3")),
        row(
            "304 with a length",
            "GET",
            "304 ends ",
            head(true, ":status", "304", "content-length", "3")),
        row("no status", "GET", "PROTOCOL_ERROR ", head(false, "x", "y")),
        row("a request", "GET", "PROTOCOL_ERROR ", head(false, ":method", "GET")),
        row("a status of two digits", "GET", "PROTOCOL_ERROR ", head(false, ":status", "20")),
        row("a status below 100", "GET", "PROTOCOL_ERROR ", head(false, ":status", "099")),
        row("a status that is none", "GET", "PROTOCOL_ERROR ", head(false, ":status", "2x0")),
        row(
            "two of them",
            "GET",
            "PROTOCOL_ERROR ",
            head(false, ":status", "200", ":status", "200")),
        row("101", "GET", "PROTOCOL_ERROR ", head(false, ":status", "101")),
        row("an interim one that ends", "GET", "PROTOCOL_ERROR ", head(true, ":status", "103")),
        row(
            "a connection-specific field",
            "GET",
            "PROTOCOL_ERROR ",
            head(false, ":status", "200", "upgrade", "x")),
        row("content before a head", "GET", "PROTOCOL_ERROR ", abc),
        row("content of HEAD", "HEAD", "200 PROTOCOL_ERROR ", ok, abc),
        row("content of 204", "GET", "204 PROTOCOL_ERROR ", head(false, ":status", "204"), abc),
        row(
            "missing content",
            "GET",
            "PROTOCOL_ERROR ",
            head(true, ":status", "200", "content-length", "3")),
        row("less content", "GET", "200 PROTOCOL_ERROR ", three, Frames.data(1, true, "ab")),
        row("more content", "GET", "200 PROTOCOL_ERROR ", three, Frames.data(1, true, "abcd")),
        row(
            "a length twice",
            "GET",
            "PROTOCOL_ERROR ",
            head(false, ":status", "200", "content-length", "3", "content-length", "3")),
        row("a head in the middle", "GET", "200 PROTOCOL_ERROR ", ok, ok),
        row("trailers of a tunnel", "CONNECT", "200 PROTOCOL_ERROR ", ok, head(true, "x", "y")),
        row(
            "a length of a tunnel",
            "CONNECT",
            "200 end ",
            head(false, ":status", "200", "content-length", "1"),
            abc),
        row("a refusal", "GET", "REFUSED_STREAM untouched ", Frames.hex(3, 0, 1, "00000007")),
        row("a reset", "GET", "200 CANCEL ", ok, Frames.rst(1)));
  }

  private static byte[] interim(int status) {
    return head(false, ":status", Integer.toString(status));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("responses")
  void aResponseIsCheckedAndTold(String what, String method, String expected, byte[]... frames) {
    End.Peer peer = open(method, false);
    client.receive(frames);
    assertEquals(expected, peer.events.toString());
    boolean broken = expected.endsWith("PROTOCOL_ERROR ");
    assertEquals(broken ? List.of("RST_STREAM 1 PROTOCOL_ERROR") : List.of(), client.frames());
    assertEquals(null, client.session.failure());
  }

  @Test
  void aWholeResponseOutlivesAResetWithoutAnError() {
    End.Peer peer = open("POST", false);
    peer.stream.pause();
    client.receive(head(false, ":status", "200"), Frames.data(1, true, "abc"));
    client.receive(Frames.hex(3, 0, 1, "00000000"));
    assertFalse(peer.stream.isOpen());
    assertEquals("200 ", peer.events.toString());
    peer.stream.resume();
    assertEquals("abc", peer.text());
    assertEquals("200 end ", peer.events.toString());
  }

  @Test
  void streamsThatTheServerHasNotTouchedAreToldSo() {
    End.Peer first = open("GET", true);
    End.Peer second = open("GET", true);
    client.receive(Frames.frame(7, 0, 0, ByteBuffer.allocate(8).putInt(1).array()));
    assertEquals("", first.events.toString());
    assertEquals("REFUSED_STREAM untouched ", second.events.toString());
    assertEquals(List.of("going away", "closed 3"), client.told);
    assertFalse(client.session.mayOpen());
    client.receive(head(true, ":status", "204"));
    assertEquals("204 ends ", first.events.toString());
  }

  @Test
  void noMoreStreamsAreOpenedThanTheServerPermits() {
    client.receive(Frames.settings(3, 2));
    open("GET", true);
    assertTrue(client.session.mayOpen());
    open("GET", true);
    assertFalse(client.session.mayOpen());
    assertThrows(IllegalStateException.class, () -> open("GET", true));
    client.receive(head(true, ":status", "204"));
    assertTrue(client.session.mayOpen());
  }

  @Test
  void aServerOpensNoStreams() {
    client.receive(Frames.headers(2, true, ":status", "200"));
    assertEquals(ErrorCode.PROTOCOL_ERROR, client.session.failure());
  }

  @Test
  void lateFramesOfAStreamThatWeHaveCancelledAreNoError() {
    End.Peer peer = open("GET", true);
    peer.stream.reset(ErrorCode.CANCEL);
    client.receive(head(false, ":status", "200"), Frames.data(1, true, "abc"));
    assertEquals(List.of("RST_STREAM 1 CANCEL"), client.frames());
    assertEquals("", peer.events.toString());
    assertEquals(null, client.session.failure());
  }

  @Test
  void aClientSaysFirstWhatItMust() {
    End fresh = new End(Role.CLIENT, Http2Settings.DEFAULT);
    fresh.session.start();
    byte[] out = fresh.out.toByteArray();
    byte[] frames = java.util.Arrays.copyOfRange(out, 24, out.length);
    assertEquals(List.of("SETTINGS", "WINDOW_UPDATE " + ((1 << 20) - 65535)), Frames.list(frames));
  }
}
