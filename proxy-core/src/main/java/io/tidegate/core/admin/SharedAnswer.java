package io.tidegate.core.admin;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that takes some work and is the same for everybody: made once a second at most, however
 * many ask. While it is made anew, others get the last one. Thread-safe.
 */
public final class SharedAnswer implements AdminResource.Handler {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private record Made(Object answer, long at) {}

  private final AdminResource.Handler maker;
  private final LongSupplier nanoTime;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable Made last;

  /** Shares what {@code maker} answers; {@code nanoTime} is like {@link System#nanoTime}. */
  public SharedAnswer(AdminResource.Handler maker, LongSupplier nanoTime) {
    this.maker = maker;
    this.nanoTime = nanoTime;
  }

  @Override
  public Object answer(AdminRequest request) {
    Made known = last;
    if (known != null && (isNew(known) || !making.tryLock())) {
      return known.answer();
    }
    if (known == null) {
      making.lock(); // there is nothing else to give
    }
    try {
      return made(request).answer();
    } finally {
      making.unlock();
    }
  }

  /** Another thread may have made one while this one waited. */
  private Made made(AdminRequest request) {
    Made known = last;
    if (known != null && isNew(known)) {
      return known;
    }
    Made made = new Made(maker.answer(request), nanoTime.getAsLong());
    last = made;
    return made;
  }

  private boolean isNew(Made one) {
    return nanoTime.getAsLong() - one.at() < SECOND;
  }
}
