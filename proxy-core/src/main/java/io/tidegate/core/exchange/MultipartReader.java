package io.tidegate.core.exchange;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.ByteRange;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.MultipartRanges;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Several ranges of stored content as one multipart/byteranges body (RFC 9110 §14.6). */
final class MultipartReader implements BodyReader {
  private final CacheStore.Entry entry;
  private final MultipartRanges parts;
  private final BodyReader held; // keeps the content while no range is being read
  private @Nullable BodyReader range;
  private int next;
  private State state = State.OPEN;

  private MultipartReader(CacheStore.Entry entry, MultipartRanges parts, BodyReader held) {
    this.entry = entry;
    this.parts = parts;
    this.held = held;
  }

  /** A reader of {@code parts} of what {@code entry} holds; null if that is gone. */
  static @Nullable BodyReader of(CacheStore.Entry entry, MultipartRanges parts) {
    BodyReader held = entry.read(0, 0);
    return held == null ? null : new MultipartReader(entry, parts, held);
  }

  @Override
  public @Nullable ByteBuffer next(Runnable ready) {
    if (range != null) {
      ByteBuffer octets = range.next(ready);
      if (octets != null || range.state() == State.OPEN) {
        return octets;
      }
      state = range.state() == State.BROKEN ? State.BROKEN : State.OPEN;
      range.close();
      range = null;
    }
    if (state != State.OPEN) {
      return null;
    }
    if (next == parts.ranges().size()) {
      state = State.ENDED;
      return ByteBuffer.wrap(parts.end());
    }
    ByteRange asked = parts.ranges().get(next);
    range = entry.read(asked.first(), asked.last() + 1);
    if (range == null) {
      state = State.BROKEN;
      return null;
    }
    return ByteBuffer.wrap(parts.partHead(next++));
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public void close() {
    if (range != null) {
      range.close();
    }
    held.close();
  }
}
