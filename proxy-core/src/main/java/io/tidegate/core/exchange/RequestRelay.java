package io.tidegate.core.exchange;

import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.header.RequestRules;
import io.tidegate.core.header.Trailers;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.server.RequestReceiver;
import io.tidegate.core.spi.Failure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of the request on its way from the client to the upstream, no faster than the
 * upstream takes it.
 */
final class RequestRelay implements RequestReceiver {
  private final ProxyExchange exchange;
  private final ClientExchange client;
  private final long maxOctets;
  private @Nullable UpstreamConnection upstream;
  private boolean awaitsContinue;
  private boolean ended;
  private boolean taken;
  private long octets;
  private long lastProgress;
  private long measuredFrom;
  private long measuredOctets;

  RequestRelay(ProxyExchange exchange, ClientExchange client, ExchangeSettings settings) {
    this.exchange = exchange;
    this.client = client;
    this.maxOctets = settings.maxBodyBytes();
  }

  /** Relays content framed like this to {@code connection}, which has the head. */
  void start(UpstreamConnection connection, Framing framing) {
    upstream = connection;
    if (ended) {
      return; // a repeated request: it had no content
    }
    if (framing.isEmpty()) {
      ended = true;
    } else {
      awaitsContinue = RequestRules.expectsContinue(exchange.request().head(), framing);
      progress();
      measure();
      taken = true;
      client.receive(framing);
    }
  }

  @Override
  public void content(ByteBuffer data) {
    octets += data.remaining();
    awaitsContinue = false;
    progress();
    if (octets > maxOctets) {
      exchange.fail(Failure.badRequest(413, "the content is too long"));
    } else if (upstream == null) {
      data.position(data.limit());
    } else {
      upstream.request().write(data);
      if (upstream != null && upstream.request().backlogged()) {
        client.pause();
      }
    }
  }

  @Override
  public void end(Fields trailers) {
    ended = true;
    progress();
    if (upstream != null) {
      upstream.endRequest(Trailers.filter(trailers));
    }
    exchange.watchdog().requestEnded();
  }

  @Override
  public void failed(Failure failure) {
    exchange.fail(failure);
  }

  @Override
  public void gone() {
    exchange.clientGone();
  }

  @Override
  public void drained() {
    if (exchange.progress() != null) {
      exchange.progress().clientDrained();
    }
  }

  /** The upstream has caught up. */
  void upstreamDrained() {
    progress();
    measure();
    client.resume();
  }

  /** The upstream takes no more; what still comes is of no use. */
  void upstreamBroken() {
    upstream = null;
    if (!ended) {
      ended = true;
      client.discardRequest();
      client.resume();
    }
    exchange.watchdog().requestEnded();
  }

  /** The upstream has sent an interim response. */
  void continued() {
    if (awaitsContinue) {
      awaitsContinue = false;
      progress();
      measure();
    }
  }

  /** Whether the client was let send content: what has come of it is not kept for another try. */
  boolean hasTaken() {
    return taken;
  }

  /** How much content was taken. */
  long octets() {
    return octets;
  }

  /** Whether all of the content has been taken, or no more is wanted. */
  boolean isEnded() {
    return ended;
  }

  /** Whether the client waits for leave to send. */
  boolean awaitsContinue() {
    return awaitsContinue;
  }

  /** Whether the upstream is slower than the client. */
  boolean isBacklogged() {
    return upstream != null && upstream.request().backlogged();
  }

  /** When content last moved. */
  long lastProgress() {
    return lastProgress;
  }

  /** When the client's rate began to be measured. */
  long measuredFrom() {
    return measuredFrom;
  }

  /** How much content has come since. */
  long measuredOctets() {
    return octets - measuredOctets;
  }

  private void progress() {
    lastProgress = client.loop().now();
  }

  private void measure() {
    measuredFrom = lastProgress;
    measuredOctets = octets;
  }
}
