package io.tidegate.core.exchange;

import io.tidegate.core.connect.ResponseReceiver;
import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.header.Trailers;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.spi.Failure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The response on its way from the upstream to the client, no faster than the client takes it. */
final class ResponseRelay implements ResponseReceiver, ResponseProgress {
  private final ProxyExchange exchange;
  private final Attempt attempt;
  private final UpstreamConnection upstream;
  private @Nullable BodySink sink;
  private boolean trailersWelcome;
  private boolean paused;
  private long octets;
  private long lastProgress;

  ResponseRelay(ProxyExchange exchange, Attempt attempt, UpstreamConnection upstream) {
    this.exchange = exchange;
    this.attempt = attempt;
    this.upstream = upstream;
  }

  /** The client has the head; content goes to {@code clientSink}. */
  void start(BodySink clientSink, boolean clientTakesTrailers) {
    sink = clientSink;
    trailersWelcome = clientTakesTrailers;
    progress();
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
    octets += data.remaining();
    progress();
    sink.write(data);
    if (sink.backlogged()) {
      pause();
    }
  }

  /** The client does not keep up. */
  void pause() {
    if (!paused) {
      paused = true;
      upstream.pause();
    }
  }

  @Override
  public void end(Fields trailers) {
    if (sink != null) {
      sink.end(trailersWelcome ? Trailers.filter(trailers) : null);
      exchange.responseEnded();
    }
  }

  @Override
  public void failed(Failure failure, boolean silent) {
    exchange.attemptFailed(attempt, failure, silent);
  }

  @Override
  public void requestDrained() {
    exchange.requestRelay().upstreamDrained();
  }

  @Override
  public void requestBroken() {
    exchange.requestRelay().upstreamBroken();
  }

  @Override
  public void clientDrained() {
    progress();
    if (paused) {
      paused = false;
      upstream.resume();
    }
  }

  @Override
  public void close() {
    sink = null;
  }

  @Override
  public long octets() {
    return octets;
  }

  @Override
  public long lastProgress() {
    return lastProgress;
  }

  @Override
  public boolean isPaused() {
    return paused;
  }

  private void progress() {
    lastProgress = exchange.client().loop().now();
  }
}
