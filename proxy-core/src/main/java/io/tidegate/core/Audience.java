package io.tidegate.core;

import io.tidegate.core.log.AccessLog;
import io.tidegate.core.log.AccessLogSettings;
import io.tidegate.core.metrics.ProxyMetrics;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Kept;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is told what happens to exchanges, and to the proxy besides, as said so far. */
final class Audience {
  private final List<ExchangeListener> listeners = new ArrayList<>();
  private final List<EventListener> eventListeners = new ArrayList<>();
  private final List<AccessLogBuilder> accessLogs = new ArrayList<>();

  /** Is told of exchanges. */
  void add(ExchangeListener listener) {
    listeners.add(listener);
  }

  /** Is told of everything else, once however often it is named. */
  void add(EventListener listener) {
    if (!eventListeners.contains(listener)) {
      eventListeners.add(listener);
    }
  }

  /** Gets a line for each exchange. */
  void add(AccessLogBuilder log) {
    accessLogs.add(log);
  }

  /** Takes over whom settings do not say of that of a proxy that runs. */
  void takeOver(Audience running) {
    eventListeners.addAll(running.eventListeners);
    running.accessLogs.stream().filter(log -> !log.isPlain()).forEach(accessLogs::add);
    listeners.addAll(running.listeners);
  }

  /** The access logs that settings can say; what is wrong with them is noted in {@code checks}. */
  List<AccessLogSettings> settings(Checks checks) {
    List<AccessLogSettings> logs = new ArrayList<>();
    for (AccessLogBuilder described : accessLogs) {
      AccessLogSettings log = described.isPlain() ? checks.collect(described::settings) : null;
      if (log != null) {
        logs.add(log);
      }
    }
    return logs;
  }

  /** All access logs, which tell {@code events}. One that was there before goes on. */
  List<AccessLog> logs(ProxySettings settings, EventListener events, Kept kept, Checks checks) {
    List<AccessLog> logs = new ArrayList<>();
    for (AccessLogSettings described : settings.accessLogs()) {
      AccessLog.check(described, checks.at("accessLogs[" + logs.size() + "]"));
      logs.add(
          kept.of(
              AccessLog.class,
              described,
              () -> AccessLog.of(described, InstantSource.system(), events)));
    }
    for (AccessLogBuilder described : accessLogs) {
      AccessLog own =
          described.isPlain() ? null : checks.collect(() -> described.toSink(kept, events));
      if (own != null) {
        logs.add(own);
      }
    }
    return logs;
  }

  /** All who are told of what is no exchange. */
  EventListener ofEvents(@Nullable AdminListener administered, List<ProxyMetrics> metrics) {
    List<EventListener> told = new ArrayList<>(metrics); // before those who may look at them
    if (administered != null) {
      told.add(administered.events());
    }
    told.addAll(eventListeners);
    return new EventListeners(told);
  }

  /** All who are told of exchanges. */
  List<ExchangeListener> ofExchanges(
      @Nullable AdminListener administered, List<ProxyMetrics> metrics, List<AccessLog> logs) {
    List<ExchangeListener> told = new ArrayList<>(metrics);
    told.addAll(listeners);
    if (administered != null) {
      told.add(administered.figures());
    }
    told.addAll(logs);
    return told;
  }
}
