package io.tidegate.core.tls;

import io.tidegate.core.io.IoLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The handshake on one connection (RFC 8446 §4, RFC 5246 §7.3), of either side. What takes long is
 * computed elsewhere; all else happens on the IO thread of the connection. It has no deadline of
 * its own: its owner abandons it.
 */
public final class Handshake {
  /** Told how it ended, on the IO thread. */
  public interface Owner {
    /** The connection is secured. */
    void secured(TlsConnection connection);

    /**
     * The handshake failed. The peer has been told why as far as it could be; the connection is
     * still to be closed.
     */
    void failed(IOException cause);
  }

  private enum Next {
    READ,
    COMPUTE,
    DONE
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** So many records of alerts may be written before all is said. */
  private static final int LAST_WORDS = 3;

  private final IoLoop loop;
  private final StreamConnection below;
  private final StreamSourceConduit source;
  private final StreamSinkConduit sink;
  private final SSLEngine engine;
  private final Executor worker;
  private final Owner owner;
  private final boolean computesAtOnce;

  /** Received; ready to be read. The handshake is not on its way to many peers at a time. */
  private ByteBuffer in = ByteBuffer.allocate(TlsBuffers.RECORD).flip();

  /** To be sent; ready to be read. */
  private ByteBuffer out = ByteBuffer.allocate(TlsBuffers.RECORD).flip();

  private Next next = Next.READ;
  private boolean computing;

  /** Whoever waits for nothing any more has nothing computed. */
  private volatile boolean over;

  /** Secures {@code below} with {@code engine}; {@code worker} computes. */
  public Handshake(
      IoLoop loop, StreamConnection below, SSLEngine engine, Executor worker, Owner owner) {
    this.loop = loop;
    this.below = below;
    this.source = below.getSourceChannel().getConduit();
    this.sink = below.getSinkChannel().getConduit();
    this.engine = engine;
    this.worker = worker;
    this.owner = owner;
    this.computesAtOnce = Engines.computesAtOnce(engine);
  }

  /** Starts with what has been received already, if anything. */
  public void start(@Nullable ByteBuffer begun) {
    below.getSourceChannel().setReadListener(channel -> readable());
    below.getSinkChannel().setWriteListener(channel -> writable());
    if (begun != null) {
      in = ByteBuffer.allocate(Math.max(TlsBuffers.RECORD, begun.remaining())).put(begun).flip();
    }
    try {
      engine.beginHandshake();
    } catch (SSLException e) {
      fail(e);
      return;
    }
    advance();
  }

  /** Gives up, silently; the connection is closed by who does. */
  public void abandon() {
    over = true;
    if (!computing) {
      Engines.release(engine);
    }
  }

  // ---- on the IO thread

  private void advance() {
    if (computesAtOnce) {
      next = Next.COMPUTE;
    } else {
      try {
        next = step(false);
      } catch (Exception e) {
        fail(e);
        return;
      }
    }
    proceed();
  }

  /** What is to be sent leaves before anything else happens. */
  private void proceed() {
    try {
      if (!send()) {
        source.suspendReads();
        sink.resumeWrites();
        return;
      }
    } catch (IOException e) {
      fail(e);
      return;
    }
    sink.suspendWrites();
    switch (next) {
      case READ -> source.resumeReads();
      case COMPUTE -> compute();
      case DONE -> done();
    }
  }

  private boolean send() throws IOException {
    int n = 1;
    while (out.hasRemaining() && n > 0) {
      n = sink.write(out);
    }
    return sink.flush() && !out.hasRemaining();
  }

  private void readable() {
    if (over || computing) {
      return;
    }
    try {
      in.compact();
      int n = in.hasRemaining() ? source.read(in) : -1;
      boolean full = !in.hasRemaining() && n < 0;
      in.flip();
      if (n < 0) {
        fail(
            new SSLHandshakeException(
                full ? "a record is too long" : "closed during the handshake"));
      } else if (n > 0) {
        advance();
      }
    } catch (IOException e) {
      in.flip();
      fail(e);
    } finally {
      loop.flush();
    }
  }

  private void writable() {
    if (!over && !computing) {
      proceed();
      loop.flush();
    }
  }

