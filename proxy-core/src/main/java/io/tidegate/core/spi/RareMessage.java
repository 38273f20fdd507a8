package io.tidegate.core.spi;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A message of our own log about what others may cause as often as they like: it is written once a
 * minute at most, and then says how often it would have been. Thread-safe.
 */
public final class RareMessage {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final System.Logger log;
  private final Level level;
  private final String text;
  private final LongSupplier nanos;
  private long notBefore;
  private long held;

  /**
   * The message {@code text}, for {@code log}.
   *
   * @param nanos the time in nanoseconds
   */
  public RareMessage(System.Logger log, Level level, String text, LongSupplier nanos) {
    this.log = log;
    this.level = level;
    this.text = text;
    this.nanos = nanos;
    this.notBefore = nanos.getAsLong();
  }

  /** There is cause for it, and perhaps a reason. */
  public void log(@Nullable Throwable reason) {
    String told = due();
    if (told != null) {
      log.log(level, told, reason);
    }
  }

  private synchronized @Nullable String due() {
    long now = nanos.getAsLong();
    if (now - notBefore < 0) {
      held++;
      return null;
    }
    String told = held == 0 ? text : text + ", and " + held + " times before";
    held = 0;
    notBefore = now + MINUTE;
    return told;
  }
}
