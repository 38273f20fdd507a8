package io.tidegate.core.coding;

import java.nio.ByteBuffer;

/** Gives content a coding, piece by piece (RFC 9110 §8.4.1). For one thread. */
public interface ContentEncoder extends AutoCloseable {
  /** What is to come out. */
  enum Mode {
    /** What is worth it: the rest is held back for what follows. */
    GO_ON,
    /** All that a decoder needs to see what has gone in. */
    FLUSH,
    /** The end too. */
    END
  }

  /**
   * Takes from {@code content}, and puts into {@code out}, which must have room for some.
   *
   * @return false if {@code out} is full and there is more: call again with the same mode and room
   */
  boolean encode(ByteBuffer content, ByteBuffer out, Mode mode);

  /** Forgets everything, to begin another content. */
  void reset();

  /** Gives back what it holds outside the heap; it is not used any more. */
  @Override
  void close();
}
