package io.tidegate.core.h2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.h2.Http2Session.Role;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client and a server back to back, with schedules rolled from fixed seeds. */
class BothEndsTest {
  private static final Http2Settings SMALL = new Http2Settings(7, 16 << 10, 64 << 10, 0);

  private final End client = new End(Role.CLIENT, SMALL);
  private final End server = new End(Role.SERVER, Http2Settings.DEFAULT);
  private final List<Sent> sent = new ArrayList<>();
  private int opened;

  /** What one side sends on a stream. */
  private static final class Sent {
    final Http2Stream stream;
    final End.Peer peer;
    final ByteArrayOutputStream content = new ByteArrayOutputStream();
    boolean ended;

    Sent(Http2Stream stream, End.Peer peer) {
      this.stream = stream;
      this.peer = peer;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void contentArrivesIntactUnderAnySchedule(long seed) {
    Random random = new Random(seed);
    client.session.start();
    server.session.start();
    for (int i = 0; i < 2000; i++) {
      step(random);
      client.now++;
      server.now++;
    }
    finish(random);
    assertNull(client.session.failure());
    assertNull(server.session.failure());
    assertTrue(opened > 25, () -> "opened " + opened);
    assertEquals(opened, server.streams.size());
    assertEquals(0, client.session.openStreams());
    assertEquals(0, server.session.openStreams());
    for (int i = 0; i < opened; i++) {
      assertArrayEquals(sentBy(client, i).toByteArray(), server.stream(i).content.toByteArray());
      assertArrayEquals(sentBy(server, i).toByteArray(), client.stream(i).content.toByteArray());
      assertEquals("end[x] ", server.stream(i).events.toString());
      assertEquals("200 end[x] ", client.stream(i).events.toString());
    }
  }

  private ByteArrayOutputStream sentBy(End end, int index) {
    return sent.stream().filter(s -> s.peer == end.stream(index)).findFirst().orElseThrow().content;
  }

  private void step(Random random) {
    switch (random.nextInt(12)) {
      case 0 -> open();
      case 1, 2, 3 -> write(random);
      case 4 -> end(random);
      case 5 -> any(random).pause();
      case 6 -> any(random).resume();
      case 7, 8, 9 -> move(client, server, random);
      default -> move(server, client, random);
    }
    client.slow = client.out.size() > 100_000;
    server.slow = server.out.size() > 100_000;
    client.session.drained();
    server.session.drained();
  }

  private void open() {
    if (client.session.mayOpen()) {
      End.Peer peer = client.new Peer(null);
      HeadBlock head = client.session.block().request("POST", "https", "a", "/" + opened);
      peer.stream = client.session.open(head, false, peer);
      client.streams.add(peer);
      sent.add(new Sent(peer.stream, peer));
      opened++;
    }
  }

  private void answer() {
    for (End.Peer peer : server.streams) {
      if (sent.stream().noneMatch(s -> s.peer == peer)) {
        peer.stream.head(server.session.block().status(200), false);
        sent.add(new Sent(peer.stream, peer));
      }
    }
  }

  private void write(Random random) {
    if (!sent.isEmpty()) {
      Sent to = sent.get(random.nextInt(sent.size()));
      byte[] content = new byte[random.nextInt(random.nextInt(10) == 0 ? 200_000 : 3000)];
      random.nextBytes(content);
      if (!to.ended && !to.stream.backlogged()) {
        to.content.writeBytes(content);
        to.stream.write(ByteBuffer.wrap(content));
      }
    }
  }

  private void end(Random random) {
    if (!sent.isEmpty()) {
      end(sent.get(random.nextInt(sent.size())));
    }
  }

  private static void end(Sent to) {
    if (!to.ended) {
      to.ended = true;
      to.stream.end(new FieldEdits(Fields.empty()).add(FieldName.of("x"), "y"));
    }
  }

  private Http2Stream any(Random random) {
    open();
    List<End.Peer> peers = random.nextBoolean() ? client.streams : server.streams;
    peers = peers.isEmpty() ? client.streams : peers;
    return peers.get(random.nextInt(peers.size())).stream;
  }

  private void move(End from, End to, Random random) {
    byte[] all = from.out.toByteArray();
    int n = Math.min(all.length, random.nextInt(40_000));
    from.out.reset();
    from.out.write(all, n, all.length - n);
    to.receive(Arrays.copyOf(all, n));
    answer();
  }

  private void finish(Random random) {
    client.streams.forEach(peer -> peer.stream.resume());
    server.streams.forEach(peer -> peer.stream.resume());
    for (int i = 0; i < 2000 && client.session.openStreams() > 0; i++) {
      client.slow = false;
      server.slow = false;
      client.session.drained();
      server.session.drained();
      move(client, server, random);
      move(server, client, random);
      answer();
      sent.forEach(BothEndsTest::end);
    }
  }
}
