package io.tidegate.core.spi;

import java.lang.System.Logger.Level;

/**
 * Runs what must not harm who runs it, nor what is run next: whatever is thrown goes to our own
 * log, errors and what no signature allows among it.
 *
 * @param failed what the log says then
 */
public record Guard(System.Logger log, Level level, String failed) {
  /** Runs {@code task}; throws nothing. */
  public void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      log.log(level, failed, e);
    }
  }
}
