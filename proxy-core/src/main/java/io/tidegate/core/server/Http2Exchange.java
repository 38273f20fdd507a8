package io.tidegate.core.server;

import io.tidegate.core.h2.ErrorCode;
import io.tidegate.core.h2.HeadBlock;
import io.tidegate.core.h2.Http2Head;
import io.tidegate.core.h2.Http2Stream;
import io.tidegate.core.header.ConnectionFields;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.http.WebSocketKey;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.RareMessage;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client's side of an exchange that is a stream of an HTTP/2 connection. */
final class Http2Exchange implements ClientExchange, Http2Stream.Receiver {
  private static final System.Logger LOG = System.getLogger(Http2Exchange.class.getName());

  private static final RareMessage BROKEN =
      new RareMessage(
          LOG,
          Level.ERROR,
          "an exchange of a client failed for an internal error",
          System::nanoTime);

  private final Http2Connection connection;
  private final Http2Stream stream;
  private final boolean headIsAll;
  private @Nullable RequestReceiver receiver;
  private @Nullable WebSocketKey webSocket;
  private boolean isHead;
  private boolean isTunnel;
  private boolean requestEnded;
  private boolean discarding;

  /** Not null while the exchange waits for the end of its request before anything else. */
  private @Nullable AwaitedEnd end;

  /** The response is complete, but has not left yet. */
  private @Nullable Leaving leaving;

  private @Nullable StreamChannel tunnel;
  private @Nullable Runnable cutTunnel;
  private boolean over;

  /** On a stream that has been opened; {@code ends} if its head is all of the request. */
  Http2Exchange(Http2Connection connection, Http2Stream stream, boolean ends) {
    this.connection = connection;
    this.stream = stream;
    this.headIsAll = ends;
    this.requestEnded = ends;
    if (!ends) {
      stream.pause(); // until somebody asks for content
    }
  }

  /** The stream has been opened with a head that is over the limits. */
  void refuse(@Nullable String method, BadMessageException why) {
    isHead = "HEAD".equals(method);
    connection.handler.refuse(this, RequestFaults.failure(why));
  }

  /** The stream has been opened with {@code head}. */
  void start(Http2Head head) {
    try {
      if (!requestEnded && saysThatNothingFollows(head)) {
        end = new AwaitedEnd(head);
        stream.resume();
      } else {
        request(head);
      }
    } catch (BadMessageException e) {
      connection.handler.refuse(this, RequestFaults.failure(e));
    } catch (RuntimeException | Error e) {
      broken(e);
    }
  }

  private static boolean saysThatNothingFollows(Http2Head head) throws BadMessageException {
    return !"CONNECT".equals(head.method()) && Framing.contentLength(head.fields()) == 0;
  }

  /**
   * A request that says that it has no content, and has not ended: nobody is asked before it has
   * kept its word.
   */
  private final class AwaitedEnd extends TimerWheel.Deadline {
    private final Http2Head head;

    AwaitedEnd(Http2Head head) {
      this.head = head;
      set(loop().timers(), loop().now() + connection.settings.headTimeout().toMillis());
    }

    void came() {
      end = null;
      cancel(loop().timers());
      start(head);
    }

    @Override
    protected void expired() {
      end = null;
      isHead = "HEAD".equals(head.method());
      Failure late = Failure.badRequest(408, "the request did not come in time");
      connection.handler.refuse(Http2Exchange.this, late);
    }
  }

  private void request(Http2Head head) throws BadMessageException {
    isHead = "HEAD".equals(head.method());
    isTunnel = "CONNECT".equals(head.method());
    String protocol = head.protocol();
    if (protocol != null && !protocol.equals("websocket")) {
      Failure unknown = Failure.badRequest(501, "no protocol but websocket can be connected to");
      connection.handler.refuse(this, unknown);
      return;
    }
    RequestHead request;
    if (protocol == null) {
      request = connection.requests().head(head);
    } else {
      webSocket = WebSocketKey.random(loop().random());
      request = connection.requests().webSocket(head, webSocket);
    }
    connection.handler.request(this, request);
  }

  // What is known of the client

  @Override
  public IoLoop loop() {
    return connection.loop();
  }

  @Override
  public InetSocketAddress clientAddress() {
    return connection.clientAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return connection.localAddress();
  }

  @Override
  public boolean isSecure() {
    return connection.isSecure();
  }

  @Override
  public ClientSide side() {
    return connection.side();
  }

  @Override
  public int requestNumber() {
    return (stream.id() + 1) / 2; // streams of clients have odd numbers (RFC 9113 §5.1.1)
  }

  @Override
  public List<X509Certificate> certificates() {
    return connection.certificates();
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_2;
  }

  // The request

  @Override
  public void attach(RequestReceiver requestReceiver) {
    receiver = requestReceiver;
  }

  /**
   * The end of content is told by a flag: without a length it is as good as chunked. What follows
   * CONNECT is not content.
   */
  @Override
  public Framing framing(RequestHead head) throws BadMessageException {
    Framing framing = Framing.ofRequest(head);
    if (isTunnel) {
      if (framing != Framing.NONE) {
        throw BadMessageException.framing("CONNECT with content");
      }
      return framing;
    }
    if (!requestEnded) {
      return framing == Framing.NONE ? Framing.CHUNKED : framing;
    }
    if (framing.length() > 0) {
      throw BadMessageException.framing("Content-Length without content");
    }
    return framing;
  }

  @Override
  public void receive(Framing framing) {
    if (framing.isEmpty()) {
      requestEnded = true;
    } else {
      stream.resume();
    }
  }

