package io.tidegate.core.connect;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.MessageWriter;
import io.tidegate.core.io.ReadSize;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.wire.BodyDecoder;
import io.tidegate.core.wire.HeadLimits;
import io.tidegate.core.wire.HeadWriter;
import io.tidegate.core.wire.ResponseHeadReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * One HTTP/1.1 connection to an upstream (RFC 9112), for one request at a time.
 *
 * <p>It goes back to its pool only when it is provably clean: request sent to its end, response
 * read to its end, not one octet more, and nobody said close. Reads stay on while it waits there,
 * so that an end or stray octets are noticed.
 */
final class Http1UpstreamConnection
    implements UpstreamConnection, NewConnection, Resting, MessageWriter.Owner {
  private static final HeadLimits HEAD_LIMITS = new HeadLimits(128 << 10, 8 << 10, 500);
  private static final HeadLimits TRAILER_LIMITS = new HeadLimits(16 << 10, 16, 100);

  private final IoLoop loop;
  private final StreamConnection channel;
  private final StreamConnection tcp;
  private final StreamSourceConduit source;
  private final Destination destination;
  private final @Nullable InetAddress address;
  private final MessageWriter writer;
  private final ResponseHeadReader heads = new ResponseHeadReader(HEAD_LIMITS);
  private final BodyDecoder decoder = new BodyDecoder(TRAILER_LIMITS);
  private final ReadSize readSize = new ReadSize();
  private final Idle idle = new Idle();
  private final long bornAt;
  private UpstreamPool.@Nullable Group group;
  private long idleUntil;
  private long requests;
  private boolean closed;

  private @Nullable ResponseReceiver receiver;
  private String method = "";
  private boolean requestEnded;
  private boolean silent;
  private boolean headRead;
  private boolean persistent;
  private @Nullable ByteBuffer unread;
  private boolean held;
  private boolean paused;

  /** What has come after the head while the connection is held. */
  private @Nullable ByteBuffer kept;

  /**
   * A connection over {@code channel}, which is {@code tcp} itself or TLS upon it.
   *
   * @param address where it leads, null if a parent proxy has found that out
   * @param early what has come already, which is for a tunnel only; null if nothing
   */
  Http1UpstreamConnection(
      IoLoop loop,
      StreamConnection channel,
      StreamConnection tcp,
      Destination destination,
      @Nullable InetAddress address,
      @Nullable ByteBuffer early) {
    this.loop = loop;
    this.channel = channel;
    this.tcp = tcp;
    this.source = channel.getSourceChannel().getConduit();
    this.destination = destination;
    this.address = address;
    this.unread = early;
    this.writer = new MessageWriter(loop, channel.getSinkChannel().getConduit(), this);
    this.bornAt = loop.now();
    channel.getSourceChannel().setReadListener(c -> readable());
    channel.getSinkChannel().setWriteListener(c -> writable());
    source.resumeReads();
  }

  @Override
  public UpstreamConnection alone() {
    return this;
  }

  @Override
  public Destination destination() {
    return destination;
  }

  @Override
  public @Nullable InetAddress address() {
    return address;
  }

  /** Whether it may be used for what {@code check} stands for. */
  boolean passes(Connector.AddressCheck check) {
    return address == null || check.apply(address) == null;
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public boolean isReused() {
    return requests > 1;
  }

  @Override
  public void send(UpstreamRequest request, ResponseReceiver responseReceiver) {
    method = request.method();
    receiver = responseReceiver;
    requests++;
    requestEnded = false;
    silent = true;
    headRead = false;
    readSize.unlimited();
    writer.start(head(request), request.body());
    if (unread != null) { // it answers no request
      loop.later(() -> fail(prematurely()));
    }
  }

  /** The head as HTTP/1.1 has it (RFC 9112 §3). */
  private HeadWriter head(UpstreamRequest request) {
    HeadWriter out =
        loop.heads()
            .clear()
            .requestLine(request.method(), request.target())
            .field("Host", request.host())
            .fields(request.fields());
    if (request.body().kind() == Framing.Kind.FIXED) {
      out.field("Content-Length", request.body().length());
    } else if (request.body() == Framing.CHUNKED) {
      out.text("Transfer-Encoding: chunked\r\n");
    }
    if (request.last()) {
      out.text("Connection: close\r\n");
    } else {
      connection(out, request.trailersWelcome(), request.upgrade());
    }
    return out.end();
  }

  private static void connection(HeadWriter out, boolean trailers, @Nullable String upgrade) {
    if (trailers) {
      out.text("TE: trailers\r\n");
    }
    if (upgrade != null) {
      out.field("Upgrade", upgrade);
      out.text(trailers ? "Connection: TE, Upgrade\r\n" : "Connection: Upgrade\r\n");
    } else if (trailers) {
      out.text("Connection: TE\r\n");
    }
  }

  private static Failure prematurely() {
    return Failure.of(
        ProxyError.HTTP_PROTOCOL_ERROR, "the upstream sent octets before there was a request");
  }

  @Override
  public void passTo(ResponseReceiver other) {
    if (closed) {
      other.abandoned();
    } else {
      receiver = other;
    }
  }

  @Override
  public BodySink request() {
    return writer;
  }

  @Override
  public void endRequest(@Nullable FieldEdits trailers) {
    writer.end(trailers);
    requestEnded = true;
  }

  @Override
  public void hold() {
    held = true;
    if (receiver == null) {
      source.suspendReads();
    }
  }

  @Override
  public void release(Runnable next) {
    held = false;
    ByteBuffer in = kept;
    kept = null;
    if (in == null) {
      next.run();
      return;
    }
    if (!paused) {
      source.resumeReads();
    }
    unread = in;
    next.run();
    unread = null;
    if (receiver != null) {
      try {
        readContent(in);
      } catch (BadMessageException e) {
        fail(malformed(e));
      }
    }
  }

  private void keep(ByteBuffer in) {
    source.suspendReads();
    kept = ByteBuffer.allocate(in.remaining()).put(in).flip();
  }

  @Override
  public void pause() {
    readSize.slowDown();
    paused = true;
    source.suspendReads();
  }

  @Override
  public void readAtMost(int octets) {
    readSize.atMost(octets);
  }

  @Override
  public void readFreely() {
    readSize.unlimited();
  }

  @Override
  public void resume() {
    paused = false;
    if (!held) {
      source.resumeReads();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      kept = null;
      ResponseReceiver told = receiver;
      receiver = null;
      writer.discard();
      idle.cancel(loop.timers());
      IoUtils.safeClose(channel);
      if (group != null) {
        group.closed(this);
      }
      if (told != null) {
        told.abandoned();
      }
    }
  }

  @Override
  public TakenOver takeOver() {
    closed = true;
    receiver = null;
    idle.cancel(loop.timers());
    source.suspendReads();
    channel.getSourceChannel().setReadListener(null);
    channel.getSinkChannel().setWriteListener(null);
    if (group != null) {
      group.closed(this);
    }
    if (unread == null || !unread.hasRemaining()) {
      return new TakenOver(channel, null);
    }
    ByteBuffer early = ByteBuffer.allocate(unread.remaining());
    return new TakenOver(channel, early.put(unread).flip());
  }

  void pooled(UpstreamPool.Group ownGroup) {
    group = ownGroup;
  }

  /** Rests in the pool until {@code until} at the latest. */
  void rest(long until) {
    idleUntil = until;
    paused = false;
    if (!source.isReadResumed()) {
      source.resumeReads(); // the end of a response may have come with octets that made us pause
    }
    idle.set(loop.timers(), until);
  }

  @Override
  public long idleUntil() {
    return idleUntil;
  }

  @Override
  public void retire() {
    close();
  }

  boolean isOpen() {
    return !closed && channel.isOpen();
  }

  boolean mayServeMore(long now, UpstreamSettings settings) {
    return requests < settings.maxRequests() && now - bornAt < settings.maxAge().toMillis();
  }

  /** Looks whether the peer has closed meanwhile; costs a system call. */
  boolean isAlive() {
    try {
      return source.read(loop.probe()) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void readable() {
    ByteBuffer in = loop.takeInput();
    try {
      int n = source.read(readSize.limit(in));
      if (n > 0) {
        readSize.came(n);
        received(in.flip());
      } else if (n < 0) {
        ended();
      }
    } catch (IOException e) {
      fail(lost(e));
    } catch (RuntimeException | Error e) {
      fail(Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "internal error", e));
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  private void received(ByteBuffer in) {
    if (receiver == null) {
      close(); // octets that answer no request
      return;
    }
    silent = false;
    try {
      if (readHeads(in)) {
        readContent(in);
      }
    } catch (BadMessageException e) {
      fail(malformed(e));
    }
  }

  /** Whether the final head has been read and the connection is still ours. */
  private boolean readHeads(ByteBuffer in) throws BadMessageException {
    while (!headRead) {
      ResponseHead head = heads.read(in);
      ResponseReceiver told = receiver;
      if (head == null || told == null) {
        return false;
      }
      if (head.isInterim()) {
        told.interim(head);
      } else {
        finalHead(head, in, told);
      }
    }
    if (held && receiver != null) {
      keep(in);
      return false;
    }
    return receiver != null;
  }

  private void finalHead(ResponseHead head, ByteBuffer in, ResponseReceiver told)
      throws BadMessageException {
    Framing framing = Framing.ofResponse(method, head);
    headRead = true;
    persistent =
        head.version() != HttpVersion.HTTP_1_0
            && framing != Framing.UNTIL_CLOSE
            && !announcesTheImpossible(head)
            && !head.fields().hasMember(FieldName.CONNECTION, "close");
    decoder.start(framing);
    unread = in;
    told.head(head, framing);
    unread = null;
  }

  /** A 204 response has no content; one that says it has may be followed by some all the same. */
  private static boolean announcesTheImpossible(ResponseHead head) {
    int length = head.fields().indexOf(FieldName.CONTENT_LENGTH, 0);
    return head.status() == 204
        && (head.fields().contains(FieldName.TRANSFER_ENCODING)
            || (length >= 0 && !head.fields().valueIs(length, "0")));
  }

  private void readContent(ByteBuffer in) throws BadMessageException {
    int limit = in.limit();
    int n;
    while (receiver != null && (n = decoder.next(in)) > 0) {
      int end = in.position() + n;
      in.limit(end);
      receiver.content(in);
      in.limit(limit).position(end);
    }
    if (receiver != null && decoder.ended()) {
      finish(persistent && requestEnded && !in.hasRemaining());
    } else if (receiver != null) {
      receiver.caughtUp(false);
    }
  }

  /*
   * The exchange may at once make another one that wants a connection; so this one is at rest by then.
   * Those that wait get theirs afterwards: until then this exchange has not let go of it.
   */
  private void finish(boolean clean) {
    ResponseReceiver told = receiver;
    if (told != null) {
      told.caughtUp(true);
    }
    if (closed) {
      return; // what it was told of made it give up
    }
    UpstreamPool.Group pool = group;
    receiver = null;
    if (clean && pool != null && !writer.backlogged()) {
      pool.rest(this);
    } else {
      close();
    }
    if (told != null) {
      told.end(decoder.trailers());
    }
    if (pool != null) {
      pool.serveWaiting();
    }
  }

  private void ended() {
    if (receiver == null) {
      close();
    } else if (headRead && isOrderlyEnd() && decoder.endsAtClose()) {
      finish(false);
    } else {
      fail(
          silent
              ? Failure.of(
                  ProxyError.CONNECTION_TERMINATED,
                  "the upstream closed the connection without a response")
              : Failure.of(ProxyError.HTTP_RESPONSE_INCOMPLETE, "the response ended too early"));
    }
  }

  /** TLS says when it ends: if just the connection ended, somebody may have cut it. */
  private boolean isOrderlyEnd() {
    return tcp == channel || !tcp.isReadShutdown();
  }

  private Failure lost(IOException cause) {
    Failure refused = silent && !isReused() ? TlsHandshake.lateRefusal(cause) : null;
    if (refused != null) {
      return refused;
    }
    return silent
        ? Failure.of(
            ProxyError.CONNECTION_TERMINATED, "the connection to the upstream was lost", cause)
        : Failure.of(
            ProxyError.HTTP_RESPONSE_INCOMPLETE, "the connection to the upstream was lost", cause);
  }

  private static Failure malformed(BadMessageException e) {
    ProxyError error =
        switch (e.fault()) {
          case HEAD_TOO_LARGE, TOO_MANY_FIELDS, TARGET_TOO_LONG ->
              ProxyError.HTTP_RESPONSE_HEADER_SECTION_SIZE;
          case TRAILERS_TOO_LARGE -> ProxyError.HTTP_RESPONSE_TRAILER_SECTION_SIZE;
          case TRANSFER_CODING -> ProxyError.HTTP_RESPONSE_TRANSFER_CODING;
          default -> ProxyError.HTTP_PROTOCOL_ERROR;
        };
    return Failure.of(error, "the upstream sent an invalid response: " + e.detail(), e);
  }

  private void fail(Failure failure) {
    ResponseReceiver told = receiver;
    boolean nothingCame = silent;
    receiver = null;
    close();
    if (told != null) {
      told.failed(failure, nothingCame);
    }
  }

  private void writable() {
    writer.writable();
    loop.flush();
  }

  @Override
  public void drained() {
    if (receiver != null) {
      receiver.requestDrained();
    }
  }

  @Override
  public void writeFailed(IOException cause) {
    // An upstream may answer and close before it has read the request: the answer is still to be
    // read.
    requestEnded = false;
    if (receiver != null) {
      receiver.requestBroken();
    } else {
      close();
    }
  }

  private final class Idle extends TimerWheel.Deadline {
    @Override
    protected void expired() {
      if (receiver == null && loop.now() >= idleUntil) {
        close();
      } else {
        set(loop.timers(), Math.max(idleUntil, loop.now() + 1000));
      }
    }
  }
}
