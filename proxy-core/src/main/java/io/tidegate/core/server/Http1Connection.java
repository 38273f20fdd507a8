package io.tidegate.core.server;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.ReadSize;
import io.tidegate.core.io.ResetOnClose;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.wire.BodyDecoder;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.HeadWriter;
import io.tidegate.core.wire.RequestHeadReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection of a client (RFC 9112), for one exchange at a time; requests that come
 * early wait in order.
 *
 * <p>Reads stay on while an exchange is under way, so that a client that goes away is noticed.
 */
final class Http1Connection extends AcceptedConnection implements ClientExchange {
  /**
   * A client that has shut down its side may still want the answer, or be gone: it gets this long.
   */
  private static final Duration HALF_CLOSE_GRACE = Duration.ofSeconds(1);

  private static final int EARLY_READ = 16 << 10;

  private static final HeadLimits TRAILER_LIMITS = new HeadLimits(16 << 10, 16, 100);

  private enum Phase {
    /** Waiting for a request, or in the middle of its head. */
    HEAD,
    /** An exchange is under way and takes content. */
    BODY,
    /** An exchange is under way; nothing of the request is wanted, now or any more. */
    RESPONSE,
    /** The last response has been sent: {@link Linger}. */
    LINGER,
    /** Closed, or somebody else's. */
    CLOSED
  }

  private final RequestHeadReader heads;
  private final BodyDecoder decoder = new BodyDecoder(TRAILER_LIMITS);
  private final ReadSize readSize = new ReadSize();

  private Phase phase = Phase.HEAD;
  private boolean headBegun;

  /** When a head has begun that did not come at once, in nanoseconds. */
  private long headBegan;

  private long headNanos;
  private int requests;
  private boolean parsing;
  private final EarlyOctets early = new EarlyOctets();
  private @Nullable ByteBuffer unparsed;

  private @Nullable RequestReceiver receiver;
  private HttpVersion version = HttpVersion.HTTP_1_1;
  private boolean keepAlive;
  private boolean requestEnded;
  private boolean responding;
  private boolean finishing;
  private boolean endsByClose;
  private @Nullable TunnelStart tunnel;

  Http1Connection(
      ClientChannel client,
      ServerSettings settings,
      RequestHandler handler,
      ConnectionRegistry registry) {
    super(client, settings, handler, registry);
    this.heads = new RequestHeadReader(settings.headLimits());
  }

  @Override
  public void drain() {
    if (phase == Phase.HEAD && !headBegun) {
      close();
    }
  }

  // What the conduit tells

  @Override
  ByteBuffer limit(ByteBuffer in) {
    return phase == Phase.RESPONSE ? in.limit(EARLY_READ) : readSize.limit(in);
  }

  @Override
  void taking() {
    if (finishing) {
      setTimeout(settings.keepAliveTimeout());
    }
  }

  @Override
  void received(ByteBuffer in) {
    readSize.came(in.remaining());
    switch (phase) {
      case HEAD, BODY -> parse(in);
      case RESPONSE -> keepEarly(in);
      case LINGER, CLOSED -> {}
    }
  }

  @Override
  void inputEnded() {
    switch (phase) {
      case HEAD -> close();
      case BODY -> lost();
      case RESPONSE -> {
        if (!responding) { // one who has half-closed is there, or is noticed when written to
          setTimeout(HALF_CLOSE_GRACE);
        }
      }
      case LINGER, CLOSED -> {}
    }
  }

  @Override
  void lost() {
    RequestReceiver told = phase == Phase.BODY || phase == Phase.RESPONSE ? receiver : null;
    close();
    if (told != null) {
      told.gone();
    }
  }

  // Requests

  /*
   * Takes requests from the octets until they run out or one has to wait. An exchange may end while its head is being
   * handled; the loop, rather than recursion, then takes the next of a long pipeline.
   */
  private void parse(ByteBuffer in) {
    parsing = true;
    unparsed = in;
    try {
      while (in.hasRemaining() && (phase == Phase.HEAD || phase == Phase.BODY)) {
        if (phase == Phase.HEAD ? !parseHead(in) : !parseBody(in)) {
          break;
        }
      }
    } finally {
      parsing = false;
      unparsed = null;
    }
    switch (phase) {
      case RESPONSE -> keepEarly(in);
      case HEAD, BODY -> {
        if (hasInputEnded()) {
          lost(); // the rest will not come
        }
      }
      case LINGER, CLOSED -> {}
    }
  }

