package io.tidegate.core.exchange;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import org.jspecify.annotations.Nullable;

/** An exchange's wait for a destination to become free. */
final class Wait implements Completion<Destination> {
  private final ProxyExchange exchange;
  private final Destinations destinations;
  private final IoLoop loop;
  private Destinations.@Nullable Waiting place;
  private Runnable alarm = () -> {};
  private boolean told;
  private boolean over;

  Wait(ProxyExchange exchange, Destinations destinations) {
    this.exchange = exchange;
    this.destinations = destinations;
    this.loop = exchange.client().loop();
  }

  /** Queues up; false if there is nothing to wait for. */
  boolean start() {
    Destinations.Waiting given = destinations.await(this);
    if (given != null && !over) {
      place = given;
      alarm = loop.after(given.most().toMillis(), this::overdue);
    }
    return told || given != null;
  }

  @Override
  public void completed(Destination destination) {
    told = true;
    loop.later(() -> arrived(destination)); // never in the midst of another exchange
  }

  @Override
  public void failed(Failure failure) {
    told = true;
    loop.later(() -> end(() -> exchange.fail(failure)));
  }

  private void arrived(Destination destination) {
    if (over) {
      destinations.finished(destination, null); // nobody has any use for it by now
    } else {
      end(() -> exchange.attempts().selected(destination));
    }
  }

  private void overdue() {
    Destinations.Waiting given = place;
    if (given != null && !over) {
      given.withdrawal().run();
      end(() -> exchange.fail(given.overdue()));
    }
  }

  private void end(Runnable next) {
    if (!over) {
      over = true;
      alarm.run();
      exchange.orFail(next::run);
      loop.flush();
    }
  }

  /** Gives up. */
  void abandon() {
    over = true;
    alarm.run();
    if (place != null) {
      place.withdrawal().run();
    }
  }
}
