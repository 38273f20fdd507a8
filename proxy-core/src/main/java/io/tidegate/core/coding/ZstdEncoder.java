package io.tidegate.core.coding;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/** The zstd coding (RFC 8878), by a library that need not be there. */
final class ZstdEncoder implements ContentEncoder {
  /**
   * How far back matches may lie, as a power of two: far less than clients must be able to keep
   * (RFC 9659), so that an encoder takes about a megabyte and not several.
   */
  private static final int WINDOW_LOG = 17;

  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final int level;

  ZstdEncoder(int level) {
    this.level = level;
    tell();
  }

  private void tell() {
    context.setLevel(level);
    context.setWindowLog(WINDOW_LOG);
  }

  /** Loads the library, or fails with a {@link LinkageError}. */
  static void load() {
    Zstd.maxCompressionLevel();
  }

  @Override
  public boolean encode(ByteBuffer content, ByteBuffer out, Mode mode) {
    EndDirective directive =
        switch (mode) {
          case GO_ON -> EndDirective.CONTINUE;
          case FLUSH -> EndDirective.FLUSH;
          case END -> EndDirective.END;
        };
    boolean all = false;
    while (!all && out.hasRemaining()) {
      boolean flushed = context.compressByteBufferStream(out, content, directive);
      all = !content.hasRemaining() && (flushed || mode == Mode.GO_ON);
    }
    return all;
  }

  @Override
  public void reset() {
    context.reset(); // forgets what it was told, too
    tell();
  }

  @Override
  public void close() {
    context.close();
  }
}
