package io.tidegate.forward.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A meter of what comes back all at once, a time after it was used first. */
final class WindowMeter implements Meter {
  private record Window(long endsAt, AtomicLong used) {}

  private final long most;
  private final long per;
  private final AtomicReference<@Nullable Window> current = new AtomicReference<>();

  WindowMeter(Allowance allowance) {
    this.most = allowance.most();
    this.per = allowance.per().toNanos();
  }

  @Override
  public long take(long now) {
    Window window = window(now);
    while (true) {
      long before = window.used.get();
      if (before >= most) {
        return window.endsAt - now;
      }
      if (window.used.compareAndSet(before, before + 1)) {
        return 0;
      }
    }
  }

  @Override
  public void giveBack(long now) {
    Window window = current.get();
    if (window != null && now - window.endsAt < 0) {
      window.used.getAndUpdate(used -> Math.max(0, used - 1));
    }
  }

  @Override
  public long untilMore(long now) {
    Window window = current.get();
    return window == null || now - window.endsAt >= 0 || window.used.get() < most
        ? 0
        : window.endsAt - now;
  }

  @Override
  public boolean use(long now, long amount) {
    return window(now).used.addAndGet(amount) > most;
  }

  private Window window(long now) {
    while (true) {
      Window before = current.get();
      if (before != null && now - before.endsAt < 0) {
        return before;
      }
      Window next = new Window(now + per, new AtomicLong());
      if (current.compareAndSet(before, next)) {
        return next;
      }
    }
  }
}
