package io.tidegate.core.exchange;

import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.header.Grpc;
import io.tidegate.core.header.RequestRules;
import io.tidegate.core.header.Trailers;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.server.RequestReceiver;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Pace;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.core.spool.ContentReader;
import io.tidegate.core.spool.Spool;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of the request on its way from the client to the upstream, no faster than the
 * upstream takes it. It may be kept on this side: all of it before anything is sent, or what has
 * been sent so far; then it can be sent more than once.
 */
final class RequestRelay implements RequestReceiver, Throttle.Side {
  /** For whom content is kept before anything is sent. */
  private enum Collecting {
    /** Nobody: it goes on as it comes. */
    NONE,
    /** The cache. */
    FOR_CACHE,
    /** The upstream, which is not to wait for the client. */
    FOR_UPSTREAM
  }

  private final ProxyExchange exchange;
  private final ClientExchange client;
  private @Nullable UpstreamConnection upstream;
  private boolean dialogue;
  private @Nullable Mirror mirror;
  private @Nullable Throttle throttle;

  /** The end, if it has come and may not pass yet. */
  private @Nullable Fields heldEnd;

  /** All that has come so far; null if something of it is not kept. */
  private @Nullable KeptContent kept;

  /** Where the current attempt is in {@link #kept}. */
  private @Nullable ContentReader reader;

  private Collecting collecting = Collecting.NONE;
  private int maxCollected;

  /** Whether what is kept will not be needed once it has been sent. */
  private boolean once;

  /** Whether what comes goes straight to the upstream. */
  private boolean live;

  /** Whether the upstream may refuse the request unread, so that it is sent again in any case. */
  private boolean refusable;