  @Override
  public boolean requestEnded() {
    return requestEnded;
  }

  @Override
  public void pause() {
    stream.pause();
  }

  @Override
  public void resume() {
    stream.resume();
  }

  @Override
  public void discardRequest() {
    discarding = true;
    stream.discard();
  }

  @Override
  public void content(ByteBuffer data) {
    RequestReceiver told = receiver;
    if (tunnel != null) {
      tunnel.received(data);
    } else if (told == null || discarding) {
      data.position(data.limit());
    } else {
      try {
        told.content(data);
      } catch (RuntimeException | Error e) {
        data.position(data.limit());
        broken(e);
      }
    }
  }

  @Override
  public void end(Fields trailers) {
    RequestReceiver told = receiver;
    requestEnded = true;
    if (end != null) {
      end.came();
    } else if (tunnel != null) {
      tunnel.inputEnded();
    } else if (told != null && !discarding) {
      try {
        told.end(trailers);
      } catch (RuntimeException | Error e) {
        broken(e);
      }
    }
  }

  /** One exchange that fails for an internal error takes no other ones along. */
  private void broken(Throwable cause) {
    BROKEN.log(cause);
    RequestReceiver told = receiver;
    abort();
    if (told != null) {
      told.gone();
    }
  }

  @Override
  public void reset(ErrorCode code, boolean untouched, String detail) {
    RequestReceiver told = receiver;
    over();
    if (cutTunnel != null) {
      cutTunnel.run();
    } else if (told != null) {
      told.gone();
    }
  }

  // The response

  @Override
  public boolean backlogged() {
    return stream.backlogged();
  }

  @Override
  public void interim(int status, String reason, FieldEdits fields) {
    ConnectionFields.removeAll(fields);
    stream.head(connection.block().status(status).fields(fields), false);
  }

  /**
   * A WebSocket is opened by 101 with the one answer to our key; 2xx would tell that it is open.
   */
  @Override
  public boolean takes(ResponseHead head) {
    if (webSocket == null) {
      return true;
    }
    return head.status() == 101
        ? webSocket.accept().equals(head.fields().first(FieldName.SEC_WEBSOCKET_ACCEPT))
        : !opens(head.status());
  }

  private boolean opens(int status) {
    return webSocket != null && status / 100 == 2;
  }

  @Override
  public BodySink respond(int status, String reason, FieldEdits fields, Framing body) {
    ConnectionFields.removeAll(fields);
    HeadBlock head = connection.block().status(opens(status) ? 502 : status).fields(fields);
    if (body.kind() == Framing.Kind.FIXED) {
      head.field("content-length", Long.toString(body.length()));
    }
    boolean ends = isHead || body.isEmpty();
    stream.head(head, ends);
    return ends ? NoContent.SINK : stream;
  }

  @Override
  public void finish() {
    receiver = null;
    if (over) {
      return;
    }
    if (stream.backlogged()) {
      leaving = new Leaving();
      leaving.await(stream.sent());
    } else {
      finished();
    }
  }

  /** All has left; of a request that goes on nothing more is wanted (RFC 9113 §8.1). */
  private void finished() {
    over();
    if (stream.remoteEnded()) {
      stream.discard(); // what a tunnel has left unread
    } else {
      stream.reset(ErrorCode.NO_ERROR);
    }
  }

  @Override
  public void abort() {
    abort(ErrorCode.INTERNAL_ERROR);
  }

  private void abort(ErrorCode code) {
    over();
    stream.reset(code);
  }

  private void over() {
    receiver = null;
    if (end != null) {
      end.cancel(loop().timers());
    }
    if (leaving != null) {
      leaving.cancel(loop().timers());
    }
    if (!over) {
      over = true;
      connection.over();
    }
  }

  @Override
  public void drained() {
    if (leaving != null) {
      if (!over) {
        finished();
      }
    } else if (tunnel != null) {
      tunnel.drained();
    } else if (receiver != null) {
      receiver.drained();
    }
  }

  /** Ends a stream whose client takes nothing of the rest of its response for too long. */
  private final class Leaving extends TimerWheel.Deadline {
    private long sent;

    void await(long sentSoFar) {
      sent = sentSoFar;
      set(loop().timers(), loop().now() + connection.settings.keepAliveTimeout().toMillis());
    }

    @Override
    protected void expired() {
      if (stream.sent() > sent) {
        await(stream.sent());
      } else {
        abort(ErrorCode.CANCEL);
      }
    }
  }

  // Tunnels

  /** What it takes on HTTP/1.1 to switch protocols is not there on HTTP/2 (RFC 8441 §5). */
  @Override
  public void tunnel(int status, String reason, FieldEdits fields, TunnelStart start) {
    ConnectionFields.removeAll(fields);
    fields.remove(FieldName.SEC_WEBSOCKET_ACCEPT);
    stream.head(connection.block().status(status == 101 ? 200 : status).fields(fields), false);
    if (over) {
      return; // the connection was lost over it
    }
    receiver = null;
    tunnel = new StreamChannel(loop(), stream, clientAddress(), localAddress(), new TunnelEnd());
    if (headIsAll) {
      tunnel.inputEnded();
    }
    cutTunnel = start.start(tunnel, null);
  }

  /** What becomes of the stream when the tunnel is over. */
  private final class TunnelEnd implements StreamChannel.Owner {
    @Override
    public void ended() {
      finish();
    }

    @Override
    public void aborted() {
      if (!over) {
        abort(webSocket == null ? ErrorCode.CONNECT_ERROR : ErrorCode.CANCEL);
      }
    }
  }
}
