package io.tidegate.core;

import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ProxyEvent;
import java.lang.System.Logger.Level;
import java.util.List;

/** Several listeners as one. One that throws harms neither the others nor who tells. */
final class EventListeners implements EventListener {
  private static final System.Logger LOG = System.getLogger(EventListeners.class.getName());

  private final List<EventListener> listeners;

  EventListeners(List<EventListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void happened(ProxyEvent event) {
    for (EventListener listener : listeners) {
      try {
        listener.happened(event);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a listener of events failed", e);
      }
    }
  }
}
