package io.tidegate.core.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Things by a small number, made when they are first asked for: a look-up is one read, for nothing
 * about a request is built to find its meter. Thread-safe.
 */
final class Table<T> {
  private final AtomicReferenceArray<T> known;
  private final IntFunction<T> made;

  /** For numbers below {@code size}; of what {@code made} makes twice at once, one is used. */
  Table(int size, IntFunction<T> made) {
    this.known = new AtomicReferenceArray<>(size);
    this.made = made;
  }

  T get(int index) {
    T found = known.getAcquire(index);
    return found == null ? make(index) : found;
  }

  private T make(int index) {
    T next = made.apply(index);
    T before = known.compareAndExchange(index, null, next);
    return before == null ? next : before;
  }

  void forEach(Consumer<T> action) {
    for (int i = 0; i < known.length(); i++) {
      T found = known.get(i);
      if (found != null) {
        action.accept(found);
      }
    }
  }
}