  private boolean asked;
  private boolean buffered;
  private boolean received;
  private boolean paused;
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
    kept = new CollectedContent();
    maxCollected = most;
    collect(framing, Collecting.FOR_CACHE);
  }

  private void collect(Framing framing, Collecting whom) {
    collecting = whom;
    asked = true;
    progress();
    measure();
    exchange.watchdog().collecting();
    if (received) {
      resume();
      return;
    }
    receive(framing);
    boolean asks = RequestRules.expectsContinue(exchange.request().head(), framing);
    if (asks && collecting != Collecting.NONE) {
      client.interim(100, "Continue", new FieldEdits(Fields.empty()));
    }
  }

  /**
   * Whether all of the content, framed like this, is to be here before there is an upstream, and is
   * not yet: {@link ProxyExchange#buffered} is told when it is.
   */
  boolean buffer(Framing framing, BufferingSettings settings) {
    if (!settings.requests() || buffered || framing.isEmpty() || isCall()) {
      return false;
    }
    buffered = true;
    if (kept != null && kept.isComplete()) {
      return false;
    }
    if (framing.length() > settings.requestMemoryBytes() + settings.requestFileBytes()) {
      exchange.fail(excess(Spool.Excess.OF_ITS_OWN));
      return true;
    }
    KeptContent before = kept;
    collecting = Collecting.FOR_UPSTREAM;
    kept = spool(settings.requestMemoryBytes(), settings.requestFileBytes());
    if (before instanceof CollectedContent collected) { // more than the cache takes
      kept.add(collected.octets());
      taken = false;
      once = false;
    }
    if (!exchange.isCompleted()) {
      collect(framing, Collecting.FOR_UPSTREAM);
    }
    return true;
  }

  private boolean isCall() {
    return Grpc.isCall(exchange.request().head());
  }

  /**
   * Whether the client sends messages one by one, and waits for answers to them meanwhile. That
   * takes an upstream that answers before it has got all.
   */
  boolean isDialogue() {
    return dialogue;
  }

  private KeptContent spool(long memoryBytes, long fileBytes) {
    return new SpooledContent(
        exchange.pipeline().spool(memoryBytes, fileBytes, false, new Keeping()));
  }

  /** How content that came framed like this is framed for the upstream. */
  Framing framing(Framing framing) {
    Fields trailers = kept == null ? null : kept.trailers();
    return framing == Framing.CHUNKED
            && buffered
            && kept != null
            && trailers != null
            && Trailers.filter(trailers) == null
        ? Framing.fixed(kept.length())
        : framing;
  }

  /** The content has been collected by another exchange. */
  void repeat(CollectedContent content) {
    kept = content;
    asked = true;
  }

  /** What has been collected for the cache; null if that is not all of the content. */
  @Nullable CollectedContent collected() {
    return isKept() && kept instanceof CollectedContent content ? content : null;
  }

  /** Whether all that was taken from the client can be sent again. */
  private boolean isKept() {
    return kept != null && !taken && collecting == Collecting.NONE;
  }

  /** Copies what the upstream gets to {@code copy} as well. */
  void mirror(Mirror copy) {
    mirror = copy;
  }

  /** Whether content framed like this could be sent again. */
  boolean isRepeatable(Framing framing) {
    return framing.isEmpty() || isKept() || (!received && fitsReplay(framing));
  }

  /** Whether nothing is missing of content framed like this: what has not come is still to come. */
  boolean isWhole(Framing framing) {
    return framing.isEmpty() || isKept() || !received;
  }

  private boolean fitsReplay(Framing framing) {
    return framing.length() > 0 && framing.length() <= mostReplayed();
  }

  /** How much content is kept while it is sent; none of a request that is not sent again. */
  private int mostReplayed() {
    boolean again = refusable || exchange.request().head().isIdempotent();
    return again ? exchange.buffering().replayBytes() : 0;
  }

  /**
   * Whether the upstream is to say when it wants content framed like this (RFC 9110 §10.1.1); not
   * if we have asked for it ourselves, or have some.
   */
  boolean expectsContinue(Framing framing) {
    return !asked
        && octets == 0
        && RequestRules.expectsContinue(exchange.request().head(), framing);
  }

  /** Relays content framed like this to {@code connection}, which has the head. */
  void start(UpstreamConnection connection, Framing framing) {
    upstream = connection;
    dialogue = connection.version() == HttpVersion.HTTP_2 && isCall();
    if (exchange.request().head().version() != HttpVersion.HTTP_2) {
      connection.request().wholeAfter(framing.length());
    }
    refusable = connection.destination().http() != UpstreamHttp.HTTP_1_1;
    progress();
    measure();
    if (framing.isEmpty()) {
      ended = true;
      sent = true;
    } else if (kept != null) {
      ended = false;
      sent = false;
      awaitsContinue = expectsContinue(framing);
      live = false;
      closeReader();
      reader = kept.read();
      if (mirror != null) {
        mirror.restart();
      }
      passOn();
    } else if (!ended) {
      awaitsContinue = expectsContinue(framing);
      live = true;
      keepForReplay(framing);
      receive(framing);
    }
  }

  private void receive(Framing framing) {
    received = true;
    Pace pace = exchange.pace();
    if (pace != null) {
      throttle = Throttle.fromClient(client.loop(), pace, client::readAtMost, this);
      throttle.start();
    }
    if (!exchange.isCompleted()) {
      client.receive(framing);
    }
    if (isHeldUp() && !ended && heldEnd == null) {
      pause(); // others have left a debt
    }
  }

  /** Content that is longer than may be kept is not even begun with. */
  private void keepForReplay(Framing framing) {
    int most = mostReplayed();
    if (most > 0 && framing.length() <= most) {
      kept = spool(most, 0);
    } else {
      taken = true;
    }
  }

  /** Sends what is kept, as far as the upstream takes it. */
  private void passOn() {
    ContentReader source = reader;
    KeptContent content = kept;
    if (source == null || content == null) {
      return;
    }
    while (upstream != null && !upstream.request().backlogged()) {
      ByteBuffer piece = source.isAtEnd() ? null : source.next(this::readable);
      if (piece == null) {
        break;
      }
      write(upstream, piece);
    }
    if (source.isBroken()) {
      exchange.fail(
          Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "the buffered content could not be read"));
    } else if (upstream != null && source.isAtEnd()) {
      passedOn(content);
    }
  }

  private void write(UpstreamConnection to, ByteBuffer data) {
    if (mirror != null) {
      mirror.content(data);
    }
    to.request().write(data);
  }

  private void passedOn(KeptContent content) {
    closeReader();
    Fields trailers = content.trailers();
    if (trailers != null) {
      finish(trailers);
    } else {
      live = true;
    }
    if (once) {
      forget();
    }
    resume();
  }

  /** More of what is kept in a file has been read. */
  private void readable() {
    progress();
    passOn();
  }

  @Override
  public void content(ByteBuffer data) {
    awaitsContinue = false;
    if (throttle == null) {
      take(data);
      return;
    }
    int limit = data.limit();
    while (data.position() < limit && !isHeldUp() && !exchange.isCompleted()) {
      take(data.limit(Math.min(limit, data.position() + throttle.size())));
    }
    throttle.held().add(data.limit(limit));
  }

  private void take(ByteBuffer data) {
    octets += data.remaining();
    progress();
    if (octets > exchange.settings().maxBodyBytes()) {
      exchange.fail(Failure.badRequest(413, "the content is too long"));
      return;
    }
    boolean goesOn = live; // else it is sent with the rest of what is kept
    if (kept != null) {
      keep(data.duplicate(), kept);
    }
    int length = data.remaining();
    if (goesOn && upstream != null) {
      write(upstream, data);
      if (isBacklogged()) {
        pause();
      }
    } else {
      data.position(data.limit());
    }
    if (throttle != null && throttle.passed(length) && heldEnd == null) {
      pause();
    }
  }

  /** What the client has sent is paid for. */
  @Override
  public void goOn() {
    progress();
    measure();
    exchange.orFail(this::takeHeld);
    resume();
  }

  private void takeHeld() {
    while (throttle != null && holds() && !isHeldUp() && !exchange.isCompleted()) {
      take(throttle.held().next(throttle.size()));
    }
    Fields trailers = heldEnd;
    if (trailers != null && !holds() && !exchange.isCompleted()) {
      heldEnd = null;
      takeEnd(trailers);
    }
  }

  private boolean holds() {
    return throttle != null && !throttle.held().isEmpty();
  }

  private void dropHeld() {
    if (throttle != null) {
      throttle.held().clear();
    }
    heldEnd = null;
  }

  @Override
  public void cut(Failure reason) {
    exchange.fail(reason);
  }

  private void keep(ByteBuffer data, KeptContent content) {
    content.add(data);
    if (collecting == Collecting.FOR_CACHE && content.length() > maxCollected) {
      collecting = Collecting.NONE; // what has come must still be kept
      taken = true;
      once = true;
      pause();
      exchange.collected();
    } else if (content.isBacklogged() && kept == content) {
      pause();
    }
  }

  @Override
  public void end(Fields trailers) {
    if (!holds()) {
      takeEnd(trailers);
      return;
    }
    heldEnd = trailers;
    if (paused) { // there is nothing left to hold up, and a client that goes away is noticed
      paused = false;
      client.resume();
    }
  }

  private void takeEnd(Fields trailers) {
    progress();
    if (kept != null) {
      kept.end(trailers);
    }
    if (collecting != Collecting.NONE) {
      collectedAll();
    } else if (live || kept == null) {
      finish(trailers);
    } else {
      passOn();
    }
  }

  private void collectedAll() {
    boolean forCache = collecting == Collecting.FOR_CACHE;
    collecting = Collecting.NONE;
    if (forCache) {
      exchange.collected();
    } else {
      exchange.buffered();
    }
  }

  private void finish(Fields trailers) {
    ended = true;
    live = false;
    if (upstream != null) {
      sent = true;
      copied(trailers);
      upstream.endRequest(Trailers.filter(trailers));
    }
    exchange.watchdog().requestEnded();
  }

  private void copied(Fields trailers) {
    Mirror copy = mirror;
    mirror = null; // one copy, however often the request is sent
    if (copy != null) {
      copy.end(trailers);
    }
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

  /** Told about the spool, which may be slower than the client, or full. */
  private final class Keeping implements Spool.Owner {
    @Override
    public void drained() {
      progress();
      measure();
      resume();
    }

    @Override
    public void exceeded(Spool.Excess why) {
      if (collecting == Collecting.FOR_UPSTREAM) {
        exchange.fail(excess(why));
      } else if (live) {
        forget();
      } else {
        once = true; // what has come must still be sent, but will not be again
        taken = true;
      }
    }
  }

  private static Failure excess(Spool.Excess why) {
    return switch (why) {
      case OF_ITS_OWN -> Failure.badRequest(413, "the content is too long to be buffered");
      case OF_ALL ->
          Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "too much content is buffered already")
              .withStatus(503);
      case OF_DISK ->
          Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "the content could not be buffered");
    };
  }

  /** The upstream has caught up. */
  void upstreamDrained() {
    progress();
    measure();
    if (live || ended) {
      resume();
    } else {
      passOn();
    }
  }

  private void pause() {
    paused = true;
    client.pause();
  }

  /** Lets the client go on unless somebody is still slower. */
  private void resume() {
    boolean keeping = live || collecting != Collecting.NONE || ended;
    if (paused && keeping && !isBacklogged() && !isHeldUp()) {
      paused = false;
      client.resume();
    }
  }

  /** The upstream takes no more; what still comes is of no use unless it is kept. */
  void upstreamBroken() {
    upstream = null;
    sent = false;
    live = false;
    boolean useless = !ended && !isKept();
    ended = true;
    if (useless) {
      dropHeld();
      forget();
      client.discardRequest();
      resume();
    } else if (kept != null && !kept.isComplete()) {
      pause(); // until there is another upstream
    }
    exchange.watchdog().requestEnded();
  }

  /** No other attempt will be made: what has been sent is not needed any more. */
  void settle() {
    once = true;
    if (sent || live) {
      forget();
    }
  }

  /** The exchange is over; what the cache has collected may still be sent on our own account. */
  void close() {
    upstream = null;
    live = false;
    if (throttle != null) {
      throttle.close();
    }
    dropHeld();
    closeReader();
    if (kept instanceof SpooledContent spooled) {
      spooled.close();
      kept = null;
    }
  }

  private void forget() {
    taken |= !isKept() || !sent;
    closeReader();
    if (kept != null) {
      kept.close();
      kept = null;
    }
  }

  private void closeReader() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
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

  /** Whether the upstream is slower than the client, or the disk is. */
  boolean isBacklogged() {
    return (upstream != null && upstream.request().backlogged()) || awaitsDisk();
  }

  private boolean awaitsDisk() {
    return collecting == Collecting.NONE
        ? reader != null && upstream != null && !reader.isAtEnd()
        : kept != null && kept.isBacklogged();
  }

  /** Why the content does not get on. */
  Failure stalled() {
    if (upstream != null && upstream.request().backlogged()) {
      return Failure.of(
          ProxyError.CONNECTION_WRITE_TIMEOUT,
          "the upstream took nothing of the request for too long");
    }
    return awaitsDisk()
        ? excess(Spool.Excess.OF_DISK)
        : Failure.badRequest(408, "the content of the request did not come in time");
  }

  /** Whether it is not the client's fault that no content comes, but our {@link Pace}. */
  boolean isHeldUp() {
    return throttle != null && throttle.isHolding();
  }

  /** When content last moved. */
  long lastProgress() {
    return isHeldUp() ? client.loop().now() : lastProgress;
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
