package io.tidegate.examples;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What of our own log and those of libraries gets to standard error. Levels of loggers decide, ours
 * can be changed by the admin listener; what the platform was configured with stays.
 */
final class ConsoleLog {
  /** They would tell their versions. Held, or the levels set here would be forgotten with them. */
  private static final List<Logger> LIBRARIES =
      List.of(Logger.getLogger("org.xnio"), Logger.getLogger("io.undertow"));

  private ConsoleLog() {}

  /** Prepares it, before anybody logs. */
  static void prepare() {
    if (System.getProperty("java.util.logging.config.file") != null
        || System.getProperty("java.util.logging.config.class") != null) {
      return;
    }
    LIBRARIES.forEach(logger -> logger.setLevel(Level.WARNING));
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setLevel(Level.ALL); // else it would keep back what a logger lets pass
    }
  }
}