  /** Whether there may be more to parse. */
  private boolean parseHead(ByteBuffer in) {
    RequestHead head;
    try {
      head = heads.read(in);
    } catch (BadMessageException e) {
      begin(HttpVersion.HTTP_1_1, false);
      handler.refuse(this, RequestFaults.failure(e));
      return false;
    }
    if (head == null) {
      if (!headBegun && heads.inHead()) {
        headBegun = true;
        headBegan = loop().nanos();
        setTimeout(settings.headTimeout());
      }
      return false;
    }
    begin(head.version(), isPersistent(head));
    handler.request(this, head);
    return true;
  }

  private void begin(HttpVersion requestVersion, boolean persistent) {
    phase = Phase.RESPONSE;
    requests++;
    headNanos = headBegun ? loop().nanos() - headBegan : 0;
    headBegun = false;
    suspendTimeout();
    readSize.unlimited();
    version = requestVersion;
    keepAlive = persistent && !registry.isDraining();
    requestEnded = false;
    responding = false;
    finishing = false;
    endsByClose = false;
    if (hasInputEnded()) {
      setTimeout(HALF_CLOSE_GRACE);
    }
  }

  private static boolean isPersistent(RequestHead head) {
    Fields fields = head.fields();
    if (head.version() == HttpVersion.HTTP_1_0) {
      return fields.hasMember(FieldName.CONNECTION, "keep-alive")
          && !fields.hasMember(FieldName.CONNECTION, "close");
    }
    return !fields.hasMember(FieldName.CONNECTION, "close");
  }

  /** Whether there may be more to parse. */
  private boolean parseBody(ByteBuffer in) {
    try {
      int limit = in.limit();
      int n;
      while (phase == Phase.BODY && (n = decoder.next(in)) > 0) {
        int end = in.position() + n;
        in.limit(end);
        told().content(in);
        in.limit(limit).position(end);
      }
      if (phase == Phase.BODY && decoder.ended()) {
        phase = Phase.RESPONSE;
        requestEnded = true;
        told().end(decoder.trailers());
      }
      return true;
    } catch (BadMessageException e) {
      phase = Phase.RESPONSE;
      told().failed(RequestFaults.failure(e));
      return false;
    }
  }

  private RequestReceiver told() {
    if (receiver == null) {
      throw new IllegalStateException("no receiver attached");
    }
    return receiver;
  }

  private void keepEarly(ByteBuffer in) {
    if (in.hasRemaining()) {
      early.keep(in);
      if (early.isFull() || !requestEnded) {
        source.suspendReads();
      }
    }
  }

  /** Goes on with octets that came before their turn. */
  private void parseEarly() {
    ByteBuffer in = parsing ? null : early.take();
    if (in != null) {
      parse(in);
    }
  }

  // The exchange

  @Override
  public int requestNumber() {
    return requests;
  }

  @Override
  public long headNanos() {
    return headNanos;
  }

  @Override
  public HttpVersion version() {
    return version;
  }

  @Override
  public void attach(RequestReceiver requestReceiver) {
    receiver = requestReceiver;
  }

  @Override
  public void receive(Framing framing) {
    decoder.start(framing);
    if (decoder.ended()) {
      requestEnded = true;
      return;
    }
    phase = Phase.BODY;
    parseEarly();
    if (phase == Phase.BODY || (phase == Phase.RESPONSE && !hasEarly())) {
      resume();
    }
  }

  @Override
  public boolean requestEnded() {
    return requestEnded;
  }

  @Override
  public void pause() {
    readSize.slowDown();
    source.suspendReads();
  }

  @Override
  public void readAtMost(int octets) {
    readSize.atMost(octets);
  }

  @Override
  public void resume() {
    if (!hasInputEnded()) {
      source.resumeReads();
    } else if (!hasEarly()) {
      inputEnded(); // the rest will not come
    }
  }

  @Override
  public void discardRequest() {
    keepAlive = keepAlive && requestEnded;
    if (phase == Phase.BODY) {
      phase = Phase.RESPONSE;
    }
  }

