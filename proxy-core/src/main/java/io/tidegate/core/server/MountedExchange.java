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
import io.tidegate.core.io.ResetOnClose;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.RareMessage;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.SSLSessionInfo;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;

/** The client's side of an exchange that came through an application's own Undertow. */
final class MountedExchange implements ClientExchange {
  private static final System.Logger LOG = System.getLogger(MountedExchange.class.getName());

  private static final RareMessage BROKEN =
      new RareMessage(
          LOG, Level.ERROR, "a mounted exchange failed for an internal error", System::nanoTime);

  private final HttpServerExchange exchange;
  private final IoLoop loop;
  private final HttpVersion version;
  private final MountedResponse response;
  private final MountedConnection connection;
  private int mostRead = Integer.MAX_VALUE;
  private @Nullable RequestReceiver receiver;
  private @Nullable StreamSourceChannel source;
  private @Nullable StrictChunkedConduit chunks;
  private long expected = -1;
  private boolean requestEnded;
  private boolean discarding;
  private boolean ended;

  MountedExchange(HttpServerExchange exchange, IoLoop loop) {
    this.exchange = exchange;
    this.loop = loop;
    this.version =
        exchange.isHttp10()
            ? HttpVersion.HTTP_1_0
            : isHttp2() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
    this.response = new MountedResponse(exchange, loop, this);
    this.connection = MountedConnection.of(exchange.getConnection());
    connection.add(this);
  }

