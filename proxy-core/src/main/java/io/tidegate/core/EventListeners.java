package io.tidegate.core;

import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.Guard;
import io.tidegate.core.spi.ProxyEvent;
import java.lang.System.Logger.Level;
import java.util.List;

/** Several listeners as one. One that throws harms neither the others nor who tells. */
final class EventListeners implements EventListener {
  private static final Guard GUARD =
      new Guard(
          System.getLogger(EventListeners.class.getName()),
          Level.WARNING,
          "a listener of events failed");

  private final List<EventListener> listeners;

  EventListeners(List<EventListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void happened(ProxyEvent event) {
    for (EventListener listener : listeners) {
      GUARD.run(() -> listener.happened(event));
    }
  }
}