  private void compute() {
    source.suspendReads();
    computing = true;
    try {
      worker.execute(this::computeNow);
    } catch (RejectedExecutionException e) {
      computing = false;
      fail(new IOException("nothing is computed any more", e));
    }
  }

  private void computed(@Nullable Next then, @Nullable Exception failure) {
    computing = false;
    if (over) {
      Engines.release(engine);
    } else if (failure != null || then == null) {
      fail(failure == null ? new SSLException("nothing computed") : failure);
    } else {
      next = then;
      proceed();
    }
  }

  private void done() {
    over = true;
    silence();
    Engines.refuseNegotiation(engine);
    owner.secured(new TlsConnection(loop, below, engine, in));
  }

  private void fail(Exception cause) {
    over = true;
    silence();
    lastWords();
    Engines.release(engine);
    owner.failed(
        cause instanceof IOException io ? io : new SSLException("the handshake failed", cause));
  }

  private void silence() {
    source.suspendReads();
    sink.suspendWrites();
    below.getSourceChannel().setReadListener(null);
    below.getSinkChannel().setWriteListener(null);
  }

  /** The alert that says why. */
  private void lastWords() {
    for (int i = 0; i < LAST_WORDS; i++) {
      lastWord();
    }
    try {
      send();
    } catch (IOException e) {
      // then it is not told
    }
  }

  private void lastWord() {
    try {
      wrap();
    } catch (Exception e) {
      // an engine may tell us why before it tells the peer, or have nothing to tell
    }
  }

  // ---- on the IO thread or elsewhere, never both at once

  private void computeNow() {
    Next then = null;
    Exception failure = null;
    try {
      then = over ? null : step(true);
    } catch (Exception e) { // engines let trust managers throw whatever they like
      failure = e;
    }
    Next reached = then;
    Exception problem = failure;
    try {
      loop.later(() -> computed(reached, problem));
    } catch (RejectedExecutionException e) {
      Engines.release(engine); // the thread has ended, and the connection with it
    }
  }

  /** Goes on until something has to come, or to be computed unless it {@code mayCompute}. */
  private Next step(boolean mayCompute) throws SSLException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          if (!mayCompute) {
            return Next.COMPUTE;
          }
          runTasks();
        }
        case NEED_WRAP -> wrap();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap()) {
            return Next.READ;
          }
        }
        case NOT_HANDSHAKING, FINISHED -> {
          return Next.DONE;
        }
      }
    }
  }

  private void runTasks() {
    Runnable task;
    while ((task = engine.getDelegatedTask()) != null) {
      task.run();
    }
  }

  private void wrap() throws SSLException {
    makeRoom();
    out.compact();
    SSLEngineResult result;
    try {
      result = engine.wrap(NOTHING, out);
    } finally {
      out.flip();
    }
    if (result.getStatus() != Status.OK && result.bytesProduced() == 0) {
      throw new SSLHandshakeException("closed during the handshake");
    }
    requireProgress(result, HandshakeStatus.NEED_WRAP);
  }

  private void makeRoom() {
    int room = out.capacity() - out.remaining();
    if (room < TlsBuffers.RECORD) {
      out = ByteBuffer.allocate(out.remaining() + 2 * TlsBuffers.RECORD).put(out).flip();
    }
  }

  /** Reads one record; whether it was there. */
  private boolean unwrap() throws SSLException {
    if (!in.hasRemaining()) {
      return false;
    }
    SSLEngineResult result = engine.unwrap(in, NOTHING.duplicate());
    switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> {
        return false;
      }
      case OK -> {
        requireProgress(result, HandshakeStatus.NEED_UNWRAP);
        return true;
      }
      case CLOSED -> throw new SSLHandshakeException("closed during the handshake");
      default -> throw new SSLHandshakeException("content before the end of the handshake");
    }
  }

  /** An engine that neither takes nor gives anything, and wants the same again, would go on so. */
  private void requireProgress(SSLEngineResult result, HandshakeStatus before) throws SSLException {
    if (result.bytesConsumed() == 0
        && result.bytesProduced() == 0
        && engine.getHandshakeStatus() == before) {
      throw new SSLHandshakeException("the handshake does not go on");
    }
  }
}
