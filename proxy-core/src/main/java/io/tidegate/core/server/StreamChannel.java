package io.tidegate.core.server;

import io.tidegate.core.h2.Http2Stream;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.KeptOctets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;
import org.xnio.conduits.WriteReadyHandler;

/**
 * A stream of HTTP/2 as a connection (RFC 9113 §8.5): the end of one direction is END_STREAM.
 *
 * <p>Octets are copied, and each direction goes on in events of its own: whoever is on the other
 * side of a tunnel reads and writes by way of the buffers of the loop, and so does the connection
 * that the stream is part of. Neither may be called in the middle of the other.
 */
final class StreamChannel extends StreamConnection {
  /** Decides about the stream when this channel has been closed. */
  interface Owner {
    /** The other side has been told of the end. */
    void ended();

    /** It has not. */
    void aborted();
  }

  /** From so much on in one direction, no more is taken until some of it has gone on. */
  private static final int MAX_KEPT = 64 << 10;

  private final IoLoop loop;
  private final Http2Stream stream;
  private final InetSocketAddress peer;
  private final InetSocketAddress local;
  private final Owner owner;
  private final Source source;
  private final Sink sink;
  private boolean closed;

  StreamChannel(
      IoLoop loop,
      Http2Stream stream,
      InetSocketAddress peer,
      InetSocketAddress local,
      Owner owner) {
    super(loop.thread());
    this.loop = loop;
    this.stream = stream;
    this.peer = peer;
    this.local = local;
    this.owner = owner;
    this.source = new Source();
    this.sink = new Sink();
    setSourceConduit(source);
    setSinkConduit(sink);
  }

  /** Octets have come on the stream. */
  void received(ByteBuffer data) {
    source.keep(data);
  }

  /** No more will come. */
  void inputEnded() {
    source.end();
  }

  /** The stream takes octets again. */
  void drained() {
    sink.wake();
  }

  @Override
  public InetSocketAddress getPeerAddress() {
    return peer;
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return local;
  }

  @Override
  protected void closeAction() {
    closed = true;
    source.kept.clear();
    if (!sink.terminated) {
      sink.kept.clear();
      owner.aborted();
    } else if (sink.ended) {
      owner.ended();
    } // else when the last octets have gone
  }

  private static UnsupportedOperationException notHere() {
    return new UnsupportedOperationException("on an IO thread nothing waits or uses files");
  }

  private final class Source implements StreamSourceConduit {
    private final KeptOctets kept = new KeptOctets(loop.buffers());
    private boolean ended;
    private boolean resumed;
    private boolean awake;
    private @Nullable ReadReadyHandler handler;

    void keep(ByteBuffer data) {
      if (closed) {
        data.position(data.limit());
        return;
      }
      kept.add(data);
      if (kept.size() >= MAX_KEPT) {
        stream.pause();
      }
      wake();
    }

    void end() {
      ended = true;
      wake();
    }

    /** Never within the caller: what comes at once would be told in the middle of things. */
    private void wake() {
      if (resumed && !awake && !closed) {
        awake = true;
        loop.later(this::ready);
      }
    }

    private void ready() {
      awake = false;
      if (!resumed || closed || handler == null) {
        return;
      }
      if (!kept.isEmpty() || ended) {
        handler.readReady();
      }
      if (!kept.isEmpty() || ended) {
        wake();
      } else if (resumed && !closed) {
        stream.resume();
      }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
      int n = kept.moveTo(to);
      return n == 0 && ended && kept.isEmpty() ? -1 : n;
    }

    @Override
    public long read(ByteBuffer[] to, int from, int count) throws IOException {
      long all = 0;
      for (int i = from; i < from + count; i++) {
        int n = read(to[i]);
        if (n < 0) {
          return all == 0 ? -1 : all;
        }
        all += n;
      }
      return all;
    }

    @Override
    public void resumeReads() {
      resumed = true;
      wake();
    }

    @Override
    public void suspendReads() {
      if (resumed) {
        resumed = false;
        stream.pause();
      }
    }

    @Override
    public void wakeupReads() {
      resumeReads();
    }

