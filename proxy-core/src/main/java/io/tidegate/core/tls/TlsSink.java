package io.tidegate.core.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.ConduitWritableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.WriteReadyHandler;

/**
 * The content that leaves on a TLS connection, and who is told when more of it may. What has been
 * taken may be held back: {@link #flush} tells.
 */
final class TlsSink implements StreamSinkConduit, WriteReadyHandler {
  private final TlsConnection connection;
  private final StreamSinkConduit below;
  private final Encryption out;
  private final ByteBuffer[] one = new ByteBuffer[1];
  private @Nullable WriteReadyHandler writer;
  private boolean resumed;
  private boolean terminated;

  TlsSink(TlsConnection connection, StreamSinkConduit below, Encryption out) {
    this.connection = connection;
    this.below = below;
    this.out = out;
  }

  // ---- content

  @Override
  public int write(ByteBuffer src) throws IOException {
    one[0] = src;
    return (int) out.write(one, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    return out.write(srcs, offset, length);
  }

  @Override
  public int writeFinal(ByteBuffer src) throws IOException {
    return Conduits.writeFinalBasic(this, src);
  }

  @Override
  public long writeFinal(ByteBuffer[] srcs, int offset, int length) throws IOException {
    return Conduits.writeFinalBasic(this, srcs, offset, length);
  }

  @Override
  public long transferFrom(FileChannel src, long position, long count) throws IOException {
    return src.transferTo(position, count, new ConduitWritableByteChannel(this));
  }

  @Override
  public long transferFrom(StreamSourceChannel source, long count, ByteBuffer throughBuffer)
      throws IOException {
    return IoUtils.transfer(source, count, throughBuffer, new ConduitWritableByteChannel(this));
  }

  @Override
  public boolean flush() throws IOException {
    if (!out.send() || !below.flush()) {
      return false;
    }
    if (terminated && !below.isWriteShutdown()) {
      below.terminateWrites();
      connection.finished();
      return below.flush();
    }
    return true;
  }

  /** The peer is told of the end; it is sent when all has been flushed. */
  @Override
  public void terminateWrites() throws IOException {
    if (!terminated) {
      terminated = true;
      out.close();
      WriteReadyHandler told = writer;
      if (told != null) {
        told.terminated();
      }
    }
  }

  @Override
  public void truncateWrites() throws IOException {
    terminateWrites();
  }

  @Override
  public boolean isWriteShutdown() {
    return terminated;
  }

  // ---- events

  @Override
  public void writeReady() {
    if (!resumed) {
      sendHeld();
      return;
    }
    WriteReadyHandler told = writer;
    if (told != null) {
      told.writeReady();
    }
  }

  /** What the engine has said by itself leaves though nobody else waits for it. */
  private void sendHeld() {
    try {
      if (out.send()) {
        below.suspendWrites();
      }
    } catch (IOException e) {
      below.suspendWrites(); // whoever reads or writes next is told
    }
  }

  /** Something may be held although nobody has been told so. */
  void held() {
    if (out.isHolding()) {
      below.resumeWrites();
    }
  }

  @Override
  public void resumeWrites() {
    resumed = true;
    below.resumeWrites();
  }

  @Override
  public void suspendWrites() {
    resumed = false;
    if (!out.isHolding()) {
      below.suspendWrites();
    }
  }

  @Override
  public void wakeupWrites() {
    resumed = true;
    below.wakeupWrites();
  }

  @Override
  public boolean isWriteResumed() {
    return resumed;
  }

  @Override
  public void awaitWritable() throws IOException {
    below.awaitWritable();
  }

  @Override
  public void awaitWritable(long time, TimeUnit timeUnit) throws IOException {
    below.awaitWritable(time, timeUnit);
  }

  @Override
  public void setWriteReadyHandler(WriteReadyHandler handler) {
    writer = handler;
  }

  /** The connection below was closed by somebody else. */
  @Override
  public void forceTermination() {
    IoUtils.safeClose(connection);
  }

  @Override
  public void terminated() {
    // we have done that ourselves
  }

  @Override
  public XnioIoThread getWriteThread() {
    return below.getWriteThread();
  }

  @Override
  public XnioWorker getWorker() {
    return below.getWorker();
  }
}
