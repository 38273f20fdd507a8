package io.tidegate.core;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xnio.Xnio;

/**
 * Loads, while the first proxy of a program is being described, what every proxy needs when it
 * starts and takes as long as all the rest: XNIO, which registers itself for management. Nobody
 * waits for it; who needs it earlier loads it himself.
 */
final class EarlyLoading {
  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private EarlyLoading() {}

  /** Begins, if nobody has. */
  static void begin() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread thread = new Thread(EarlyLoading::load, "tidegate-loading");
      thread.setDaemon(true);
      start(thread);
    }
  }

  private static void start(Thread thread) {
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // there are too many already: nothing is lost but time
    }
  }

  private static void load() {
    try {
      ManagementFactory.getPlatformMBeanServer();
      Xnio.getInstance(EarlyLoading.class.getClassLoader());
    } catch (RuntimeException | LinkageError e) {
      // the proxy that needs it will say why it cannot be had
    }
  }
}
