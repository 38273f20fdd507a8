package io.tidegate.core.server;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.spi.DestinationResolver;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a TLS client that is passed on as it is, because of the host that it wants:
 * nothing is decrypted. It is one exchange, like one of CONNECT for that host, whose tunnel begins
 * with what the client has sent already. A client that cannot be served is told so by a TLS alert.
 */
final class PassthroughConnection extends AcceptedConnection implements ClientExchange {
  /** As of one that speaks HTTP: a client that has shut down its side may be gone. */
  private static final Duration HALF_CLOSE_GRACE = Duration.ofSeconds(1);

  private static final int READ = 16 << 10;

  private final String serverName;
  private final DestinationResolver resolver;
  private final EarlyOctets early = new EarlyOctets();
  private @Nullable RequestReceiver receiver;
  private boolean begun;
  private boolean finishing;

  /** Passes on {@code client}, which wants {@code serverName}, to where {@code resolver} says. */
  PassthroughConnection(
      ClientChannel client, String serverName, DestinationResolver resolver, Doors doors) {
    super(client, doors.settings(), doors.handler(), doors.registry());
    this.serverName = serverName;
    this.resolver = resolver;
  }

  @Override
  public DestinationResolver passthrough() {
    return resolver;
  }

  /** It is, though the other end of TLS is behind us. */
  @Override
  public boolean isSecure() {
    return true;
  }

  // What the conduit tells

  @Override
  ByteBuffer limit(ByteBuffer in) {
    return in.limit(READ);
  }

  /** First comes what was read before it was known who is to get it. */
  @Override
  void received(ByteBuffer in) {
    early.keep(in);
    if (early.isFull()) {
      source.suspendReads();
    }
    if (!begun) {
      begun = true;
      suspendTimeout(); // whoever connects has a deadline
      String target = serverName + ":" + localAddress().getPort();
      Fields fields = Fields.of("Host", target);
      handler.request(this, new RequestHead("CONNECT", target, HttpVersion.HTTP_1_1, fields));
    }
  }

  @Override
  void inputEnded() {
    setTimeout(HALF_CLOSE_GRACE); // noticed when written to, if not gone
  }

  @Override
  void lost() {
    RequestReceiver told = receiver;
    close();
    if (told != null) {
      told.gone();
    }
  }

  @Override
  void expired() {
    lost();
  }

  /** It is under way from its beginning. */
  @Override
  public void drain() {}

  @Override
  public void cut() {
    lost();
  }

  @Override
  void ended() {
    receiver = null;
    finishing = false;
  }

  // The exchange

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

  /** Whatever the response is, it is no tunnel. */
  @Override
  public BodySink respond(int status, String reason, FieldEdits fields, Framing body) {
    suspendTimeout();
    writer.write((status < 500 ? TlsAlert.ACCESS_DENIED : TlsAlert.INTERNAL_ERROR).record());
    return NoContent.SINK;
  }

  @Override
  public void finish() {
    receiver = null;
    finishing = true;
    writer.flush();
    if (finishing && !writer.backlogged()) {
      endOrderly();
    } else if (finishing) {
      setTimeout(settings.keepAliveTimeout());
    }
  }

  private void endOrderly() {
    finishing = false;
    early.take();
    linger();
  }

  @Override
  public void drained() {
    if (finishing) {
      endOrderly();
    }
  }

  @Override
  public void abort() {
    close();
  }

  /** The client waits for no answer of ours. */
  @Override
  public void tunnel(int status, String reason, FieldEdits fields, TunnelStart start) {
    handOver(start, early.take());
  }
}
