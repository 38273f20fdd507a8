package io.tidegate.core.coding;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * The encoders of one IO thread. Each takes a quarter of a megabyte (gzip) to about one (zstd)
 * outside the heap, so that they are lent, kept for the next one, and not without limit: a client
 * that takes its response slowly holds one for long. For one thread.
 */
public final class Encoders {
  /** How many may be lent at once. */
  public static final int MOST_LENT = 512;

  private static final int MOST_SPARE = 32;

  private record Kind(ContentCoding coding, int level) {}

  private final Map<Kind, ArrayDeque<ContentEncoder>> spare = new HashMap<>();
  private int spares;
  private int lent;
  private boolean closed;

  /** Whether one can be lent now; if not, a response has to go on as it is. */
  public boolean isAvailable() {
    return lent < MOST_LENT && !closed;
  }

  /** An encoder at its beginning. */
  public ContentEncoder take(ContentCoding coding, int level) {
    lent++;
    ArrayDeque<ContentEncoder> kept = spare.get(new Kind(coding, level));
    ContentEncoder encoder = kept == null ? null : kept.pollLast();
    if (encoder == null) {
      return make(coding, level);
    }
    spares--;
    return encoder;
  }

  private static ContentEncoder make(ContentCoding coding, int level) {
    return switch (coding) {
      case GZIP -> new GzipEncoder(level);
      case ZSTD -> new ZstdEncoder(level);
    };
  }

  /** Gives back what was taken with these arguments. */
  public void give(ContentCoding coding, int level, ContentEncoder encoder) {
    lent--;
    if (closed || spares == MOST_SPARE) {
      encoder.close();
      return;
    }
    encoder.reset();
    spare.computeIfAbsent(new Kind(coding, level), kind -> new ArrayDeque<>()).addLast(encoder);
    spares++;
  }

  /** Closes those that are here, and each that comes back. */
  public void close() {
    closed = true;
    spare.values().forEach(kept -> kept.forEach(ContentEncoder::close));
    spare.clear();
    spares = 0;
  }
}
