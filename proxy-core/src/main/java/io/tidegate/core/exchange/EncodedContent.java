package io.tidegate.core.exchange;

import io.tidegate.core.coding.ContentEncoder;
import io.tidegate.core.connect.ResponseReceiver;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.BufferPool;
import io.tidegate.core.spi.Failure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a response on its way through an encoder. Nothing is held back for longer than an
 * event: a client gets what there is of a response that pauses.
 */
final class EncodedContent implements ResponseReceiver {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final ContentEncoder encoder;
  private final BufferPool buffers;
  private final ResponseReceiver target;
  private final Runnable ended;

  /** What has come out and not gone on yet; only within an event. */
  private @Nullable ByteBuffer out;

  /** Whether something has gone in and not come out. */
  private boolean holding;

  private boolean busy;
  private boolean over;

  /**
   * Content for {@code target}.
   *
   * @param ended what to do when the encoder is not needed any more, however it came
   */
  EncodedContent(
      ContentEncoder encoder, BufferPool buffers, ResponseReceiver target, Runnable ended) {
    this.encoder = encoder;
    this.buffers = buffers;
    this.target = target;
    this.ended = ended;
  }

  @Override
  public void content(ByteBuffer data) {
    holding = true;
    encode(data, ContentEncoder.Mode.GO_ON);
  }

  @Override
  public void caughtUp(boolean complete) {
    if (complete) {
      encode(NOTHING, ContentEncoder.Mode.END);
    } else if (holding) {
      holding = false;
      encode(NOTHING, ContentEncoder.Mode.FLUSH);
    }
  }

  /** Trailers are dropped: they may tell about the content as it was (RFC 9110 §6.5.1). */
  @Override
  public void end(Fields trailers) {
    over();
    target.end(Fields.empty());
  }

  private void encode(ByteBuffer data, ContentEncoder.Mode mode) {
    busy = true;
    try {
      boolean all = false;
      while (!all && !over) {
        ByteBuffer room = out == null ? buffers.take() : out;
        out = room;
        all = encoder.encode(data, room, mode);
        if (!all || mode != ContentEncoder.Mode.GO_ON) {
          target.content(room.flip());
          room.clear();
        }
      }
    } finally {
      busy = false;
    }
    if (over || mode != ContentEncoder.Mode.GO_ON) {
      letGo();
    }
  }

  @Override
  public void failed(Failure failure, boolean silent) {
    over();
    target.failed(failure, silent);
  }

  @Override
  public void abandoned() {
    over();
    target.abandoned();
  }

  private void over() {
    over = true;
    if (!busy) { // else it is seen when what goes on has gone
      letGo();
    }
  }

  private void letGo() {
    if (out != null) {
      buffers.give(out);
      out = null;
    }
    if (over) {
      ended.run();
    }
  }

  @Override
  public void interim(ResponseHead head) {
    target.interim(head);
  }

  @Override
  public void head(ResponseHead head, Framing framing) {
    target.head(head, framing);
  }

  @Override
  public void requestDrained() {
    target.requestDrained();
  }

  @Override
  public void requestBroken() {
    target.requestBroken();
  }
}
