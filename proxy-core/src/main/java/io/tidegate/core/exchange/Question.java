package io.tidegate.core.exchange;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A question of an exchange to code that may answer at once, later on any thread, or not in time.
 *
 * @param <T> what a good answer is
 */
final class Question<T> implements Completion<T> {
  /** What is done with a good answer. */
  interface Next<T> {
    void take(T answer) throws BadMessageException;
  }

  private static final Failure UNANSWERED =
      Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "a decision about the request took too long");

  private final ProxyExchange exchange;
  private final IoLoop loop;
  private final Next<T> next;
  private final AtomicBoolean answered = new AtomicBoolean();
  private Runnable alarm = () -> {};
  private boolean asking;
  private ProxyExchange.@Nullable Step atOnce;
  private boolean over;

  Question(ProxyExchange exchange, Next<T> next) {
    this.exchange = exchange;
    this.loop = exchange.client().loop();
    this.next = next;
  }

  /** Asks; what follows from the answer happens before this returns if it is given at once. */
  void ask(Consumer<Completion<T>> somebody) throws BadMessageException {
    asking = true;
    try {
      somebody.accept(this);
    } catch (RuntimeException | Error e) {
      over = true; // whatever it has begun before it failed
      throw e;
    }
    asking = false;
    ProxyExchange.Step step = atOnce;
    if (step != null) {
      over = true;
      step.run();
    } else {
      exchange.watchdog().connecting();
      exchange.postpone(this::withdraw);
      alarm = loop.after(exchange.settings().responseTimeout().toMillis(), this::overdue);
    }
  }

  @Override
  public void completed(T answer) {
    Objects.requireNonNull(answer, "an answer");
    settle(() -> next.take(answer));
  }

  @Override
  public void failed(Failure failure) {
    Objects.requireNonNull(failure, "a failure");
    settle(() -> exchange.fail(failure));
  }

  private void settle(ProxyExchange.Step step) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    if (loop.inLoop() && asking) {
      atOnce = step;
    } else {
      loop.later(() -> arrived(step)); // never in the midst of another exchange
    }
  }

  private void arrived(ProxyExchange.Step step) {
    if (!over) {
      exchange.postpone(null);
      withdraw();
      exchange.orFail(step);
    }
  }

  private void overdue() {
    arrived(() -> exchange.fail(UNANSWERED));
  }

  /** Nobody wants to know any more. */
  private void withdraw() {
    over = true;
    alarm.run();
  }
}
