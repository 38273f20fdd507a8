package io.tidegate.core.exchange;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import org.jspecify.annotations.Nullable;

/**
 * The time-outs of one exchange, in one deadline. It is not moved whenever an octet passes: when it
 * comes, it looks at when octets last passed, and waits on or ends the exchange.
 */
final class Watchdog extends TimerWheel.Deadline {
  private static final long RATE_GRACE_MILLIS = 5000;
  private static final long RATE_PERIOD_MILLIS = 1000;
  private static final Failure UNANSWERED =
      Failure.of(ProxyError.HTTP_RESPONSE_TIMEOUT, "the upstream did not answer in time");

  private final ProxyExchange exchange;
  private final IoLoop loop;
  private final long startedAt;
  private long requestEndedAt;
  private boolean waiting;

  Watchdog(ProxyExchange exchange, IoLoop loop) {
    this.exchange = exchange;
    this.loop = loop;
    this.startedAt = loop.now();
  }

  /** Content is collected before anything else is done: the client has to be waited for. */
  void collecting() {
    waiting = true;
    watch();
  }

  /** What was to be collected is here. */
  void collected() {
    waiting = false;
    watch();
  }

  /** There is nobody to wait for yet but a connection, or a destination to connect to. */
  void connecting() {
    waiting = false;
    watch();
  }

  /** The upstream gets the request: from here on, somebody has to be waited for. */
  void requestSent() {
    waiting = true;
    requestEndedAt = loop.now();
  }

  /** The upstream has the whole request. */
  void requestEnded() {
    requestEndedAt = loop.now();
    watch();
  }

  /** Sets the deadline for what is waited for now. */
  void watch() {
    if (exchange.isCompleted()) {
      return;
    }
    set(loop.timers(), next());
  }

  /** Nothing is waited for any more. */
  void stop() {
    cancel(loop.timers());
  }

  @Override
  protected void expired() {
    Failure failure = overdue(loop.now());
    if (failure == null) {
      set(loop.timers(), next());
    } else if (failure.equals(UNANSWERED)) {
      exchange.attempts().unanswered(failure);
    } else {
      exchange.fail(failure);
    }
  }

  private long next() {
    long due = startedAt + exchange.settings().exchangeTimeout().toMillis();
    ResponseProgress response = exchange.progress();
    if (!waiting) {
      return due;
    }
    if (exchange.isResponding() && response != null) {
      return Math.min(due, lastProgress(response) + exchange.settings().idleTimeout().toMillis());
    }
    RequestRelay request = exchange.requestRelay();
    return Math.min(
        due,
        request.isEnded()
            ? requestEndedAt + exchange.settings().responseTimeout().toMillis()
            : uploadDue(request));
  }

  private long uploadDue(RequestRelay request) {
    if (request.awaitsContinue()) {
      return requestEndedAt + exchange.settings().responseTimeout().toMillis();
    }
    long due = request.lastProgress() + exchange.settings().idleTimeout().toMillis();
    return isRateMeasured(request) ? Math.min(due, loop.now() + RATE_PERIOD_MILLIS) : due;
  }

  private boolean isRateMeasured(RequestRelay request) {
    return exchange.settings().minBodyRate() > 0
        && !request.isBacklogged()
        && !request.isHeldUp()
        && !request.awaitsContinue()
        && !request.isDialogue();
  }

  private @Nullable Failure overdue(long now) {
    if (now >= startedAt + exchange.settings().exchangeTimeout().toMillis()) {
      return Failure.of(ProxyError.HTTP_RESPONSE_TIMEOUT, "the exchange took too long");
    }
    ResponseProgress response = exchange.progress();
    if (!waiting) {
      return null;
    }
    if (exchange.isResponding() && response != null) {
      return responseOverdue(response, now);
    }
    RequestRelay request = exchange.requestRelay();
    if (!request.isEnded()) {
      return uploadOverdue(request, now);
    }
    return now >= requestEndedAt + exchange.settings().responseTimeout().toMillis()
        ? UNANSWERED
        : null;
  }

  /**
   * An upstream that has begun to answer may wait for the rest of the request. A client that takes
   * nothing is late all the same.
   */
  private long lastProgress(ResponseProgress response) {
    RequestRelay request = exchange.requestRelay();
    return request.isEnded() || response.isPaused()
        ? response.lastProgress()
        : Math.max(response.lastProgress(), request.lastProgress());
  }

  private @Nullable Failure responseOverdue(ResponseProgress response, long now) {
    if (now < lastProgress(response) + exchange.settings().idleTimeout().toMillis()) {
      return null;
    }
    return response.isPaused()
        ? Failure.badRequest(408, "the client took nothing of the response for too long")
        : Failure.of(ProxyError.CONNECTION_READ_TIMEOUT, "the upstream paused for too long");
  }

  private @Nullable Failure uploadOverdue(RequestRelay request, long now) {
    if (request.awaitsContinue()) {
      return now >= requestEndedAt + exchange.settings().responseTimeout().toMillis()
          ? UNANSWERED
          : null;
    }
    if (now >= request.lastProgress() + exchange.settings().idleTimeout().toMillis()) {
      return request.stalled();
    }
    long measured = now - request.measuredFrom();
    boolean slow =
        isRateMeasured(request)
            && measured >= RATE_GRACE_MILLIS
            && request.measuredOctets() * 1000 < exchange.settings().minBodyRate() * measured;
    return slow ? Failure.badRequest(408, "the content of the request comes too slowly") : null;
  }
}
