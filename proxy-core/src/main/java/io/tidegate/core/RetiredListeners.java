package io.tidegate.core;

import io.tidegate.core.log.AccessLog;
import io.tidegate.core.spi.ExchangeListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Listeners that were listeners of a proxy until it was reloaded: exchanges that began before still
 * tell them how they end, and what they have let go stays counted. Of many, those that have gone
 * last are remembered, and of others the count; an access log that is forgotten ends. Thread-safe.
 */
final class RetiredListeners {
  private static final int MOST = 16;

  private final Deque<ExchangeListener> retired = new ArrayDeque<>();
  private long droppedByOthers;

  /** Those of {@code before} that are not among {@code now} are retired. */
  synchronized void change(List<ExchangeListener> before, List<ExchangeListener> now) {
    retired.removeAll(now);
    for (ExchangeListener one : before) {
      if (!now.contains(one) && !retired.contains(one)) {
        retired.add(one);
      }
    }
    while (retired.size() > MOST) {
      forget(retired.remove());
    }
  }

  private void forget(ExchangeListener one) {
    if (one instanceof AccessLog log) {
      log.end();
    }
    droppedByOthers += one.dropped();
  }

  /** How many exchanges they and those that are listeners {@code now} have let go. */
  synchronized long dropped(List<ExchangeListener> now) {
    return droppedByOthers
        + now.stream().mapToLong(ExchangeListener::dropped).sum()
        + retired.stream()
            .filter(one -> !now.contains(one))
            .mapToLong(ExchangeListener::dropped)
            .sum();
  }

  /** The access logs among them. */
  synchronized List<AccessLog> logs() {
    return retired.stream().filter(AccessLog.class::isInstance).map(AccessLog.class::cast).toList();
  }
}
