package io.tidegate.core.exchange;

import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeObserver;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Route;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an observer follows. One that throws, whatever it is, harms no exchange: it sees less of it.
 */
final class Observed {
  private static final System.Logger LOG = System.getLogger(Observed.class.getName());

  private final ExchangeObserver.Exchange exchange;
  private boolean over;

  private Observed(ExchangeObserver.Exchange exchange) {
    this.exchange = exchange;
  }

  /** The beginning of an exchange; null if the observer cannot follow it. */
  static @Nullable Observed begin(
      ExchangeObserver observer, ClientRequest request, Fields context) {
    return begun(() -> new Observed(observer.began(request, context)));
  }

  /** The beginning of an attempt; null if the observer cannot follow it. */
  @Nullable OfAttempt attempting(ClientRequest request, Route route, Destination destination) {
    return begun(() -> new OfAttempt(exchange.attempting(request, route, destination)));
  }

  /** The exchange has ended; only the first time counts. */
  void ended(@Nullable Route route, int status, @Nullable String cache, @Nullable Failure failure) {
    if (!over) {
      over = true;
      tell(() -> exchange.ended(route, status, cache, failure));
    }
  }

  private static <T> @Nullable T begun(Supplier<T> beginning) {
    try {
      return beginning.get();
    } catch (Throwable e) {
      failed(e);
      return null;
    }
  }

  private static void tell(Runnable ending) {
    try {
      ending.run();
    } catch (Throwable e) {
      failed(e);
    }
  }

  private static void failed(Throwable reason) {
    LOG.log(Level.WARNING, "an observer of exchanges failed", reason);
  }

  /** An attempt of it. */
  static final class OfAttempt {
    private final ExchangeObserver.Attempt attempt;
    private final Fields fields;
    private boolean over;

    private OfAttempt(ExchangeObserver.Attempt attempt) {
      this.attempt = attempt;
      this.fields = attempt.fields();
    }

    /** What the upstream request says of the trace it belongs to. */
    Fields fields() {
      return fields;
    }

    /** The attempt has ended; only the first time counts. */
    void ended(int status, @Nullable Failure failure) {
      if (!over) {
        over = true;
        tell(() -> attempt.ended(status, failure));
      }
    }
  }
}
