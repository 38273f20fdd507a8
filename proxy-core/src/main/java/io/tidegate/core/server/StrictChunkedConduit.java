package io.tidegate.core.server;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.wire.BodyDecoder;
import io.tidegate.core.wire.HeadLimits;
import io.undertow.conduits.ReadDataStreamSourceConduit;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Decodes the chunks of a mounted exchange's HTTP/1.1 request by our rules, from the octets of the
 * connection.
 */
final class StrictChunkedConduit extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private static final HeadLimits TRAILER_LIMITS = new HeadLimits(16 << 10, 16, 100);

  private final HttpServerExchange exchange;
  private final AbstractServerConnection connection;
  private final BodyDecoder decoder = new BodyDecoder(TRAILER_LIMITS);
  private @Nullable PooledByteBuffer unread;
  private int claimed;
  private boolean terminated;
  private @Nullable BadMessageException fault;

  private StrictChunkedConduit(HttpServerExchange exchange, AbstractServerConnection connection) {
    super(new ReadDataStreamSourceConduit(connection.getOriginalSourceConduit(), connection));
    this.exchange = exchange;
    this.connection = connection;
    decoder.start(Framing.CHUNKED);
  }

  /** Takes the place of whatever would decode the request of {@code exchange}. */
  static @Nullable StrictChunkedConduit install(HttpServerExchange exchange) {
    if (!(exchange.getConnection() instanceof AbstractServerConnection connection)) {
      return null;
    }
    StrictChunkedConduit conduit = new StrictChunkedConduit(exchange, connection);
    exchange.addRequestWrapper((factory, wrapped) -> conduit);
    return conduit;
  }

  /** What was wrong with the chunks, or null. */
  @Nullable BadMessageException fault() {
    return fault;
  }

  /** Whether all of the request has been read. */
  boolean ended() {
    return terminated;
  }

  /** The trailer section, at the end. */
  Fields trailers() {
    return decoder.trailers();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (terminated) {
      return -1;
    }
    int total = 0;
    try {
      while (target.hasRemaining() && !decoder.ended()) {
        if (!fill()) {
          break;
        }
        total += move(target);
      }
    } catch (BadMessageException e) {
      fault = e;
      release();
      throw new IOException(e.detail(), e);
    }
    if (decoder.ended()) {
      terminate();
      return total > 0 ? total : -1;
    }
    return total;
  }

  /** Whether there are octets to decode. */
  private boolean fill() throws IOException {
    if (unread != null) {
      return true;
    }
    PooledByteBuffer buffer = connection.getByteBufferPool().allocate();
    int n;
    try {
      n = next.read(buffer.getBuffer());
    } catch (IOException e) {
      buffer.close();
      throw e;
    }
    if (n <= 0) {
      buffer.close();
      if (n < 0) {
        throw new IOException("the client closed the connection inside the request");
      }
      return false;
    }
    buffer.getBuffer().flip();
    unread = buffer;
    return true;
  }

  private int move(ByteBuffer target) throws BadMessageException {
    PooledByteBuffer pooled = unread;
    if (pooled == null) {
      return 0;
    }
    ByteBuffer in = pooled.getBuffer();
    int moved = 0;
    while (target.hasRemaining() && (claimed > 0 || (claimed = decoder.next(in)) > 0)) {
      int n = Math.min(claimed, target.remaining());
      int limit = in.limit();
      in.limit(in.position() + n);
      target.put(in);
      in.limit(limit);
      claimed -= n;
      moved += n;
    }
    if (!in.hasRemaining()) {
      release();
    }
    return moved;
  }

  /** The request has ended; what was read beyond it belongs to the next. */
  private void terminate() {
    terminated = true;
    if (unread != null) {
      connection.setExtraBytes(unread);
      unread = null;
    }
    Connectors.terminateRequest(exchange);
  }

  private void release() {
    if (unread != null) {
      unread.close();
      unread = null;
    }
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (targets[i].hasRemaining()) {
        return read(targets[i]);
      }
    }
    return 0;
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
  }

  @Override
  public void terminateReads() throws IOException {
    release();
    if (!terminated) {
      next.terminateReads();
    }
  }

  @Override
  public void resumeReads() {
    if (unread != null) {
      wakeupReads();
    } else {
      super.resumeReads();
    }
  }
}
