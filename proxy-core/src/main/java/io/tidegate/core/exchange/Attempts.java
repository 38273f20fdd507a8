package io.tidegate.core.exchange;

import io.tidegate.core.http.Framing;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Hedging;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.RetryPolicy;
import io.tidegate.core.spi.Stage;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of an exchange to get a response, until one has it: which destination is tried,
 * which one after it, and which besides. Every destination is given back once, whatever becomes of
 * it.
 */
final class Attempts {
  private final ProxyExchange exchange;
  private final IoLoop loop;
  private @Nullable Destinations destinations;

  /** The attempt that serves the client or was the last to; kept when it has been given back. */
  private @Nullable Attempt last;

  /** The attempt that serves the client, and one made besides that may yet overtake it. */
  private @Nullable Attempt attempt;

  private @Nullable Attempt hedge;

  /** Somebody else gives the destination of the attempt back; null if it is for us to do. */
  private @Nullable Loan loan;

  private @Nullable Failure failure;
  private int count;

  Attempts(ProxyExchange exchange) {
    this.exchange = exchange;
    this.loop = exchange.client().loop();
  }

  /** Tries these destinations from now on. */
  void use(Destinations offered) {
    destinations = offered;
  }

  /** Tries these in place of others, of which the last has failed for {@code reason}. */
  void use(Destinations offered, Failure reason) {
    end(reason);
    failure = reason;
    destinations = offered;
  }

  // ---- one after another

  /** Tries the next destination, or waits for one. */
  void next() {
    exchange.enter(Stage.SELECT);
    Destination next = destinations().next();
    if (next != null) {
      connect(new Attempt(exchange, next), false);
      return;
    }
    Wait wait = new Wait(exchange, destinations());
    exchange.postpone(wait::abandon); // before it starts: it may be over at once
    exchange.watchdog().connecting();
    if (!wait.start()) {
      exchange.postpone(null);
      exchange.fail(
          failure == null
              ? Failure.of(ProxyError.DESTINATION_UNAVAILABLE, "no destination is available")
              : failure);
    }
  }

  /** The wait for a destination is over. */
  void selected(Destination next) {
    exchange.postpone(null);
    connect(new Attempt(exchange, next), false);
  }

  /** Tries the same destination again, on a new connection. */
  void again(Destination same) {
    connect(new Attempt(exchange, same), true);
  }

  private void connect(Attempt next, boolean fresh) {
    serveBy(next);
    exchange.selected(next);
    dial(next, fresh);
  }

  private void serveBy(Attempt one) {
    attempt = one;
    last = one;
  }

  private void dial(Attempt next, boolean fresh) {
    exchange.enter(Stage.CONNECT);
    RequestHead head = exchange.request().head();
    next.connect(fresh || head.isConnect(), !head.isIdempotent() || !exchange.isRepeatable());
  }

  /** An attempt waits for its connection; one made besides is not what the exchange waits for. */
  void connecting(Attempt dialling) {
    if (dialling != hedge) {
      exchange.watchdog().connecting();
    }
  }

  /** An attempt has got a connection, and the request is sent on it now. */
  void sent() {
    count++;
    failure = null; // an attempt that found no connection has been made up for
  }

  /** An attempt has found no connection. */
  void notConnected(Attempt failed, Failure reason) {
    exchange.attempted(failed, 0, reason);
    if (!overtaken(failed, reason)) {
      giveBack(reason);
      failure = failure == null ? reason : failure;
      next();
    }
  }

  /**
   * An attempt has got the head of a final response. Whether that is dropped, for another
   * destination may do better.
   */
  boolean responded(Attempt first, ResponseHead head, Framing framing) {
    exchange.attempted(first, head.status(), null);
    destinations().responded(first.destination(), head);
    boolean failed = head.status() >= 400 && exchange.route().retry().isFailure(head.status());
    if (failed && overtaken(first, null)) {
      drop(first, framing); // the other one may still do better
      return true;
    }
    settle(first);
    RetryPolicy.Retry retry = failed ? ask(first, false, head.status(), null) : null;
    if (retry == null) {
      return false;
    }
    drop(first, framing);
    repeat(first, retry, null);
    return true;
  }

  /** A tunnel is open: its destination has done what there was to wait for. */
  void opened(Attempt first, ResponseHead head) {
    exchange.attempted(first, head.status(), null);
    destinations().responded(first.destination(), head);
  }

  /** Nobody wants the rest of a response. */
  void drop(Attempt answered, Framing framing) {
    if (framing.isEmpty()) {
      answered.release(); // the connection comes to rest by itself
    } else {
      answered.abandon();
    }
  }

  /** Whether {@code one} is the attempt that serves the client. */
  boolean isCurrent(Attempt one) {
    return one == attempt;
  }

  /** An attempt has failed; {@code silent} if not one octet of a response came. */
  void failed(Attempt failed, Failure reason, boolean silent) {
    if (exchange.isResponding()) {
      failed.release();
      exchange.fail(reason);
      return;
    }
    exchange.attempted(failed, 0, reason);
    if (!overtaken(failed, reason)) {
      RetryPolicy.Retry retry = ask(failed, silent, 0, reason);
      failed.release();
      if (retry == null) {
        exchange.fail(reason);
      } else {
        repeat(failed, retry, reason);
      }
    }
  }

