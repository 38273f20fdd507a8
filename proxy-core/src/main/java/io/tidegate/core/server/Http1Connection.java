package io.tidegate.core.server;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.MessageWriter;
import io.tidegate.core.io.ReadSize;
import io.tidegate.core.io.ResetOnClose;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.wire.BodyDecoder;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.HeadWriter;
import io.tidegate.core.wire.RequestHeadReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * One HTTP/1.1 connection of a client (RFC 9112), for one exchange at a time; requests that come
 * early wait in order.
 *
 * <p>Reads stay on while an exchange is under way, so that a client that goes away is noticed.
 */
final class Http1Connection implements ClientExchange, ClientConnection, MessageWriter.Owner {
  private static final System.Logger LOG = System.getLogger(Http1Connection.class.getName());

  /**
   * A client that has shut down its side may still want the answer, or be gone: it gets this long.
   */
  private static final long HALF_CLOSE_GRACE_MILLIS = 1000;

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

  private final ClientChannel client;
  private final IoLoop loop;
  private final StreamConnection channel;
  private final StreamSourceConduit source;
  private final MessageWriter writer;
  private final ServerSettings settings;
  private final RequestHandler handler;
  private final ConnectionRegistry registry;
  private final RequestHeadReader heads;
  private final BodyDecoder decoder = new BodyDecoder(TRAILER_LIMITS);
  private final ReadSize readSize = new ReadSize();
  private final Timeout timeout = new Timeout();

  private Phase phase = Phase.HEAD;
  private boolean headBegun;
  private boolean parsing;
  private boolean inputEnded;
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
  private @Nullable Linger linger;

  Http1Connection(
      ClientChannel client,
      ServerSettings settings,
      RequestHandler handler,
      ConnectionRegistry registry) {
    this.client = client;
    this.loop = client.loop();
    this.channel = client.channel();
    this.source = channel.getSourceChannel().getConduit();
    this.writer = new MessageWriter(loop, channel.getSinkChannel().getConduit(), this);
    this.settings = settings;
    this.handler = handler;
    this.registry = registry;
    this.heads =
        new RequestHeadReader(
            new HeadLimits(
                settings.maxHeadBytes(),
                Math.min(settings.maxTargetBytes() + 48, settings.maxHeadBytes()),
                settings.maxFields()));
  }

  @Override
  public void start() {
    channel.getSourceChannel().setReadListener(c -> readable());
    channel.getSinkChannel().setWriteListener(c -> writable());
    timeout.set(loop.timers(), loop.now() + settings.headTimeout().toMillis());
    source.resumeReads();
  }

  @Override
  public void start(ByteBuffer begun) {
    start();
    try {
      received(begun);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a client connection failed for an internal error", e);
      lost();
    }
    loop.flush();
  }

  @Override
  public void drain() {
    if (phase == Phase.HEAD && !headBegun) {
      close();
    }
  }

  // What the conduit tells

