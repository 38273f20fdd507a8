package io.tidegate.core.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The content that comes on a TLS connection, and who is told of it. What has been received but not
 * read would wake nobody up: where its reader still waits, it is woken by us.
 */
final class TlsSource implements StreamSourceConduit, ReadReadyHandler {
  private final TlsConnection connection;
  private final StreamSourceConduit below;
  private final Decryption in;
  private final Runnable held;
  private @Nullable ReadReadyHandler reader;
  private boolean resumed;
  private boolean handling;
  private boolean woken;
  private boolean terminated;

  /** Does {@code held} when something may have to be written that nobody knows of. */
  TlsSource(TlsConnection connection, StreamSourceConduit below, Decryption in, Runnable held) {
    this.connection = connection;
    this.below = below;
    this.in = in;
    this.held = held;
  }

  // ---- content

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (terminated) {
      return -1;
    }
    int n = in.read(dst);
    held.run();
    if (n < 0) {
      terminateReads();
    }
    return n;
  }

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
    long all = 0;
    for (int i = offset; i < offset + length; i++) {
      while (dsts[i].hasRemaining()) {
        int n = read(dsts[i]);
        if (n <= 0) {
          return all == 0 ? n : all;
        }
        all += n;
      }
    }
    return all;
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
  }

  @Override
  public long transferTo(long count, ByteBuffer throughBuffer, StreamSinkChannel target)
      throws IOException {
    return IoUtils.transfer(new ConduitReadableByteChannel(this), count, throughBuffer, target);
  }

  @Override
  public void terminateReads() {
    if (!terminated) {
      terminated = true;
      suspendReads();
      connection.ended();
      ReadReadyHandler told = reader;
      if (told != null) {
        told.terminated();
      }
    }
  }

  @Override
  public boolean isReadShutdown() {
    return terminated;
  }

  // ---- events

  @Override
  public void readReady() {
    woken = false;
    if (!resumed) {
      below.suspendReads();
      return;
    }
    if (terminated) {
      suspendReads(); // the end is told once each time it is asked for
    }
    handling = true;
    try {
      ReadReadyHandler told = reader;
      if (told != null) {
        told.readReady();
      }
    } finally {
      handling = false;
      wakeUpIfMore();
    }
  }

  private void wakeUpIfMore() {
    if (resumed && !handling && !woken && (terminated || in.hasMore())) {
      woken = true;
      below.wakeupReads();
    }
  }

  @Override
  public void resumeReads() {
    resumed = true;
    below.resumeReads();
    wakeUpIfMore();
  }

  @Override
  public void suspendReads() {
    resumed = false;
    below.suspendReads();
  }

  @Override
  public void wakeupReads() {
    resumed = true;
    woken = true;
    below.wakeupReads();
  }

  @Override
  public boolean isReadResumed() {
    return resumed;
  }

  @Override
  public void awaitReadable() throws IOException {
    if (!terminated && !in.hasMore()) {
      below.awaitReadable();
    }
  }

  @Override
  public void awaitReadable(long time, TimeUnit timeUnit) throws IOException {
    if (!terminated && !in.hasMore()) {
      below.awaitReadable(time, timeUnit);
    }
  }

  @Override
  public void setReadReadyHandler(ReadReadyHandler handler) {
    reader = handler;
  }

  /** The connection below was closed by somebody else. */
  @Override
  public void forceTermination() {
    IoUtils.safeClose(connection);
  }

  @Override
  public void terminated() {
    // an end of the connection below is read
  }

  @Override
  public XnioIoThread getReadThread() {
    return below.getReadThread();
  }

  @Override
  public XnioWorker getWorker() {
    return below.getWorker();
  }
}
