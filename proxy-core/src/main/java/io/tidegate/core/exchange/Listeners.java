package io.tidegate.core.exchange;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Stage;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listeners of a proxy. One that throws harms neither the exchange nor the others. */
final class Listeners {
  private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

  private final ExchangeListener[] listeners;

  Listeners(List<ExchangeListener> listeners) {
    this.listeners = listeners.toArray(ExchangeListener[]::new);
  }

  boolean isEmpty() {
    return listeners.length == 0;
  }

  void entered(Stage stage, @Nullable ClientRequest request) {
    if (listeners.length > 0) {
      tell(listener -> listener.entered(stage, request));
    }
  }

  void attempted(ExchangeListener.Attempt attempt) {
    tell(listener -> listener.attempted(attempt));
  }

  void completed(ExchangeListener.Outcome outcome) {
    tell(listener -> listener.completed(outcome));
  }

  private void tell(Consumer<ExchangeListener> event) {
    for (ExchangeListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "an exchange listener failed", e);
      }
    }
  }
}