    @Override
    public boolean isReadResumed() {
      return resumed;
    }

    @Override
    public void terminateReads() {
      if (!closed) {
        suspendReads();
        readClosed();
      }
    }

    @Override
    public boolean isReadShutdown() {
      return closed;
    }

    @Override
    public void awaitReadable() {
      throw notHere();
    }

    @Override
    public void awaitReadable(long time, TimeUnit unit) {
      throw notHere();
    }

    @Override
    public XnioIoThread getReadThread() {
      return loop.thread();
    }

    @Override
    public void setReadReadyHandler(ReadReadyHandler told) {
      handler = told;
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) {
      throw notHere();
    }

    @Override
    public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
        throws IOException {
      return Conduits.transfer(this, count, through, target);
    }

    @Override
    public XnioWorker getWorker() {
      return StreamChannel.this.getWorker();
    }
  }

  private final class Sink implements StreamSinkConduit {
    private final KeptOctets kept = new KeptOctets(loop.buffers());

    /** Nothing more comes. */
    private boolean terminated;

    /** The stream has been told so. */
    private boolean ended;

    private boolean resumed;
    private boolean awake;
    private @Nullable WriteReadyHandler handler;

    void wake() {
      if (!awake) {
        awake = true;
        loop.later(this::passOn);
      }
    }

    private void passOn() {
      awake = false;
      while (!kept.isEmpty()) {
        ByteBuffer octets = kept.take();
        stream.write(octets);
        kept.give(octets);
      }
      if (terminated && !ended) {
        ended = true;
        stream.end(null);
        if (closed) {
          owner.ended();
        }
      }
      if (resumed && !closed && isIdle() && handler != null) {
        handler.writeReady();
      }
    }

    private boolean isIdle() {
      return kept.isEmpty() && !stream.backlogged();
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      if (closed || terminated) {
        throw new ClosedChannelException();
      }
      int octets = from.remaining();
      if (octets == 0 || kept.size() >= MAX_KEPT || stream.backlogged()) {
        return 0;
      }
      kept.add(from);
      wake();
      return octets;
    }

    @Override
    public long write(ByteBuffer[] from, int first, int count) throws IOException {
      long all = 0;
      for (int i = first; i < first + count; i++) {
        all += write(from[i]);
        if (from[i].hasRemaining()) {
          break;
        }
      }
      return all;
    }

    @Override
    public int writeFinal(ByteBuffer from) throws IOException {
      return Conduits.writeFinalBasic(this, from);
    }

    @Override
    public long writeFinal(ByteBuffer[] from, int first, int count) throws IOException {
      return Conduits.writeFinalBasic(this, from, first, count);
    }

    @Override
    public void terminateWrites() {
      if (!closed && !terminated) {
        terminated = true;
        wake();
        writeClosed();
      }
    }

    @Override
    public void truncateWrites() throws IOException {
      StreamChannel.this.close();
    }

    @Override
    public boolean isWriteShutdown() {
      return closed || terminated;
    }

    @Override
    public boolean flush() {
      return closed || isIdle();
    }

    @Override
    public void resumeWrites() {
      resumed = true;
      wake();
    }

    @Override
    public void suspendWrites() {
      resumed = false;
    }

    @Override
    public void wakeupWrites() {
      resumeWrites();
    }

    @Override
    public boolean isWriteResumed() {
      return resumed;
    }

    @Override
    public void awaitWritable() {
      throw notHere();
    }

    @Override
    public void awaitWritable(long time, TimeUnit unit) {
      throw notHere();
    }

    @Override
    public XnioIoThread getWriteThread() {
      return loop.thread();
    }

    @Override
    public void setWriteReadyHandler(WriteReadyHandler told) {
      handler = told;
    }

    @Override
    public long transferFrom(FileChannel source, long position, long count) {
      throw notHere();
    }

    @Override
    public long transferFrom(StreamSourceChannel from, long count, ByteBuffer through)
        throws IOException {
      return Conduits.transfer(from, count, through, this);
    }

    @Override
    public XnioWorker getWorker() {
      return StreamChannel.this.getWorker();
    }
  }
}