  /** No destination that was asked has answered in time. */
  void unanswered(Failure reason) {
    Attempt slow = attempt;
    if (slow == null) {
      exchange.fail(reason);
      return;
    }
    if (hedge != null) {
      Attempt besides = hedge;
      besides.abandon();
      exchange.attempted(besides, 0, reason);
      overtaken(besides, reason);
    }
    slow.abandon();
    failed(slow, reason, true);
  }

  private RetryPolicy.@Nullable Retry ask(
      Attempt ended, boolean silent, int status, @Nullable Failure reason) {
    return exchange
        .route()
        .retry()
        .after(
            exchange.request().head(),
            new RetryPolicy.Attempt(
                count,
                destinations().hasMore(),
                ended.reusedConnection(),
                exchange.requestRelay().hasTaken(),
                silent,
                status,
                reason));
  }

  /** Tries once more, as the policy says. */
  private void repeat(Attempt ended, RetryPolicy.Retry retry, @Nullable Failure reason) {
    exchange.takeBackPostponed();
    if (!retry.elsewhere()) {
      again(ended.destination());
      return;
    }
    giveBack(reason);
    failure = reason;
    if (retry.pause().isZero()) {
      next();
    } else {
      exchange.watchdog().connecting();
      Runnable next = () -> exchange.orFail(this::next);
      exchange.postpone(loop.after(retry.pause().toMillis(), next));
    }
  }

  // ---- two at a time

  /** Whether a second destination may be asked for the request. */
  boolean isHedged() {
    return exchange.route().hedging() != null && exchange.isSafeAndEmpty();
  }

  /** The request is sent to a second destination too if the first one takes long. */
  void hedgeLater() {
    Hedging hedging = exchange.route().hedging();
    if (hedging == null || !isHedged() || count > 1) {
      return;
    }
    long delay = hedging.delayMillis();
    if (delay >= 0) {
      exchange.postpone(loop.after(delay, () -> exchange.orFail(() -> hedge(hedging))));
    }
  }

  private void hedge(Hedging hedging) {
    boolean useless = exchange.isCompleted() || exchange.isResponding() || hedge != null;
    if (useless || !destinations().hasMore() || !hedging.permits()) {
      return;
    }
    Destination second = destinations().next();
    if (second != null) {
      Attempt besides = new Attempt(exchange, second);
      hedge = besides;
      dial(besides, false);
    }
  }

  /** Whether one of two attempts has failed, so that all rests with the other one. */
  private boolean overtaken(Attempt failed, @Nullable Failure reason) {
    Attempt other = failed == hedge ? attempt : hedge;
    if (hedge == null || other == null) {
      return false;
    }
    hedge = null;
    serveBy(other);
    destinations().finished(failed.destination(), reason);
    return true;
  }

  /** An attempt has got the head of a final response: the other one, if any, is too late. */
  private void settle(Attempt first) {
    exchange.takeBackPostponed();
    tell(first);
    Attempt late = first == hedge ? attempt : hedge;
    if (hedge != null && late != null) {
      tell(late);
      hedge = null;
      serveBy(first);
      late.abandon();
      destinations().finished(late.destination(), null);
    }
  }

  /** Tells those who hedge how long an attempt has taken so far. */
  private void tell(Attempt asked) {
    Hedging hedging = exchange.route().hedging();
    if (hedging != null && isHedged() && asked.sentAt() != 0) {
      hedging.responded(loop.nanos() - asked.sentAt());
    }
  }

  // ---- the end

  /** The connection of the attempt is somebody else's from now on, or at rest, or closed. */
  void release() {
    if (attempt != null) {
      attempt.release();
    }
  }

  /** Closes what has been begun. */
  void abandon() {
    if (hedge != null) {
      Attempt besides = hedge;
      hedge = null;
      besides.abandon();
      destinations().finished(besides.destination(), null);
    }
    if (attempt != null) {
      attempt.abandon();
    }
  }

  /** Leaves it to somebody else to give the destination back, who says how its part ended. */
  Consumer<@Nullable Failure> lend() {
    Loan given = new Loan(destinations(), current().destination());
    loan = given;
    return given;
  }

  /** The destination is ours again, if there is one. */
  @Nullable Destination takeBack() {
    if (loan != null) {
      loan.over = true;
      loan = null;
    }
    return attempt == null ? null : attempt.destination();
  }

  /** Gives the destination back. */
  void giveBack(@Nullable Failure reason) {
    if (attempt != null && loan == null) {
      destinations().finished(attempt.destination(), reason);
    }
    attempt = null;
  }

  /** Gives everything back. */
  void end(@Nullable Failure reason) {
    giveBack(reason);
    if (destinations != null) {
      destinations.ended();
    }
  }

  /** The attempt that serves the client. */
  Attempt current() {
    return Objects.requireNonNull(attempt);
  }

  /** How often the request was sent. */
  int count() {
    return count;
  }

  /**
   * The attempt that serves the client, or the last that was to, whatever has become of it since;
   * null if there was none.
   */
  @Nullable Attempt last() {
    return last;
  }

  private Destinations destinations() {
    return Objects.requireNonNull(destinations);
  }

  private static final class Loan implements Consumer<@Nullable Failure> {
    private final Destinations from;
    private final Destination destination;
    private boolean over;

    Loan(Destinations from, Destination destination) {
      this.from = from;
      this.destination = destination;
    }

    @Override
    public void accept(@Nullable Failure reason) {
      if (!over) {
        from.finished(destination, reason);
      }
    }
  }
}
