package io.tidegate.core.exchange;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.RareMessage;
import io.tidegate.core.spi.Stage;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a proxy. One that throws, whatever it is, harms neither the exchange nor the
 * others. Only those that have something to say about an event are told of it: most care for the
 * end alone.
 */
final class Listeners {
  private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

  private final Told[] ofStages;
  private final Told[] ofAttempts;
  private final Told[] all;

  /** A listener, and what is said if it throws. */
  private record Told(ExchangeListener listener, RareMessage failed) {
    static Told of(ExchangeListener listener) {
      String text = "an exchange listener failed: " + listener.getClass().getName();
      return new Told(listener, new RareMessage(LOG, Level.WARNING, text, System::nanoTime));
    }

    /** Whether the listener has a method of its own for an event. */
    boolean wants(String method, Class<?>... parameters) {
      try {
        Class<?> declares = listener.getClass().getMethod(method, parameters).getDeclaringClass();
        return declares != ExchangeListener.class;
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  Listeners(List<ExchangeListener> listeners) {
    List<Told> told = listeners.stream().map(Told::of).toList();
    this.all = told.toArray(Told[]::new);
    this.ofStages =
        told.stream()
            .filter(one -> one.wants("entered", Stage.class, ClientRequest.class))
            .toArray(Told[]::new);
    this.ofAttempts =
        told.stream()
            .filter(one -> one.wants("attempted", ExchangeListener.Attempt.class))
            .toArray(Told[]::new);
  }

  boolean isEmpty() {
    return all.length == 0;
  }

  /** Whether anybody is told of attempts. */
  boolean wantAttempts() {
    return ofAttempts.length > 0;
  }

  void entered(Stage stage, @Nullable ClientRequest request) {
    for (Told one : ofStages) {
      try {
        one.listener.entered(stage, request);
      } catch (Throwable e) {
        one.failed.log(e);
      }
    }
  }

  void attempted(ExchangeListener.Attempt attempt) {
    for (Told one : ofAttempts) {
      try {
        one.listener.attempted(attempt);
      } catch (Throwable e) {
        one.failed.log(e);
      }
    }
  }

  void completed(ExchangeListener.Outcome outcome) {
    for (Told one : all) {
      try {
        one.listener.completed(outcome);
      } catch (Throwable e) {
        one.failed.log(e);
      }
    }
  }
}
