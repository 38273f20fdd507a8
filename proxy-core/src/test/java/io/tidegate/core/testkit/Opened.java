package io.tidegate.core.testkit;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test opens: it is closed after the test, the last first. So clients leave before the proxy
 * closes, which need not linger for them.
 */
public final class Opened implements AfterEachCallback {
  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** Has {@code one} closed. */
  public <T extends AutoCloseable> T push(T one) {
    all.push(one);
    return one;
  }

  /** A new origin, which answers {@code ok} until it is told what else. */
  public OriginServer origin() throws IOException {
    return push(OriginServer.start());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    while (!all.isEmpty()) {
      all.pop().close();
    }
  }
}
