package io.tidegate.core.server;

import io.tidegate.core.h2.ErrorCode;
import io.tidegate.core.h2.HeadBlock;
import io.tidegate.core.h2.Http2Head;
import io.tidegate.core.h2.Http2Session;
import io.tidegate.core.h2.Http2Settings;
import io.tidegate.core.h2.Http2Stream;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.io.ReadSize;
import io.tidegate.core.wire.HeadWriter;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of a client (RFC 9113) as a whole: its octets, its deadlines and its end.
 * Frames are the affair of {@link Http2Session}, and each request one of an {@link Http2Exchange}.
 *
 * <p>Exchanges have deadlines of their own. Those of the connection are for what no exchange waits
 * for: the preface, the answer to our settings, a frame or head that has begun, the next request,
 * and the client to take what is not of an exchange.
 */
final class Http2Connection extends AcceptedConnection
    implements Http2Session.Output, Http2Session.Owner {
  private static final System.Logger LOG = System.getLogger(Http2Connection.class.getName());

  private static final long NEVER = Long.MAX_VALUE;

  /** How long a client that is told why its connection ends may take to hear it. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /** How long a client may go on to open streams after it was told that we are going away. */
  private static final Duration LAST_STREAM_WAIT = Duration.ofSeconds(5);

  private final Http2Session session;
  private final Http2Requests requests;
  private final ReadSize readSize = new ReadSize();
  private final long startedAt;
  private int exchanges;
  private long idleSince;
  private long takenAt;

  /** When the client is told what was its last stream, whether it has answered or not. */
  private long lastStreamDue = NEVER;

  /** The client has been told to ask for no more. */
  private boolean draining;

  /** The last octets are on their way; whatever comes is ignored. */
  private boolean closing;

  private boolean closed;

  Http2Connection(
      ClientChannel client,
      Http2Settings http2,
      ServerSettings settings,
      RequestHandler handler,
      ConnectionRegistry registry) {
    super(client, settings, handler, registry);
    this.session =
        new Http2Session(
            Http2Session.Role.SERVER,
            http2,
            settings.headLimits(),
            loop().buffers(),
            loop()::now,
            this,
            this);
    session.takeExtendedConnect();
    this.requests = new Http2Requests(handler.direction(), isSecure());
    this.startedAt = loop().now();
    this.idleSince = startedAt;
    this.takenAt = startedAt;
  }

  @Override
  public void start() {
    super.start();
    event(session::start);
    if (registry.isDraining()) {
      drain();
    }
  }

  @Override
  public void drain() {
    if (draining || closed) {
      return;
    }
    draining = true;
    lastStreamDue = loop().now() + LAST_STREAM_WAIT.toMillis();
    event(
        () -> {
          session.drain(this::endOrderly);
          watch();
        });
  }

  @Override
  public void cut() {
    lost();
  }

  // What the client does

  @Override
  ByteBuffer limit(ByteBuffer in) {
    return readSize.limit(in);
  }

  @Override
  void received(ByteBuffer in) {
    if (!closing && !closed) {
      readSize.came(in.remaining());
      session.receive(in);
      watch();
    }
  }

  /** Who has closed its side cannot open streams or their windows, nor reset them. */
  @Override
  void inputEnded() {
    lost();
  }

  @Override
  void taking() {
    takenAt = loop().now();
  }

  @Override
  public void drained() {
    if (closing) {
      linger();
    } else {
      session.drained();
      watch();
    }
  }

  @Override
  void lost() {
    if (!closed) {
      close();
      session.lost("the client has gone");
    }
  }

  @Override
  void ended() {
    closed = true;
  }

  // What the session tells

  @Override
  public void send(HeadWriter octets) {
    writer.send(octets);
  }

  @Override
  public void write(ByteBuffer data) {
    writer.write(data);
  }

  @Override
  public boolean backlogged() {
    return writer.backlogged();
  }

  @Override
  public Http2Stream.Receiver opened(Http2Stream stream, Http2Head head, boolean ends) {
    Http2Exchange exchange = exchange(stream, ends);
    exchange.start(head);
    return exchange;
  }

  @Override
  public Http2Stream.Receiver openedTooLarge(
      Http2Stream stream, @Nullable String method, BadMessageException why, boolean ends) {
    Http2Exchange exchange = exchange(stream, ends);
    exchange.refuse(method, why);
    return exchange;
  }

  private Http2Exchange exchange(Http2Stream stream, boolean ends) {
    exchanges++;
    return new Http2Exchange(this, stream, ends);
  }

  @Override
  public void closed(Http2Stream stream) {
    watch();
  }

  @Override
  public void failed(ErrorCode code, String detail) {
    LOG.log(Level.DEBUG, "an HTTP/2 connection of a client was ended, {0}: {1}", code, detail);
    endOrderly();
  }

  /** Nothing more is put out: closes when what was has left. */
  private void endOrderly() {
    if (closing || closed) {
      return;
    }
    closing = true;
    writer.flush();
    if (closed) {
      return; // it could not be written to
    }
    if (writer.backlogged()) {
      setTimeout(LAST_WORDS);
    } else {
      linger();
    }
  }

  // What exchanges need

  /** Where the next head is written. */
  HeadBlock block() {
    return session.block();
  }

  Http2Requests requests() {
    return requests;
  }

  /** An exchange is over, though its stream may still be open. */
  void over() {
    exchanges--;
    takenAt = loop().now();
    watch();
  }

  // The deadline

  private void watch() {
    if (closing || closed) {
      return;
    }
    if (!writer.backlogged()) {
      takenAt = loop().now();
    }
    if (session.openStreams() > 0) {
      idleSince = NEVER;
    } else if (idleSince == NEVER) {
      idleSince = loop().now();
    }
    long due = Math.min(lastStreamDue, Math.min(beginningDue(), settingsDue()));
    due = Math.min(due, Math.min(idleDue(), takingDue()));
    if (due == NEVER) {
      suspendTimeout();
    } else {
      setTimeout(due);
    }
  }

  /** When the preface, or what has begun of the client's frames, has to be whole. */
  private long beginningDue() {
    long begun = session.isEstablished() ? session.midwaySince() : startedAt;
    return begun == NEVER ? NEVER : begun + settings.headTimeout().toMillis();
  }

  /** When the client has to have taken note of our settings (RFC 9113 §6.5.3). */
  private long settingsDue() {
    return session.areSettingsKnown() ? NEVER : startedAt + settings.headTimeout().toMillis();
  }

  private long idleDue() {
    return idleSince == NEVER ? NEVER : idleSince + settings.keepAliveTimeout().toMillis();
  }

  /** When the client has to have taken something that no exchange waits for. */
  private long takingDue() {
    boolean waits = exchanges == 0 && writer.backlogged();
    return waits ? takenAt + settings.keepAliveTimeout().toMillis() : NEVER;
  }

  @Override
  void expired() {
    long now = loop().now();
    if (closing || now >= takingDue()) {
      lost();
    } else if (now >= beginningDue()) {
      session.fail(ErrorCode.PROTOCOL_ERROR, "what had begun did not come in time");
    } else if (now >= settingsDue()) {
      session.fail(ErrorCode.SETTINGS_TIMEOUT, "our settings were not acknowledged in time");
    } else if (now >= idleDue()) {
      session.fail(ErrorCode.NO_ERROR, "nothing was asked for");
    } else {
      if (now >= lastStreamDue) {
        lastStreamDue = NEVER;
        session.sayLastStream();
      }
      watch();
    }
  }
}
