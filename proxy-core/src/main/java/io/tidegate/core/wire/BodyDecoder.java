package io.tidegate.core.wire;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import java.nio.ByteBuffer;

/**
 * Finds the content in the octets that follow a head, for every framing. Used as
 *
 * <pre>{@code
 * int n;
 * while ((n = decoder.next(in)) > 0) {  // n octets of content lie at in's position
 *   ... take them, moving the position ...
 * }
 * if (decoder.ended()) ...              // else more octets are needed
 * }</pre>
 */
public final class BodyDecoder {
  private final ChunkDecoder chunks;
  private Framing.Kind kind = Framing.Kind.NONE;
  private long remaining;

  /** A decoder that refuses trailer sections over {@code trailerLimits}. */
  public BodyDecoder(HeadLimits trailerLimits) {
    this.chunks = new ChunkDecoder(trailerLimits);
  }

  /** Starts on a body framed like this. */
  public void start(Framing framing) {
    kind = framing.kind();
    remaining = framing.length();
    if (kind == Framing.Kind.CHUNKED) {
      chunks.start();
    }
  }

  /**
   * Consumes framing octets and claims the content octets behind them, which the caller must take
   * from {@code in} before the next call.
   *
   * @return how many octets of content lie at the position of {@code in}; 0 if the body has ended
   *     or more is needed
   * @throws BadMessageException if the framing is broken
   */
  public int next(ByteBuffer in) throws BadMessageException {
    return switch (kind) {
      case NONE -> 0;
      case FIXED -> {
        int n = (int) Math.min(remaining, in.remaining());
        remaining -= n;
        yield n;
      }
      case CHUNKED -> chunks.next(in);
      case UNTIL_CLOSE -> in.remaining();
    };
  }

  /** The peer will send nothing more: whether that is a proper end of the body. */
  public boolean endsAtClose() {
    if (kind == Framing.Kind.UNTIL_CLOSE) {
      kind = Framing.Kind.NONE;
    }
    return ended();
  }

  /** Whether the body has ended. */
  public boolean ended() {
    return switch (kind) {
      case NONE -> true;
      case FIXED -> remaining == 0;
      case CHUNKED -> chunks.ended();
      case UNTIL_CLOSE -> false;
    };
  }

  /** The trailer section, once the body has ended. */
  public Fields trailers() {
    return kind == Framing.Kind.CHUNKED ? chunks.trailers() : Fields.empty();
  }
}