  private boolean isHttp2() {
    return !exchange.isHttp11() && !exchange.isHttp10();
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public InetSocketAddress clientAddress() {
    return exchange.getConnection().getPeerAddress(InetSocketAddress.class);
  }

  @Override
  public InetSocketAddress localAddress() {
    return exchange.getConnection().getLocalAddress(InetSocketAddress.class);
  }

  @Override
  public List<X509Certificate> certificates() {
    return PeerCertificates.of(exchange.getConnection().getSslSessionInfo());
  }

  @Override
  public ClientSide side() {
    SSLSessionInfo agreed = exchange.getConnection().getSslSessionInfo();
    ClientSide.TlsSession tls =
        agreed == null
            ? null
            : new ClientSide.TlsSession(agreed.getSecureProtocol(), agreed.getCipherSuite(), null);
    return new ClientSide(clientAddress(), clientAddress(), localAddress(), tls);
  }

  @Override
  public boolean isSecure() {
    return exchange.getConnection().getSslSessionInfo() != null;
  }

  @Override
  public HttpVersion version() {
    return version;
  }

  @Override
  public void attach(RequestReceiver requestReceiver) {
    receiver = requestReceiver;
  }

  /** HTTP/2 tells the end of content by a flag: without a length it is as good as chunked. */
  @Override
  public Framing framing(RequestHead head) throws BadMessageException {
    Framing framing = Framing.ofRequest(head);
    if (version == HttpVersion.HTTP_2) {
      boolean empty = exchange.isRequestComplete();
      if (empty && framing.length() > 0) {
        throw BadMessageException.framing("Content-Length without content");
      }
      return empty ? framing : framing == Framing.NONE ? Framing.CHUNKED : framing;
    }
    return framing;
  }

  @Override
  public void receive(Framing framing) {
    if (framing.isEmpty()) {
      requestEnded = true;
      return;
    }
    expected = framing.length();
    if (framing == Framing.CHUNKED && version != HttpVersion.HTTP_2) {
      chunks = StrictChunkedConduit.install(exchange);
    }
    StreamSourceChannel channel = exchange.getRequestChannel();
    if (channel == null) {
      requestEnded = true;
      return;
    }
    source = channel;
    channel.getReadSetter().set(c -> readable());
    channel.resumeReads();
  }

  private void readable() {
    StreamSourceChannel channel = source;
    if (channel == null || discarding) {
      return;
    }
    ByteBuffer in = loop.takeInput();
    try {
      int n = channel.read(in.limit(Math.min(in.capacity(), mostRead)));
      if (n > 0) {
        received(in.flip());
        n = isLastRead() ? channel.read(in.clear()) : n;
      }
      if (n < 0) {
        inputEnded();
      }
    } catch (IOException e) {
      broken(e);
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  /** Whether all content has come, so that nothing but its end is left to read. */
  private boolean isLastRead() {
    return !discarding && (expected == 0 || (chunks != null && chunks.ended()));
  }

  private void received(ByteBuffer in) {
    if (expected >= 0) {
      expected -= in.remaining();
      if (expected < 0) {
        discardRequest();
        told().failed(Failure.badRequest(400, "more content than Content-Length says"));
        return;
      }
    }
    told().content(in);
  }

  private void inputEnded() {
    if (source != null) {
      source.suspendReads();
    }
    if (expected > 0) {
      discarding = true;
      told().failed(Failure.badRequest(400, "less content than Content-Length says"));
      return;
    }
    requestEnded = true;
    Fields trailers;
    try {
      HeaderMap http2 = exchange.getAttachment(HttpAttachments.REQUEST_TRAILERS);
      trailers =
          chunks != null
              ? chunks.trailers()
              : http2 == null ? Fields.empty() : MountedHeads.fields(http2);
    } catch (BadMessageException e) {
      told().failed(RequestFaults.failure(e));
      return;
    }
    told().end(trailers);
  }

  private void broken(IOException cause) {
    discarding = true;
    BadMessageException fault = chunks == null ? null : chunks.fault();
    if (fault != null || cause instanceof RequestTooBigException) {
      exchange.setPersistent(false);
      told()
          .failed(
              fault == null
                  ? Failure.badRequest(413, "the content is too long")
                  : RequestFaults.failure(fault));
    } else {
      gone();
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  private RequestReceiver told() {
    if (receiver == null) {
      throw new IllegalStateException("no receiver attached");
    }
    return receiver;
  }

  /** The connection or the stream is gone. */
  void gone() {
    loop.run(
        () -> {
          if (!ended) {
            end();
            response.discard();
            told().gone();
          }
        });
  }

  /** Nothing more is told to the receiver. */
  private void end() {
    ended = true;
    connection.remove(this);
  }

  /** Ends whatever is under way; whoever waits for it is told. */
  void cut() {
    if (exchange.isComplete()) {
      return; // the connection is somebody else's by now
    }
    RequestReceiver waiting = ended ? null : receiver;
    abort();
    if (waiting != null) {
      waiting.gone();
    }
  }

  /** The exchange cannot go on: answers 500, or cuts the response that has begun. */
  void fail(Throwable cause) {
    BROKEN.log(cause);
    if (ended) {
      return;
    }
    if (!exchange.isResponseChannelAvailable()) {
      cut();
      return;
    }
    end();
    discardRequest();
    exchange.setPersistent(false);
    response.start(
        StatusCodes.INTERNAL_SERVER_ERROR,
        StatusCodes.INTERNAL_SERVER_ERROR_STRING,
        new FieldEdits(Fields.empty()),
        Framing.fixed(0));
    response.finish();
    if (receiver != null) {
      receiver.gone();
    }
  }

  /** The client has caught up. */
  void drained() {
    if (!ended) {
      told().drained();
    }
  }

  @Override
  public boolean requestEnded() {
    return requestEnded;
  }

  @Override
  public void pause() {
    if (source != null) {
      source.suspendReads();
    }
  }

  @Override
  public void readAtMost(int octets) {
    mostRead = octets;
  }

  @Override
  public void resume() {
    if (source != null && !requestEnded && !discarding) {
      source.resumeReads();
    }
  }

  @Override
  public void discardRequest() {
    if (!requestEnded) {
      discarding = true;
      pause();
      exchange.setPersistent(false);
    }
  }

  @Override
  public void interim(int status, String reason, FieldEdits fields) {
    response.interim(status, reason, fields, version);
  }

  @Override
  public BodySink respond(int status, String reason, FieldEdits fields, Framing body) {
    boolean closes = exchange.getRequestHeaders().contains(Headers.CONNECTION) && asksToClose();
    if (closes || (!requestEnded && version != HttpVersion.HTTP_2)) {
      exchange.setPersistent(false);
    }
    return response.start(status, reason, fields, body);
  }

  private boolean asksToClose() {
    try {
      return MountedHeads.fields(exchange.getRequestHeaders())
          .hasMember(FieldName.CONNECTION, "close");
    } catch (BadMessageException e) {
      return true;
    }
  }

  @Override
  public void finish() {
    end();
    response.finish();
  }

  @Override
  public void abort() {
    end();
    response.discard();
    if (version == HttpVersion.HTTP_2) {
      response.reset();
    } else {
      if (response.endsByClose()) {
        ResetOnClose.of(exchange.getConnection());
      }
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  /** The receiver is told if the client goes before the head of the tunnel has left. */
  @Override
  public void tunnel(int status, String reason, FieldEdits fields, TunnelStart tunnel) {
    HttpUpgradeListener headSent =
        (channel, opened) -> {
          if (!ended) {
            end();
            tunnel.start(channel, null);
          }
        };
    if (status == 101) {
      HttpString upgrade = Headers.UPGRADE;
      String protocol = fields.first(FieldName.UPGRADE);
      fields.remove(FieldName.CONNECTION).remove(FieldName.UPGRADE);
      exchange.upgradeChannel(headSent);
      exchange.getResponseHeaders().put(upgrade, protocol == null ? "" : protocol);
    } else {
      exchange.acceptConnectRequest(headSent);
      exchange.setStatusCode(status);
      exchange.setPersistent(true); // even for HTTP/1.0: the connection goes on as a tunnel
    }
    MountedHeads.copy(fields, exchange.getResponseHeaders());
    exchange.endExchange();
  }
}
