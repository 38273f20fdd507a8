package io.tidegate.core.h2;

import org.jspecify.annotations.Nullable;

/**
 * The open streams by their number. Numbers of a connection grow, and are spread by multiplying.
 */
final class StreamTable {
  private static final int FIRST_SIZE = 16;

  private @Nullable Http2Stream[] slots = new Http2Stream[FIRST_SIZE];
  private int size;

  int size() {
    return size;
  }

  @Nullable Http2Stream get(int id) {
    for (int i = slot(id); ; i = next(i)) {
      Http2Stream stream = slots[i];
      if (stream == null || stream.id() == id) {
        return stream;
      }
    }
  }

  /** Adds a stream whose number is not there. */
  void add(Http2Stream stream) {
    if (2 * ++size > slots.length) {
      grow();
    }
    put(stream);
  }

  /** Removes a stream that is there. */
  void remove(Http2Stream stream) {
    int gap = slot(stream.id());
    while (slots[gap] != stream) {
      gap = next(gap);
    }
    slots[gap] = null;
    size--;
    for (int i = next(gap); ; i = next(i)) {
      Http2Stream moved = slots[i];
      if (moved == null) {
        return;
      }
      slots[i] = null;
      put(moved);
    }
  }

  /** Those that are there now. */
  Http2Stream[] all() {
    Http2Stream[] all = new Http2Stream[size];
    int count = 0;
    for (Http2Stream stream : slots) {
      if (stream != null) {
        all[count++] = stream;
      }
    }
    return all;
  }

  private void put(Http2Stream stream) {
    int i = slot(stream.id());
    while (slots[i] != null) {
      i = next(i);
    }
    slots[i] = stream;
  }

  private void grow() {
    @Nullable Http2Stream[] before = slots;
    slots = new Http2Stream[2 * before.length];
    for (Http2Stream stream : before) {
      if (stream != null) {
        put(stream);
      }
    }
  }

  private int slot(int id) {
    return (id * 0x9e3779b9) >>> (32 - Integer.numberOfTrailingZeros(slots.length));
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }
}
