package io.tidegate.core.io;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Framing;
import io.tidegate.core.wire.HeadWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Writes HTTP/1.1 messages to a conduit without ever blocking or refusing: what the peer does not
 * take is kept, and {@link #backlogged} tells. Failures are told to the owner, once.
 */
public final class MessageWriter implements BodySink {
  /** Told about what happens after a call has returned. */
  public interface Owner {
    /** The backlog is gone. */
    void drained();

    /** The connection cannot be written to any more; what was written is lost. */
    void writeFailed(IOException cause);
  }

  /** Content up to this size is copied and leaves in one write with what surrounds it. */
  private static final int COPY_LIMIT = 16 << 10;

  private final IoLoop loop;
  private final StreamSinkConduit sink;
  private final Owner owner;
  private final ArrayDeque<ByteBuffer> pending = new ArrayDeque<>(0);
  private Framing.Kind framing = Framing.Kind.NONE;
  private boolean failed;

  /** A conduit that encrypts may hold octets back; they leave only if it is told to. */
  private boolean heldBack;

  /** A writer to {@code sink}. */
  public MessageWriter(IoLoop loop, StreamSinkConduit sink, Owner owner) {
    this.loop = loop;
    this.sink = sink;
    this.owner = owner;
  }

  /** Starts a message: {@code head} is sent, and what follows is framed like this. */
  public void start(HeadWriter head, Framing body) {
    framing = body.kind();
    send(head);
  }

  /** Sends what {@code octets} holds. */
  public void send(HeadWriter octets) {
    if (failed) {
      return;
    }
    if (!pending.isEmpty()) {
      keep(octets.view());
      return;
    }
    ByteBuffer stage = loop.stage(this);
    if (stage.remaining() < octets.length()) {
      flush();
      stage = loop.stage(this);
    }
    if (failed) {
      loop.unstage(this);
    } else if (!pending.isEmpty() || stage.remaining() < octets.length()) {
      loop.unstage(this);
      keep(octets.view());
      resume();
    } else {
      octets.copyTo(stage);
    }
  }

  /** Where {@code octets} may be put, to leave with what is there already; null if not now. */
  public @Nullable ByteBuffer room(int octets) {
    if (failed || backlogged()) {
      return null;
    }
    ByteBuffer stage = loop.stage(this);
    return stage.remaining() < octets ? null : stage;
  }

  @Override
  public void write(ByteBuffer data) {
    if (failed || !data.hasRemaining()) {
      data.position(data.limit());
      return;
    }
    boolean chunked = framing == Framing.Kind.CHUNKED;
    if (chunked) {
      send(loop.heads().clear().chunkSize(data.remaining()));
    }
    content(data);
    if (chunked) {
      send(loop.heads().clear().end());
    }
  }

  private void content(ByteBuffer data) {
    if (failed) {
      data.position(data.limit());
    } else if (!pending.isEmpty()) {
      keep(data);
    } else if (data.remaining() <= COPY_LIMIT && data.remaining() <= loop.stage(this).remaining()) {
      loop.stage(this).put(data);
    } else {
      gather(data);
    }
  }

  /** Writes what is staged and {@code data} behind it without copying either. */
  private void gather(ByteBuffer data) {
    ByteBuffer staged = loop.unstage(this);
    try {
      if (staged == null) {
        writeAll(data);
      } else {
        ByteBuffer[] both = {staged, data};
        long n = 1;
        while (data.hasRemaining() && n > 0) {
          n = sink.write(both, 0, 2);
        }
        keepRest(staged);
      }
      keepRest(data);
      push();
    } catch (IOException e) {
      data.position(data.limit());
      fail(e);
    }
  }

  private void writeAll(ByteBuffer data) throws IOException {
    int n = 1;
    while (data.hasRemaining() && n > 0) {
      n = sink.write(data);
    }
  }

  private void keepRest(ByteBuffer data) {
    if (data.hasRemaining()) {
      keep(data);
      resume();
    }
  }

  @Override
  public void end(@Nullable FieldEdits trailers) {
    if (framing == Framing.Kind.CHUNKED) {
      HeadWriter last = loop.heads().clear().text("0\r\n");
      send(trailers == null ? last.end() : last.fields(trailers).end());
    }
    framing = Framing.Kind.NONE;
  }

  /** Writes what is staged as far as the peer takes it. */
  public void flush() {
    ByteBuffer staged = loop.unstage(this);
    if (staged == null || failed) {
      return;
    }
    try {
      writeAll(staged);
      keepRest(staged);
      push();
    } catch (IOException e) {
      fail(e);
    }
  }

  private void push() throws IOException {
    if (!sink.flush()) {
      heldBack = true;
      resume();
    }
  }

  /** Tells the peer that nothing more will come; everything has left before. */
  public void shutDown() throws IOException {
    sink.terminateWrites();
    push();
  }

  @Override
  public boolean backlogged() {
    return heldBack || !pending.isEmpty();
  }

  /** The conduit takes octets again. */
  public void writable() {
    if (failed || !backlogged()) {
      sink.suspendWrites();
      return;
    }
    try {
      while (!pending.isEmpty()) {
        ByteBuffer first = pending.peekFirst();
        writeAll(first);
        if (first.hasRemaining()) {
          return;
        }
        loop.buffers().give(pending.removeFirst());
      }
      heldBack = !sink.flush();
      if (!heldBack) {
        sink.suspendWrites();
        owner.drained();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Forgets everything: the connection is closed. */
  public void discard() {
    failed = true;
    heldBack = false;
    loop.unstage(this);
    while (!pending.isEmpty()) {
      loop.buffers().give(pending.removeFirst());
    }
  }

  /*
   * Buffers in the queue are ready to be read. The last one is filled up before another one is taken: peers that take
   * little at a time must not cost a buffer for each little piece.
   */
  private void keep(ByteBuffer data) {
    while (data.hasRemaining()) {
      ByteBuffer last = pending.peekLast();
      if (last == null || last.limit() == last.capacity()) {
        last = loop.buffers().take();
        last.limit(0);
        pending.addLast(last);
      }
      int n = Math.min(data.remaining(), last.capacity() - last.limit());
      int at = last.limit();
      last.limit(at + n);
      last.put(at, data, data.position(), n);
      data.position(data.position() + n);
    }
  }

  private void resume() {
    sink.resumeWrites();
  }

  private void fail(IOException cause) {
    if (!failed) {
      discard();
      sink.suspendWrites();
      owner.writeFailed(cause);
    }
  }
}
