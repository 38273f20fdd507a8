package io.tidegate.core.exchange;

import io.tidegate.core.connect.ResponseReceiver;
import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.header.Grpc;
import io.tidegate.core.header.Trailers;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Pace;
import io.tidegate.core.spi.ProxyError;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The response on its way from the upstream to the client, no faster than the client takes it
 * unless it is buffered.
 */
final class ResponseRelay implements ResponseReceiver, ResponseProgress, Throttle.Side {
  private final ProxyExchange exchange;
  private final Attempt attempt;
  private final UpstreamConnection upstream;
  private @Nullable BodySink sink;
  private @Nullable ResponseBuffer buffer;
  private @Nullable Throttle throttle;
  private boolean trailersWelcome;
  private boolean paused;

  /** Whether nothing more comes from the upstream, while the client still gets what is buffered. */
  private boolean upstreamEnded;

  private @Nullable FieldEdits trailers;
  private @Nullable Failure broken;
  private long octets;
  private long lastProgress;

  ResponseRelay(ProxyExchange exchange, Attempt attempt, UpstreamConnection upstream) {
    this.exchange = exchange;
    this.attempt = attempt;
    this.upstream = upstream;
  }

  /**
   * The client has the head; content goes to {@code clientSink}.
   *
   * @param buffered whether what the client does not take at once is kept, within the bounds of the
   *     exchange
   */
  void start(BodySink clientSink, boolean clientTakesTrailers, boolean buffered) {
    sink = clientSink;
    buffer = buffered ? new ResponseBuffer(exchange, this, clientSink) : null;
    trailersWelcome = clientTakesTrailers;
    progress();
    Pace pace = exchange.pace();
    if (pace != null) {
      throttle = Throttle.toClient(exchange.client().loop(), pace, this::readAtMost, this);
      if (throttle.start()) {
        pause();
      }
    }
  }

  private void readAtMost(int most) {
    if (!upstreamEnded) { // else the connection serves others
      upstream.readAtMost(most);
    }
  }

  /** Where the response comes from. */
  Destination from() {
    return attempt.destination();
  }

  @Override
  public void interim(ResponseHead head) {
    exchange.receiveInterim(head, this);
  }

  @Override
  public void head(ResponseHead head, Framing framing) {
    exchange.receive(head, framing, upstream, attempt);
  }

  @Override
  public void content(ByteBuffer data) {
    if (sink == null) {
      throw new IllegalStateException("content before the head");
    }
    progress();
    if (throttle != null && throttle.isHolding()) {
      throttle.held().add(data);
    } else {
      passOn(data, sink);
    }
  }

  private void passOn(ByteBuffer data, BodySink client) {
    int length = data.remaining();
    octets += length;
    if (buffer == null) {
      client.write(data);
    } else {
      buffer.write(data);
    }
    boolean owing = throttle != null && throttle.passed(length);
    if (sink != null && !upstreamEnded && (owing || isClientBehind(sink))) {
      pause();
    }
  }

  private void passOnHeld() {
    while (throttle != null && sink != null && !throttle.held().isEmpty() && !isHeldUp()) {
      passOn(throttle.held().next(throttle.size()), sink);
    }
  }

  private boolean isClientBehind(BodySink client) {
    return buffer == null ? client.backlogged() : buffer.isBacklogged();
  }

  @Override
  public void cut(Failure reason) {
    exchange.fail(reason);
  }

  /** The client does not keep up. */
  void pause() {
    if (!paused) {
      paused = true;
      upstream.pause();
    }
  }

  @Override
  public void end(Fields received) {
    if (sink == null) {
      return;
    }
    trailers = trailersWelcome ? trailers(received) : null;
    upstreamEnded = true;
    if (isAllPassedOn()) {
      finish(sink);
    } else {
      exchange.upstreamEnded(null);
    }
  }

  private @Nullable FieldEdits trailers(Fields received) {
    return Grpc.isCall(exchange.request().head())
        ? Trailers.filterCall(received)
        : Trailers.filter(received);
  }

  private boolean isAllPassedOn() {
    return (throttle == null || throttle.held().isEmpty()) && (buffer == null || buffer.isEmpty());
  }

  private void finish(BodySink client) {
    client.end(trailers);
    exchange.responseEnded();
  }

  /** The client still gets what came before. */
  @Override
  public void failed(Failure failure, boolean silent) {
    if (sink == null || isAllPassedOn()) {
      exchange.orFail(() -> exchange.attempts().failed(attempt, failure, silent));
    } else {
      upstreamEnded = true;
      broken = failure;
      exchange.upstreamEnded(failure);
    }
  }

  /** The client has taken something of what is buffered, or the disk has. */
  void bufferMoved() {
    goOn();
  }

  /** What is buffered cannot be read. */
  void bufferBroken() {
    exchange.fail(
        Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "the buffered response could not be read"));
  }

  @Override
  public void requestDrained() {
    exchange.requestRelay().upstreamDrained();
  }

  @Override
  public void requestBroken() {
    if (exchange.attempts().isCurrent(attempt)) {
      exchange.requestRelay().upstreamBroken();
    }
  }

  @Override
  public void clientDrained() {
    if (buffer != null) {
      buffer.pump();
    } else {
      goOn();
    }
  }

  /** The client has caught up, or what it got is paid for: perhaps not both. */
  @Override
  public void goOn() {
    progress();
    passOnHeld();
    if (upstreamEnded) {
      endIfAllPassedOn();
      return;
    }
    boolean behind = sink != null && isClientBehind(sink); // it may have but interim responses yet
    if (paused && !behind && !isHeldUp()) {
      paused = false;
      upstream.resume();
    }
  }

  private void endIfAllPassedOn() {
    if (sink == null || !isAllPassedOn()) {
      return;
    }
    if (broken == null) {
      finish(sink);
    } else {
      exchange.fail(broken);
    }
  }

  private boolean isHeldUp() {
    return throttle != null && throttle.isHolding();
  }

  @Override
  public void close() {
    sink = null;
    if (throttle != null) {
      throttle.close();
    }
    if (buffer != null) {
      buffer.close();
    }
  }

  @Override
  public long octets() {
    return buffer == null ? octets : octets - buffer.octets();
  }

  @Override
  public long lastProgress() {
    if (isHeldUp()) {
      return exchange.client().loop().now();
    }
    return isClientDue() ? clientProgress() : lastProgress;
  }

  @Override
  public boolean isPaused() {
    return buffer == null ? paused : isClientDue();
  }

  /** Whether it is the client that has been waited for longest. */
  private boolean isClientDue() {
    return buffer != null
        && (upstreamEnded
            || (buffer.isClientSlower() && (paused || clientProgress() < lastProgress)));
  }

  private long clientProgress() {
    return buffer == null ? lastProgress : buffer.lastProgress();
  }

  private void progress() {
    lastProgress = exchange.client().loop().now();
  }
}
