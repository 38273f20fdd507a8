package io.tidegate.core.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashSet;
import java.util.Set;

/** The threads of proxies that begin after this has been made. */
public final class ProxyThreads {
  private static final long PATIENCE_MILLIS = 10_000;

  private final Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());

  /** Waits until all have ended. */
  public void assertGone() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("tidegate") && !before.contains(thread)) {
        thread.join(PATIENCE_MILLIS);
        assertFalse(thread.isAlive(), thread.getName());
      }
    }
  }
}
