package io.tidegate.core.h2;

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

/** A session of a test with all that it has said: its frames, and what its owner was told. */
final class End implements Http2Session.Output, Http2Session.Owner {
  static final HeadLimits LIMITS = new HeadLimits(16 << 10, 8 << 10, 100);

  final Http2Session session;
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final List<String> told = new ArrayList<>();
  final List<Peer> streams = new ArrayList<>();
  long now;
  boolean slow;

  End(Role role, Http2Settings settings, HeadLimits limits, boolean extendedConnect) {
    session = new Http2Session(role, settings, limits, new BufferPool(), () -> now, this, this);
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
  }

  @Override
  public void write(ByteBuffer data) {
    while (data.hasRemaining()) {
      out.write(data.get());
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
    told.add(
        "opened " + stream.id() + " " + head.method() + " " + head.path() + (ends ? " ends" : ""));
    return peer;
  }

  @Override
  public Http2Stream.Receiver openedTooLarge(
      Http2Stream stream, BadMessageException why, boolean ends) {
    Peer peer = new Peer(stream);
    streams.add(peer);
    told.add("opened " + stream.id() + " " + why.fault() + (ends ? " ends" : ""));
    return peer;
  }

  @Override
  public void closed(Http2Stream stream) {
    told.add("closed " + stream.id());
  }

  @Override
  public void goingAway() {
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
    final ByteArrayOutputStream content = new ByteArrayOutputStream();
    final StringBuilder events = new StringBuilder();
    int drained;

    Peer(Http2Stream stream) {
      this.stream = stream;
    }

    @Override
    public void head(Http2Head last, boolean ends) {
      head = last;
      events.append(last.status()).append(ends ? " ends " : " ");
    }

    @Override
    public void content(ByteBuffer data) {
      while (data.hasRemaining()) {
        content.write(data.get());
      }
    }

    @Override
    public void end(Fields trailers) {
      events.append("end").append(trailers.size() == 0 ? " " : trailers + " ");
    }

    @Override
    public void reset(ErrorCode code, boolean untouched, String detail) {
      events.append(code).append(untouched ? " untouched " : " ");
    }

    @Override
    public void drained() {
      drained++;
    }

    String text() {
      return content.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
