package io.tidegate.core.exchange;

import io.tidegate.core.http.Fields;
import io.tidegate.core.spool.ContentReader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Content of a request that is kept on the heap, for the cache to look at. Other exchanges may send
 * it too.
 */
final class CollectedContent extends KeptContent {
  /** How much of it is handed out at once. */
  private static final int PIECE = 64 << 10;

  private byte[] octets = {};
  private int length;

  /** Content of no octets, and no trailers. */
  static CollectedContent empty() {
    CollectedContent empty = new CollectedContent();
    empty.end(Fields.empty());
    return empty;
  }

  @Override
  void add(ByteBuffer data) {
    int longer = length + data.remaining();
    if (longer > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(longer, 2 * octets.length));
    }
    data.get(octets, length, data.remaining());
    length = longer;
  }

  @Override
  long length() {
    return length;
  }

  @Override
  boolean isBacklogged() {
    return false;
  }

  /** All that is here. */
  ByteBuffer octets() {
    return from(0, length);
  }

  private ByteBuffer from(int position, int most) {
    return ByteBuffer.wrap(octets, position, Math.min(most, length - position)).asReadOnlyBuffer();
  }

  @Override
  ContentReader read() {
    return new FromHeap();
  }

  @Override
  void close() {}

  private final class FromHeap implements ContentReader {
    private int position;

    @Override
    public ByteBuffer next(Runnable ready) {
      ByteBuffer piece = from(position, PIECE);
      position += piece.remaining();
      return piece;
    }

    @Override
    public boolean isAtEnd() {
      return position == length;
    }

    @Override
    public long left() {
      return (long) length - position;
    }

    @Override
    public boolean isBroken() {
      return false;
    }

    @Override
    public void close() {}
  }
}
