package io.tidegate.core.exchange;

import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.header.RequestRules;
import io.tidegate.core.header.Trailers;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.server.RequestReceiver;
import io.tidegate.core.spi.Failure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of the request on its way from the client to the upstream, no faster than the
 * upstream takes it. It may be collected on this side first, and then be sent more than once.
 */
final class RequestRelay implements RequestReceiver {
  /** How much of what was collected is handed to the upstream before it is asked if it keeps up. */
  private static final int PIECE = 64 << 10;

  private final ProxyExchange exchange;
  private final ClientExchange client;
  private @Nullable UpstreamConnection upstream;
  private @Nullable CollectedContent collected;
  private @Nullable Mirror mirror;
  private int maxCollected;
  private int passedOn;
  private boolean collecting;
  private boolean awaitsContinue;
  private boolean ended;
  private boolean sent;
  private boolean taken;
  private long octets;
  private long lastProgress;
  private long measuredFrom;
  private long measuredOctets;

  RequestRelay(ProxyExchange exchange, ClientExchange client) {
    this.exchange = exchange;
    this.client = client;
  }

  /**
   * Keeps content framed like this before there is an upstream, and tells {@link
   * ProxyExchange#collected} when all of it is here, or more than {@code most} octets.
   */
  void collect(Framing framing, int most) {
    if (framing.isEmpty()) {
      repeat(CollectedContent.empty());
      exchange.collected();
      return;
    }
    collected = new CollectedContent();
    collecting = true;
    maxCollected = most;
    progress();
    measure();
    exchange.watchdog().collecting();
    client.receive(framing);
    boolean asks = RequestRules.expectsContinue(exchange.request().head(), framing);
    if (asks && collecting) {
      client.interim(100, "Continue", new FieldEdits(Fields.empty()));
    }
  }

  /** The content has been collected by another exchange. */
  void repeat(CollectedContent content) {
    collected = content;
  }

  /** All of the content, to be sent as often as it takes; null if it is not kept. */
  @Nullable CollectedContent collected() {
    return collecting || taken ? null : collected;
  }

  /** Copies what comes from now on to {@code copy} as well. */
  void mirror(Mirror copy) {
    mirror = copy;
  }

  /** Whether content framed like this could be sent again. */
  boolean isRepeatable(Framing framing) {
    return framing.isEmpty() || collected() != null;
  }

  /**
   * Whether the upstream is to say when it wants content framed like this (RFC 9110 §10.1.1); not
   * if we have asked for it ourselves.
   */
  boolean expectsContinue(Framing framing) {
    return collected == null && RequestRules.expectsContinue(exchange.request().head(), framing);
  }

  /** Relays content framed like this to {@code connection}, which has the head. */
  void start(UpstreamConnection connection, Framing framing) {
    upstream = connection;
    progress();
    measure();
    if (framing.isEmpty()) {
      ended = true;
      sent = true;
    } else if (collected != null) {
      ended = false;
      sent = false;
      passedOn = 0;
      passOn(collected);
    } else if (!ended) {
      awaitsContinue = expectsContinue(framing);
      taken = true;
      client.receive(framing);
    }
  }

  /** Sends what was collected, as far as the upstream takes it. */
  private void passOn(CollectedContent content) {
    while (upstream != null && passedOn < content.length() && !isBacklogged()) {
      ByteBuffer piece = content.from(passedOn, PIECE);
      passedOn += piece.remaining();
      upstream.request().write(piece);
    }
    if (upstream == null || passedOn < content.length()) {
      return;
    }
    if (content.isComplete()) {
      finish(content.trailers());
    }
    if (taken) {
      collected = null; // what else comes goes straight on
      resume();
    }
  }

  @Override
  public void content(ByteBuffer data) {
    octets += data.remaining();
    awaitsContinue = false;
    progress();
    if (mirror != null) {
      mirror.content(data);
    }
    if (octets > exchange.settings().maxBodyBytes()) {
      exchange.fail(Failure.badRequest(413, "the content is too long"));
    } else if (collected != null) {
      keep(data, collected);
    } else if (upstream == null) {
      data.position(data.limit());
    } else {
      upstream.request().write(data);
      if (upstream != null && upstream.request().backlogged()) {
        client.pause();
      }
    }
  }

  /** Keeps content that no upstream can have yet; of too much, what has come must still be kept. */
  private void keep(ByteBuffer data, CollectedContent content) {
    content.add(data);
    if (collecting && content.length() > maxCollected) {
      collecting = false;
      taken = true;
      client.pause();
      exchange.collected();
    }
  }

  @Override
  public void end(Fields trailers) {
    progress();
    if (mirror != null) {
      mirror.end(trailers);
    }
    if (collected == null) {
      finish(Trailers.filter(trailers));
      return;
    }
    collected.end(trailers);
    if (collecting) {
      collecting = false;
      exchange.collected();
    } else {
      passOn(collected);
    }
  }

  private void finish(@Nullable FieldEdits trailers) {
    ended = true;
    if (upstream != null) {
      sent = true;
      upstream.endRequest(trailers);
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
    if (collected == null) {
      client.resume();
    } else if (!ended) {
      passOn(collected);
    }
  }

  private void resume() {
    if (!isBacklogged()) {
      client.resume();
    }
  }

  /** The upstream takes no more; what still comes is of no use. */
  void upstreamBroken() {
    upstream = null;
    sent = false;
    boolean useless = !ended && collected() == null;
    ended = true;
    if (useless) {
      collected = null;
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

  /** Whether the client was let send content of which what has come is not kept for another try. */
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

  /** Whether the upstream has got all of the request. */
  boolean isSent() {
    return sent;
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