  private void readable() {
    ByteBuffer in = loop.takeInput();
    try {
      int n = source.read(phase == Phase.RESPONSE ? in.limit(EARLY_READ) : readSize.limit(in));
      if (n > 0) {
        readSize.came(n);
        received(in.flip());
      } else if (n < 0) {
        inputEnded();
      }
    } catch (IOException e) {
      lost();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a client connection failed for an internal error", e);
      lost();
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  private void writable() {
    try {
      if (finishing) {
        timeout.set(loop.timers(), loop.now() + settings.keepAliveTimeout().toMillis());
      }
      writer.writable();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a client connection failed for an internal error", e);
      lost();
    }
    loop.flush();
  }

  private void received(ByteBuffer in) {
    switch (phase) {
      case HEAD, BODY -> parse(in);
      case RESPONSE -> keepEarly(in);
      case LINGER, CLOSED -> {}
    }
  }

  private void inputEnded() {
    inputEnded = true;
    source.suspendReads();
    switch (phase) {
      case HEAD -> close();
      case BODY -> lost();
      case RESPONSE -> {
        if (!responding) { // one who has half-closed is there, or is noticed when written to
          timeout.set(loop.timers(), loop.now() + HALF_CLOSE_GRACE_MILLIS);
        }
      }
      case LINGER, CLOSED -> {}
    }
  }

  private void lost() {
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
        if (inputEnded) {
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
        timeout.set(loop.timers(), loop.now() + settings.headTimeout().toMillis());
      }
      return false;
    }
    begin(head.version(), isPersistent(head));
    handler.request(this, head);
    return true;
  }

  private void begin(HttpVersion requestVersion, boolean persistent) {
    phase = Phase.RESPONSE;
    headBegun = false;
    timeout.suspend();
    readSize.unlimited();
    version = requestVersion;
    keepAlive = persistent && !registry.isDraining();
    requestEnded = false;
    responding = false;
    finishing = false;
    endsByClose = false;
    if (inputEnded) {
      timeout.set(loop.timers(), loop.now() + HALF_CLOSE_GRACE_MILLIS);
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
  public IoLoop loop() {
    return loop;
  }

  @Override
  public InetSocketAddress clientAddress() {
    return client.client();
  }

  @Override
  public InetSocketAddress localAddress() {
    return client.local();
  }

  @Override
  public boolean isSecure() {
    return client.tls() != null;
  }

  @Override
  public List<X509Certificate> certificates() {
    ClientChannel.Tls tls = client.tls();
    return tls == null ? List.of() : tls.certificates();
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
    if (!inputEnded) {
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
          loop.heads().clear().statusLine(status, reason).fields(fields).end(), Framing.NONE);
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
    HeadWriter head = loop.heads().clear().statusLine(status, reason).fields(fields);
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
    timeout.suspend();
    writer.start(head.end(), sent);
    return writer;
  }

  @Override
  public @Nullable ByteBuffer room(int octets) {
    boolean plain =
        version.atLeast11() && keepAlive && requestEnded && !inputEnded && !registry.isDraining();
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
      timeout.set(loop.timers(), loop.now() + settings.keepAliveTimeout().toMillis());
    }
  }

  private void finished() {
    finishing = false;
    if (phase == Phase.CLOSED) {
      return;
    }
    if (!keepAlive || registry.isDraining() || !requestEnded || (inputEnded && !hasEarly())) {
      linger();
      return;
    }
    phase = Phase.HEAD;
    timeout.set(loop.timers(), loop.now() + settings.keepAliveTimeout().toMillis());
    if (!inputEnded && !source.isReadResumed()) {
      source.resumeReads();
    }
    parseEarly();
  }

  private boolean hasEarly() {
    return !early.isEmpty() || (unparsed != null && unparsed.hasRemaining());
  }

  /** Closes our side first; the client closes the other. */
  private void linger() {
    phase = Phase.LINGER;
    early.take();
    try {
      writer.shutDown();
    } catch (IOException e) {
      close();
      return;
    }
    if (inputEnded) {
      close();
    } else {
      timeout.cancel(loop.timers());
      linger = new Linger(loop, channel, this::close);
      linger.start();
    }
  }

  @Override
  public void abort() {
    if (endsByClose) {
      ResetOnClose.of(channel);
    } else {
      writer.flush(); // the framing tells that something is missing
    }
    close();
  }

  @Override
  public void cut() {
    if (endsByClose) {
      ResetOnClose.of(channel);
    }
    lost();
  }

  private void close() {
    if (phase != Phase.CLOSED) {
      phase = Phase.CLOSED;
      finishing = false;
      tunnel = null;
      early.take();
      writer.discard();
      timeout.cancel(loop.timers());
      if (linger != null) {
        linger.cancel(loop.timers());
      }
      IoUtils.safeClose(channel);
      registry.closed(this, client.peer().getAddress());
    }
  }

  // Tunnels

  @Override
  public void tunnel(int status, String reason, FieldEdits fields, TunnelStart start) {
    tunnel = start;
    timeout.set(loop.timers(), loop.now() + settings.keepAliveTimeout().toMillis());
    writer.start(
        loop.heads().clear().statusLine(status, reason).fields(fields).end(), Framing.NONE);
    writer.flush();
    if (tunnel != null && !writer.backlogged()) {
      startTunnel(start);
    }
  }

  private void startTunnel(TunnelStart start) {
    tunnel = null;
    receiver = null;
    phase = Phase.CLOSED;
    timeout.cancel(loop.timers());
    if (unparsed != null) {
      keepEarly(unparsed);
    }
    Runnable cut = start.start(channel, early.take());
    registry.tunnelled(this, client.peer().getAddress(), channel, cut);
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

  @Override
  public void writeFailed(IOException cause) {
    lost();
  }

  /**
   * The one deadline of a connection: for a head, for the next request, or for the client to go.
   */
  private final class Timeout extends TimerWheel.Deadline {
    @Override
    protected void expired() {
      if (phase == Phase.HEAD && headBegun) {
        begin(HttpVersion.HTTP_1_1, false);
        handler.refuse(
            Http1Connection.this, Failure.badRequest(408, "the request did not come in time"));
      } else if (finishing) {
        abort();
      } else {
        lost();
      }
    }
  }
}
