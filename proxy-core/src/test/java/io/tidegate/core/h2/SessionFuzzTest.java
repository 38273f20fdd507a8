package io.tidegate.core.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.h2.Http2Session.Role;
import io.tidegate.core.testkit.Http2Client;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Octets of all kinds, from fixed seeds: a session never throws, and stays small. */
class SessionFuzzTest {
  private final Random random = new Random(42);

  @Test
  void anythingLeavesAServerInADefinedState() {
    int failed = 0;
    for (int i = 0; i < 4000; i++) {
      End server = End.server();
      byte[] traffic = traffic();
      mutate(traffic);
      feed(server, traffic);
      failed += server.session.failure() == null ? 0 : 1;
      check(server);
    }
    assertTrue(failed > 400 && failed < 3900, "failed: " + failed);
  }

  @Test
  void anythingLeavesAClientInADefinedState() {
    for (int i = 0; i < 2000; i++) {
      End client = End.established(new End(Role.CLIENT, Http2Settings.DEFAULT));
      for (int n = 0; n < 5; n++) {
        End.Peer peer = client.new Peer(null);
        HeadBlock head = client.session.block().request("GET", "https", "a", "/");
        peer.stream = client.session.open(head, random.nextBoolean(), peer);
        client.streams.add(peer);
      }
      byte[] traffic = traffic();
      mutate(traffic);
      feed(client, traffic);
      check(client);
    }
  }

  @Test
  void whateverOwnersDoWhenTheyAreToldLeavesADefinedState() {
    int lost = 0;
    for (int i = 0; i < 6000; i++) {
      End server = End.server();
      server.whims = random;
      server.lostAfter = random.nextInt(20);
      byte[] traffic = traffic();
      feed(server, traffic);
      server.session.drained();
      lost += server.lostAfter < 0 ? 1 : 0;
      check(server);
    }
    assertTrue(lost > 300, "lost: " + lost);
  }

  @Test
  void octetsInPiecesMeanTheSameAsTheWhole() {
    for (int i = 0; i < 500; i++) {
      byte[] traffic = traffic();
      mutate(traffic);
      End whole = End.server().receive(traffic);
      End pieces = End.server();
      feed(pieces, traffic);
      assertEquals(whole.session.failure(), pieces.session.failure());
      assertEquals(whole.told, pieces.told);
      assertEquals(whole.frames(), pieces.frames());
    }
  }

  private void feed(End end, byte[] traffic) {
    for (int at = 0; at < traffic.length; ) {
      int n = Math.min(traffic.length - at, 1 + random.nextInt(200));
      end.receive(Arrays.copyOfRange(traffic, at, at + n));
      at += n;
    }
  }

  /** After the end of the connection, every stream has been told once, and none is left. */
  private static void check(End end) {
    end.session.lost("over");
    assertEquals(0, end.session.openStreams());
    for (End.Peer peer : end.streams) {
      assertTrue(!peer.stream.isOpen());
      assertTrue(peer.resets <= 1, peer.events.toString());
      peer.stream.discard();
    }
    assertEquals(0, end.buffers.lent());
    assertTrue(end.out.size() < 1_000_000);
  }

  private byte[] traffic() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = random.nextInt(30); i >= 0; i--) {
      all.writeBytes(frame());
    }
    return all.toByteArray();
  }

  private byte[] frame() {
    int id = 1 + 2 * random.nextInt(6);
    boolean ends = random.nextBoolean();
    return switch (random.nextInt(14)) {
      case 0, 1, 2 -> Frames.get(id);
      case 3 -> Frames.post(id, "content-length", "" + random.nextInt(3));
      case 4 -> Frames.headers(id, ends, ":status", "200", "x", "y");
      case 5 -> Frames.headers(id, ends, "x", "y");
      case 6, 7 -> Frames.data(id, ends, "x".repeat(random.nextInt(300)));
      case 8 -> Frames.rst(id);
      case 9 -> Frames.windowUpdate(random.nextBoolean() ? 0 : id, random.nextInt(1 << 20));
      case 10 -> Frames.settings(random.nextInt(9), random.nextInt(100_000));
      case 11 -> Frames.ping();
      case 12 -> Frames.frame(1, 1, id, Http2Client.block(Http2Client.request("GET", "/")));
      default -> random();
    };
  }

  private byte[] random() {
    byte[] payload = new byte[random.nextInt(60)];
    random.nextBytes(payload);
    int type = random.nextInt(11);
    return Frames.frame(type, random.nextInt(256), random.nextInt(12), payload);
  }

  private void mutate(byte[] octets) {
    for (int i = random.nextInt(4); i > 0; i--) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
    }
  }
}