  @Override
  public boolean backlogged() {
    return writer.backlogged();
  }

  @Override
  public void interim(int status, String reason, FieldEdits fields) {
    if (version.atLeast11()) {
      writer.start(
          loop().heads().clear().statusLine(status, reason).fields(fields).end(), Framing.NONE);
    }
  }

  @Override
  public BodySink respond(int status, String reason, FieldEdits fields, Framing body) {
    Framing sent = body;
    if (body.length() < 0 && !version.atLeast11()) {
      sent = Framing.UNTIL_CLOSE;
    } else if (body == Framing.UNTIL_CLOSE) {
      sent = Framing.CHUNKED;
    }
    keepAlive &= requestEnded && !registry.isDraining() && sent != Framing.UNTIL_CLOSE;
    HeadWriter head = loop().heads().clear().statusLine(status, reason).fields(fields);
    if (sent.kind() == Framing.Kind.FIXED) {
      head.field("Content-Length", sent.length());
    } else if (sent == Framing.CHUNKED) {
      head.text("Transfer-Encoding: chunked\r\n");
    }
    if (!keepAlive) {
      head.text("Connection: close\r\n");
    } else if (!version.atLeast11()) {
      head.text("Connection: keep-alive\r\n");
    }
    endsByClose = sent == Framing.UNTIL_CLOSE;
    responding = true;
    suspendTimeout();
    writer.start(head.end(), sent);
    return writer;
  }

  @Override
  public @Nullable ByteBuffer room(int octets) {
    boolean plain =
        version.atLeast11()
            && keepAlive
            && requestEnded
            && !hasInputEnded()
            && !registry.isDraining();
    return plain ? writer.room(octets) : null;
  }

  @Override
  public void finish() {
    receiver = null;
    finishing = true;
    writer.flush();
    if (finishing && !writer.backlogged()) {
      finished();
    } else if (phase != Phase.CLOSED) {
      setTimeout(settings.keepAliveTimeout());
    }
  }

  private void finished() {
    finishing = false;
    if (phase == Phase.CLOSED) {
      return;
    }
    if (!keepAlive || registry.isDraining() || !requestEnded || (hasInputEnded() && !hasEarly())) {
      phase = Phase.LINGER;
      early.take();
      linger();
      return;
    }
    phase = Phase.HEAD;
    setTimeout(settings.keepAliveTimeout());
    if (!hasInputEnded() && !source.isReadResumed()) {
      source.resumeReads();
    }
    parseEarly();
  }

  private boolean hasEarly() {
    return !early.isEmpty() || (unparsed != null && unparsed.hasRemaining());
  }

  @Override
  public void abort() {
    if (endsByClose) {
      ResetOnClose.of(channel());
    } else {
      writer.flush(); // the framing tells that something is missing
    }
    close();
  }

  @Override
  public void cut() {
    if (endsByClose) {
      ResetOnClose.of(channel());
    }
    lost();
  }

  @Override
  void ended() {
    phase = Phase.CLOSED;
    finishing = false;
    tunnel = null;
  }

  // Tunnels

  @Override
  public void tunnel(int status, String reason, FieldEdits fields, TunnelStart start) {
    tunnel = start;
    setTimeout(settings.keepAliveTimeout());
    writer.start(
        loop().heads().clear().statusLine(status, reason).fields(fields).end(), Framing.NONE);
    writer.flush();
    if (tunnel != null && !writer.backlogged()) {
      startTunnel(start);
    }
  }

  private void startTunnel(TunnelStart start) {
    receiver = null;
    if (unparsed != null) {
      keepEarly(unparsed);
    }
    handOver(start, early.take());
  }

  // The writer

  @Override
  public void drained() {
    if (tunnel != null) {
      startTunnel(tunnel);
    } else if (finishing) {
      finished();
    } else if (receiver != null) {
      receiver.drained();
    }
  }

  /** For a head, for the next request, or for the client to go. */
  @Override
  void expired() {
    if (phase == Phase.HEAD && headBegun) {
      begin(HttpVersion.HTTP_1_1, false);
      handler.refuse(this, Failure.badRequest(408, "the request did not come in time"));
    } else if (finishing) {
      abort();
    } else {
      lost();
    }
  }
}
