package io.tidegate.core.server;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.wire.BadSocksException;
import io.tidegate.core.wire.SocksMessage;
import io.tidegate.core.wire.SocksReader;
import io.tidegate.core.wire.SocksReply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a SOCKS client (RFC 1928, RFC 1929; versions 4 and 4a). What it asks for is an
 * exchange like one of CONNECT, so that whatever decides about those decides about it.
 *
 * <p>Reads stay on while an exchange is under way, so that a client that goes away is noticed; what
 * it sends early is the first of the tunnel.
 */
final class SocksConnection extends AcceptedConnection implements ClientExchange {
  private static final Failure UNDECIDED =
      Failure.of(ProxyError.PROXY_INTERNAL_ERROR, "a decision about the client took too long");

  /** As of one that speaks HTTP: a client that has shut down its side may be gone. */
  private static final Duration HALF_CLOSE_GRACE = Duration.ofSeconds(1);

  private static final int READ = 16 << 10;

  private static final byte NO_AUTHENTICATION = 0;
  private static final byte PASSWORD = 2;
  private static final byte NOTHING_ACCEPTABLE = (byte) 0xff;

  private enum Phase {
    /** Waiting for octets of the client. */
    READING,
    /** Waiting until it is known who the client is. */
    ASKING,
    /** An exchange is under way. */
    EXCHANGE,
    /** The last words have been sent: {@link Linger}. */
    LINGER,
    /** Closed, or somebody else's. */
    CLOSED
  }

  /** How far the negotiation has come; a refusal is worded accordingly. */
  private enum Step {
    GREETING,
    CREDENTIALS,
    REQUEST
  }

  private final SocksReader reader = new SocksReader();
  private final EarlyOctets early = new EarlyOctets();

  private Phase phase = Phase.READING;
  private Step step = Step.GREETING;
  private @Nullable Identity identity;
  private @Nullable SocksReply refusal;
  private @Nullable RequestReceiver receiver;
  private boolean finishing;
  private @Nullable TunnelStart tunnel;

  SocksConnection(
      ClientChannel client,
      ServerSettings settings,
      RequestHandler handler,
      ConnectionRegistry registry) {
    super(client, settings, handler, registry);
  }

  @Override
  public void drain() {
    if (!reader.hasBegun()) {
      close();
    }
  }

  // What the conduit tells

  @Override
  ByteBuffer limit(ByteBuffer in) {
    return in.limit(READ);
  }

  @Override
  void received(ByteBuffer in) {
    while (phase == Phase.READING && in.hasRemaining()) {
      negotiate(in);
    }
    if (phase == Phase.READING && hasInputEnded()) {
      close(); // the rest will not come
    } else if ((phase == Phase.ASKING || phase == Phase.EXCHANGE) && in.hasRemaining()) {
      early.keep(in);
      if (early.isFull()) {
        source.suspendReads();
      }
    }
  }

  @Override
  void inputEnded() {
    switch (phase) {
      case READING -> close();
      case EXCHANGE -> setTimeout(HALF_CLOSE_GRACE); // noticed when written to, if not gone
      case ASKING, LINGER, CLOSED -> {}
    }
  }

  @Override
  void lost() {
    RequestReceiver told = phase == Phase.EXCHANGE ? receiver : null;
    close();
    if (told != null) {
      told.gone();
    }
  }

  // The negotiation

  private void negotiate(ByteBuffer in) {
    try {
      SocksMessage message = reader.read(in);
      if (message instanceof SocksMessage.Greeting greeting) {
        choose(greeting);
      } else if (message instanceof SocksMessage.Credentials shown) {
        verify(shown);
      } else if (message instanceof SocksMessage.Request request) {
        request(request);
      }
    } catch (BadSocksException e) {
      refusal = e.reply();
      refuse(Failure.badRequest(400, e.detail()));
    }
  }

  /**
   * Who has a password to show is asked for it if anybody wants to know, or if it insists. Others
   * go on: whether they need one may depend on what they ask for.
   */
  private void choose(SocksMessage.Greeting greeting) {
    if (greeting.password() && (handler.authenticates() || !greeting.none())) {
      step = Step.CREDENTIALS;
      reader.expectCredentials();
      send((byte) 5, PASSWORD);
    } else if (greeting.none()) {
      admitted();
    } else {
      refuse(Failure.badRequest(407, "SOCKS without a way of authentication that is offered"));
    }
  }

