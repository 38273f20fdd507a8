package io.tidegate.core.coding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** The gzip coding (RFC 1952): DEFLATE, framed with a checksum and the length. */
final class GzipEncoder implements ContentEncoder {
  /** No name, no time, an unknown system. */
  private static final byte[] HEADER = {
    0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff
  };

  private static final int TRAILER = 8;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Deflater deflater;
  private final CRC32 checksum = new CRC32();

  /** How much of the header has come out. */
  private int header;

  GzipEncoder(int level) {
    this.deflater = new Deflater(level, true);
  }

  @Override
  public boolean encode(ByteBuffer content, ByteBuffer out, Mode mode) {
    int room = Math.min(HEADER.length - header, out.remaining());
    out.put(HEADER, header, room);
    header += room;
    deflate(content, out, mode);
    return switch (mode) {
      case GO_ON -> !content.hasRemaining();
      case FLUSH -> out.hasRemaining(); // as zlib tells that a flush is complete
      case END -> deflater.finished() && end(out);
    };
  }

  private void deflate(ByteBuffer content, ByteBuffer out, Mode mode) {
    ByteBuffer taken = content.duplicate();
    if (mode == Mode.END) {
      deflater.finish();
    }
    deflater.setInput(content);
    int n = 1;
    while (n > 0 && out.hasRemaining() && !deflater.finished()) {
      n = deflater.deflate(out, mode == Mode.FLUSH ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
    }
    deflater.setInput(NOTHING); // it would hold on to what is not ours
    checksum.update(taken.limit(content.position()));
  }

  private boolean end(ByteBuffer out) {
    if (out.remaining() < TRAILER) {
      return false;
    }
    ByteOrder order = out.order();
    out.order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) checksum.getValue())
        .putInt((int) deflater.getBytesRead());
    out.order(order);
    return true;
  }

  @Override
  public void reset() {
    deflater.reset();
    checksum.reset();
    header = 0;
  }

  @Override
  public void close() {
    deflater.end();
  }
}
