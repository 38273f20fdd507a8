package io.tidegate.core.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.h2.Http2Session.Role;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.io.BufferPool;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.HeadWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A session of a test with all that it has said: its frames, and what its owner was told. */
final class End implements Http2Session.Output, Http2Session.Owner {
  static final HeadLimits LIMITS = new HeadLimits(16 << 10, 8 << 10, 100);

  final BufferPool buffers = new BufferPool();
  final Http2Session session;
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final List<String> told = new ArrayList<>();
  final List<Peer> streams = new ArrayList<>();
  long now;
  boolean slow;

  /** Rolls what the owner and its streams do whenever they are told something; null for nothing. */
  Random whims;

  /** After so many writes the connection is lost in the middle of one. */
  int lostAfter = Integer.MAX_VALUE;

  End(Role role, Http2Settings settings, HeadLimits limits, boolean extendedConnect) {
    session = new Http2Session(role, settings, limits, buffers, () -> now, this, this);
    if (extendedConnect) {
      session.takeExtendedConnect();
    }
  }

  End(Role role, Http2Settings settings) {
    this(role, settings, LIMITS, false);
  }

  /** A server to which a client has said what it must, and that has said all it has to. */
  static End server() {
    return established(new End(Role.SERVER, Http2Settings.DEFAULT));
  }

  static End established(End end) {
    end.session.start();
    if (end.isServer()) {
      end.receive(FrameReader.PREFACE);
    }
    end.receive(Frames.frame(FrameReader.SETTINGS, 0, 0));
    end.receive(Frames.frame(FrameReader.SETTINGS, 1, 0));
    end.out.reset();
    return end;
  }

  private boolean isServer() {
    return !out.toString(StandardCharsets.ISO_8859_1).startsWith("PRI");
  }

  End receive(byte[]... octets) {
    for (byte[] piece : octets) {
      ByteBuffer in = ByteBuffer.wrap(piece);
      session.receive(in);
      assertTrue(!in.hasRemaining());
    }
    return this;
  }

  /** What was put out since the last time, a frame each. */
  List<String> frames() {
    List<String> frames = Frames.list(out.toByteArray());
    out.reset();
    return frames;
  }

  Peer stream(int index) {
    return streams.get(index);
  }

  @Override
  public void send(HeadWriter octets) {
    out.writeBytes(octets.toArray());
    written();
  }

  @Override
  public void write(ByteBuffer data) {
    byte[] octets = new byte[data.remaining()];
    data.get(octets);
    out.writeBytes(octets);
    written();
  }

  private void written() {
    if (lostAfter-- == 0) {
      session.lost("while it was written to");
    }
  }

  private void whim(Http2Stream stream) {
    if (whims == null) {
      return;
    }
    slow = whims.nextInt(8) == 0;
    switch (whims.nextInt(40)) {
      case 0, 1, 2, 3 -> stream.pause();
      case 4, 5, 6 -> stream.resume();
      case 7 -> stream.discard();
      case 8 -> stream.reset(ErrorCode.CANCEL);
      case 9, 10, 11, 12, 13 -> stream.write(ByteBuffer.allocate(whims.nextInt(40_000)));
      case 14, 15 -> stream.head(session.block().status(200), whims.nextInt(4) == 0);
      case 16, 17, 18 -> stream.end(null);
      case 19 -> session.drained();
      case 20 -> session.ping(() -> {});
      case 21 -> session.drain(() -> told.add("drained"));
      case 22 -> session.fail(ErrorCode.INTERNAL_ERROR, "on a whim");
      default -> {}
    }
  }

  @Override
  public boolean backlogged() {
    return slow;
  }

  @Override
  public Http2Stream.Receiver opened(Http2Stream stream, Http2Head head, boolean ends) {
    Peer peer = new Peer(stream);
    peer.head = head;
    streams.add(peer);
    whim(stream);
    told.add(
        "opened " + stream.id() + " " + head.method() + " " + head.path() + (ends ? " ends" : ""));
    return peer;
  }

  @Override
  public Http2Stream.Receiver openedTooLarge(
      Http2Stream stream, String method, BadMessageException why, boolean ends) {
    Peer peer = new Peer(stream);
    peer.method = method;
    streams.add(peer);
    told.add("opened " + stream.id() + " " + why.fault() + (ends ? " ends" : ""));
    return peer;
  }

  @Override
  public void closed(Http2Stream stream) {
    told.add("closed " + stream.id());
  }

  @Override
  public void goingAway(ErrorCode code) {
    told.add("going away");
  }

  @Override
  public void failed(ErrorCode code, String detail) {
    told.add("failed " + code);
  }

  /** What a stream was told. */
  class Peer implements Http2Stream.Receiver {
    Http2Stream stream;
    Http2Head head;

    /** Of a head that was too large. */
    String method;

    final ByteArrayOutputStream content = new ByteArrayOutputStream();
    final StringBuilder events = new StringBuilder();
    int drained;
    int resets;

    Peer(Http2Stream stream) {
      this.stream = stream;
    }

    @Override
    public void head(Http2Head last, boolean ends) {
      head = last;
      whim(stream);
      events.append(last.status()).append(ends ? " ends " : " ");
    }

    @Override
    public void content(ByteBuffer data) {
      assertEquals(0, resets, "content behind a reset");
      byte[] octets = new byte[data.remaining()];
      data.get(octets);
      content.writeBytes(octets);
      whim(stream);
    }

    @Override
    public void end(Fields trailers) {
      assertEquals(0, resets, "the end behind a reset");
      whim(stream);
      events.append("end").append(trailers.size() == 0 ? " " : trailers + " ");
    }

    @Override
    public void reset(ErrorCode code, boolean untouched, String detail) {
      resets++;
      whim(stream);
      events.append(code).append(untouched ? " untouched " : " ");
    }

    @Override
    public void drained() {
      assertEquals(0, resets, "drained behind a reset");
      drained++;
      whim(stream);
    }

    String text() {
      return content.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
