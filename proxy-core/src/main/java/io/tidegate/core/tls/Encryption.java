package io.tidegate.core.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSinkConduit;

/**
 * What leaves, in records as full as there is content for, several to a write. A buffer is held
 * only while the connection below does not take what is in it.
 */
final class Encryption {
  private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

  private final SSLEngine engine;
  private final StreamSinkConduit sink;
  private final TlsBuffers buffers;

  /** Records that the connection below has not taken yet. */
  private @Nullable ByteBuffer unsent;

  private boolean closed;

  Encryption(SSLEngine engine, StreamSinkConduit sink, TlsBuffers buffers) {
    this.engine = engine;
    this.sink = sink;
    this.buffers = buffers;
  }

  /** Writes of the contents what can be; how much that was. It may still be held here. */
  long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    long taken = 0;
    while (send() && hasRemaining(srcs, offset, length)) {
      ByteBuffer out = buffers.large();
      try {
        taken += fill(out, srcs, offset, length);
      } finally {
        unsent = out.flip();
      }
    }
    return taken;
  }

  private static boolean hasRemaining(ByteBuffer[] srcs, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (srcs[i].hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  private long fill(ByteBuffer out, ByteBuffer[] srcs, int offset, int length) throws IOException {
    long taken = 0;
    while (out.remaining() >= TlsBuffers.RECORD + TlsBuffers.SPARE
        && hasRemaining(srcs, offset, length)) {
      SSLEngineResult result = engine.wrap(srcs, offset, length, out);
      if (result.getStatus() == Status.CLOSED) {
        closed = true;
        throw new ClosedChannelException();
      }
      if (result.bytesProduced() == 0) {
        throw new SSLException("nothing can be written: " + result.getHandshakeStatus());
      }
      taken += result.bytesConsumed();
    }
    return taken;
  }

  /** Sends what is held; whether nothing is held any more. */
  boolean send() throws IOException {
    ByteBuffer out = unsent;
    if (out == null) {
      return true;
    }
    int n = 1;
    while (out.hasRemaining() && n > 0) {
      n = sink.write(out);
    }
    if (out.hasRemaining()) {
      return false;
    }
    buffers.give(out);
    unsent = null;
    return true;
  }

  boolean isHolding() {
    return unsent != null;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Sends what the engine has to say by itself, as far as the connection below takes it.
   *
   * @throws SSLException if that begins a handshake
   */
  void answer() throws IOException {
    HandshakeStatus status = HandshakeStatus.NEED_WRAP;
    while (status == HandshakeStatus.NEED_WRAP) {
      SSLEngineResult result = control();
      status = result.bytesProduced() > 0 ? result.getHandshakeStatus() : HandshakeStatus.FINISHED;
    }
    boolean open = !closed && !engine.isOutboundDone() && !engine.isInboundDone();
    if (open && (status == HandshakeStatus.NEED_UNWRAP || status == HandshakeStatus.NEED_TASK)) {
      throw new SSLException("the peer wants to negotiate again");
    }
    send();
  }

  /** Has the peer told that nothing more will come (RFC 8446 §6.1): once it is sent. */
  void close() throws IOException {
    if (!closed) {
      closed = true;
      engine.closeOutbound();
      control();
    }
  }

  /** Tells the peer why, or that, this is the end, if it takes that now. */
  void lastWords() {
    try {
      closed = true;
      engine.closeOutbound();
      control();
      send();
    } catch (IOException e) {
      // then not
    }
  }

  /** Gives everything back. */
  void discard() {
    closed = true;
    if (unsent != null) {
      buffers.give(unsent);
      unsent = null;
    }
  }

  private SSLEngineResult control() throws IOException {
    ByteBuffer out = buffers.large();
    SSLEngineResult result;
    try {
      result = engine.wrap(NOTHING, 0, 1, out);
    } finally {
      append(out.flip());
    }
    return result;
  }

  /** There is no end to what a peer makes us say, but to what we keep for it. */
  private void append(ByteBuffer records) throws IOException {
    if (!records.hasRemaining()) {
      buffers.give(records);
    } else if (unsent == null) {
      unsent = records;
    } else {
      ByteBuffer all = unsent.compact();
      boolean fits = all.remaining() >= records.remaining();
      if (fits) {
        all.put(records);
      }
      all.flip();
      buffers.give(records);
      if (!fits) {
        throw new SSLException("the peer does not read what it makes us say");
      }
    }
  }
}
