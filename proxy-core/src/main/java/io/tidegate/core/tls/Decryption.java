package io.tidegate.core.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSourceConduit;

/**
 * What comes, record by record (RFC 8446 §5), after the handshake. No buffer is held but for a
 * record that has come in part, or one that its reader had no room for.
 */
final class Decryption {
  private static final int HEADER = 5;

  /**
   * So many records in a row may carry no content: tickets and updates of keys are few, and a flood
   * of them costs us more than the peer.
   */
  private static final int MAX_SILENT = 32;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final StreamSourceConduit source;
  private final TlsBuffers buffers;
  private final Encryption out;

  /** Received and not decrypted yet: less than a record where there is no more to do. */
  private @Nullable ByteBuffer received;

  /** Decrypted, but there was no room for it. */
  private @Nullable ByteBuffer plain;

  private int silent;
  private boolean ended;
  private @Nullable IOException failure;

  /** Goes on with what has come behind the handshake. */
  Decryption(
      SSLEngine engine,
      StreamSourceConduit source,
      TlsBuffers buffers,
      Encryption out,
      ByteBuffer begun) {
    this.engine = engine;
    this.source = source;
    this.buffers = buffers;
    this.out = out;
    if (begun.hasRemaining()) {
      received = buffers.shrink(buffers.large().put(begun).flip());
    }
  }

  /**
   * Reads content to {@code dst}.
   *
   * @return how many octets, 0 if there are none now, -1 if the peer has ended, in an orderly way
   *     or by ending its connection
   */
  int read(ByteBuffer dst) throws IOException {
    int before = dst.position();
    takePlain(dst);
    try {
      boolean more = true;
      while (!ended && dst.hasRemaining() && more) {
        more = hasRecord() || fill(dst.remaining());
        while (!ended && dst.hasRemaining() && hasRecord()) {
          decrypt(dst);
        }
      }
    } catch (IOException e) {
      fail(e);
    } finally {
      settle();
    }
    int n = dst.position() - before;
    if (n == 0 && failure != null) {
      throw failure;
    }
    return n == 0 && ended && dst.hasRemaining() ? -1 : n;
  }

  /** Whether a read would do something although nothing more comes. */
  boolean hasMore() {
    return ended || plain != null || isRecord(received);
  }

  boolean ended() {
    return ended && plain == null;
  }

  /** Nothing more is wanted. */
  void close() {
    ended = true;
    if (received != null) {
      buffers.give(received);
      received = null;
    }
    if (plain != null) {
      buffers.give(plain);
      plain = null;
    }
  }

  private void fail(IOException cause) {
    ended = true;
    failure = cause;
    if (cause instanceof SSLException) {
      out.lastWords(); // the alert that says why
    }
  }

  private void takePlain(ByteBuffer dst) {
    ByteBuffer from = plain;
    if (from == null) {
      return;
    }
    int n = Math.min(from.remaining(), dst.remaining());
    dst.put(dst.position(), from, from.position(), n).position(dst.position() + n);
    from.position(from.position() + n);
    if (!from.hasRemaining()) {
      buffers.give(from);
      plain = null;
    }
  }

  /**
   * Reads behind a record that is not whole yet, no more than there is room for when it has been
   * decrypted; whether there may be still more.
   */
  private boolean fill(int room) throws IOException {
    ByteBuffer in = buffers.large();
    if (received != null) {
      in.put(received);
      buffers.give(received);
    }
    received = in;
    int most = Math.min(TlsBuffers.LARGE, Math.max(room, TlsBuffers.RECORD));
    int n;
    try {
      n = source.read(in.limit(most));
    } finally {
      in.flip();
    }
    if (n < 0) {
      ended = true; // whether that was all, only an alert could have told
    }
    return n > 0 && in.limit() == most;
  }

  private void settle() {
    if (received != null) {
      if (received.hasRemaining() && !ended) {
        received = buffers.shrink(received);
      } else {
        buffers.give(received);
        received = null;
      }
    }
  }

  private boolean hasRecord() throws SSLException {
    ByteBuffer in = received;
    if (in == null || in.remaining() < HEADER) {
      return false;
    }
    if (length(in) > TlsBuffers.RECORD) {
      throw new SSLException("a record is too long");
    }
    return isRecord(in);
  }

  private static boolean isRecord(@Nullable ByteBuffer in) {
    return in != null && in.remaining() >= HEADER && in.remaining() >= length(in);
  }

  /** Of the record that begins there, with its header. */
  private static int length(ByteBuffer in) {
    return HEADER + (in.getShort(in.position() + 3) & 0xffff);
  }

  private void decrypt(ByteBuffer dst) throws IOException {
    ByteBuffer in = received;
    if (in == null) {
      return;
    }
    if (dst.remaining() >= length(in)) {
      unwrap(in, dst);
    } else {
      plain = decrypted(in);
      takePlain(dst);
    }
  }

  /** What stands in a buffer before a record is known to be genuine may be another connection's. */
  private ByteBuffer decrypted(ByteBuffer in) throws IOException {
    ByteBuffer content = buffers.small();
    boolean genuine = false;
    try {
      unwrap(in, content);
      genuine = true;
    } finally {
      if (!genuine) {
        buffers.give(content);
      }
    }
    return content.flip();
  }

  /** Decrypts one record, which {@code dst} has room for. */
  private void unwrap(ByteBuffer in, ByteBuffer dst) throws IOException {
    int limit = in.limit();
    in.limit(in.position() + length(in));
    int before = dst.position();
    SSLEngineResult result;
    try {
      result = engine.unwrap(in, dst);
    } catch (SSLException e) {
      dst.position(before);
      throw e;
    }
    boolean stuck = in.hasRemaining() && result.getStatus() != Status.CLOSED;
    in.limit(limit);
    if (result.getStatus() == Status.CLOSED) {
      ended = true;
    } else if (stuck) {
      throw new SSLException("a record cannot be read: " + result.getStatus());
    }
    count(result.bytesProduced());
    obey(result.getHandshakeStatus());
  }

  private void count(int content) throws SSLException {
    silent = content > 0 ? 0 : silent + 1;
    if (silent > MAX_SILENT) {
      throw new SSLException("too many records without content");
    }
  }

  /** Has the engine find out that nothing can be negotiated, which is soon done. */
  private void refuse() throws SSLException {
    Runnable task = engine.getUseClientMode() ? null : engine.getDelegatedTask();
    if (task != null) {
      task.run();
      engine.wrap(NOTHING, NOTHING); // throws what it has found
    }
    throw new SSLException("the peer wants to negotiate again");
  }

  /** What is left of handshakes by now: keys are updated. Nothing is negotiated again. */
  private void obey(HandshakeStatus status) throws IOException {
    if (status == HandshakeStatus.NEED_TASK) {
      refuse();
    }
    if (status == HandshakeStatus.NEED_WRAP) {
      out.answer();
    }
  }
}