  private void verify(SocksMessage.Credentials shown) {
    if (handler.authenticates()) {
      phase = Phase.ASKING;
      Fields credentials = Fields.of("Proxy-Authorization", shown.basic());
      handler.authenticate(this, credentials, new Verdict());
    } else {
      admitted();
    }
  }

  private void admitted() {
    if (step == Step.GREETING) {
      send((byte) 5, NO_AUTHENTICATION);
    } else {
      send((byte) 1, (byte) 0); // RFC 1929 §2
    }
    step = Step.REQUEST;
    reader.expectRequest();
  }

  private void request(SocksMessage.Request request) {
    step = Step.REQUEST;
    begin();
    String target = request.authority().toString();
    handler.request(
        this, new RequestHead("CONNECT", target, HttpVersion.HTTP_1_1, Fields.of("Host", target)));
  }

  private void refuse(Failure failure) {
    begin();
    handler.refuse(this, failure);
  }

  private void begin() {
    phase = Phase.EXCHANGE;
    suspendTimeout();
    if (hasInputEnded()) {
      setTimeout(HALF_CLOSE_GRACE);
    }
  }

  /** Who the client is, told on any thread. */
  private final class Verdict implements Completion<Identity> {
    private final AtomicBoolean told = new AtomicBoolean();

    @Override
    public void completed(Identity client) {
      settle(
          () -> {
            identity = client;
            phase = Phase.READING;
            admitted();
            ByteBuffer in = early.take();
            received(in == null ? ByteBuffer.allocate(0) : in);
          });
    }

    @Override
    public void failed(Failure failure) {
      settle(() -> refuse(failure));
    }

    private void settle(Runnable next) {
      if (told.compareAndSet(false, true)) {
        loop()
            .later(
                () -> {
                  if (phase == Phase.ASKING) {
                    event(next);
                  }
                });
      }
    }
  }

  // The exchange

  @Override
  public @Nullable Identity identity() {
    return identity;
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public void attach(RequestReceiver requestReceiver) {
    receiver = requestReceiver;
  }

  @Override
  public boolean requestEnded() {
    return true;
  }

  @Override
  public boolean backlogged() {
    return writer.backlogged();
  }

  @Override
  public void failed(Failure reason) {
    if (refusal == null) {
      refusal = SocksReplies.of(reason);
    }
  }

  /** Whatever the response is, it is no tunnel. */
  @Override
  public BodySink respond(int status, String reason, FieldEdits fields, Framing body) {
    suspendTimeout();
    SocksReply reply = refusal == null ? SocksReplies.of(status) : refusal;
    if (step == Step.REQUEST || reader.version() == 4) {
      send(reply.octets(reader.version()));
    } else if (step == Step.CREDENTIALS) {
      send((byte) 1, (byte) 1);
    } else if (reader.version() == 5) {
      send((byte) 5, NOTHING_ACCEPTABLE);
    }
    return NoContent.SINK;
  }

  private void send(byte... octets) {
    writer.write(ByteBuffer.wrap(octets));
  }

  @Override
  public void finish() {
    receiver = null;
    finishing = true;
    writer.flush();
    if (finishing && !writer.backlogged()) {
      endOrderly();
    } else if (phase != Phase.CLOSED) {
      setTimeout(settings.keepAliveTimeout());
    }
  }

  private void endOrderly() {
    finishing = false;
    phase = Phase.LINGER;
    early.take();
    linger();
  }

  @Override
  public void abort() {
    close();
  }

  @Override
  public void cut() {
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
    send(SocksReply.SUCCEEDED.octets(reader.version()));
    writer.flush();
    if (tunnel != null && !writer.backlogged()) {
      startTunnel(start);
    }
  }

  private void startTunnel(TunnelStart start) {
    receiver = null;
    handOver(start, early.take());
  }

  // The writer

  @Override
  public void drained() {
    if (tunnel != null) {
      startTunnel(tunnel);
    } else if (finishing) {
      endOrderly();
    } else if (receiver != null) {
      receiver.drained();
    }
  }

  /** For the negotiation, or for the client to go. */
  @Override
  void expired() {
    if (phase == Phase.READING && reader.hasBegun()) {
      refuse(Failure.badRequest(408, "the request did not come in time"));
    } else if (phase == Phase.ASKING) {
      refuse(UNDECIDED);
    } else {
      lost();
    }
  }
}
