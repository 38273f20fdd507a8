package io.tidegate.core.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.RareMessage;
import io.tidegate.core.tls.Handshake;
import io.tidegate.core.tls.ServerTls;
import io.tidegate.core.tls.TlsConnection;
import io.tidegate.core.wire.ClientHello;
import io.tidegate.core.wire.ClientHelloReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.conduits.StreamSinkConduit;

/**
 * A connection whose client is to speak TLS, from its first octet to the end of the handshake. What
 * the client says first is read by us: it tells which host it wants.
 */
final class TlsDoor extends Door implements Handshake.Owner {
  private static final System.Logger LOG = System.getLogger(TlsDoor.class.getName());

  private static final RareMessage BROKEN =
      new RareMessage(LOG, Level.ERROR, "TLS could not be started", System::nanoTime);

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** The content type of a record with a part of a handshake (RFC 8446 §5.1). */
  private static final int HANDSHAKE = 22;

  private static final String PLAIN_HTTP =
      """
      HTTP/1.1 400 Bad Request\r
      Content-Type: text/plain\r
      Content-Length: 33\r
      Connection: close\r
      \r
      This port speaks TLS: use https.
      """;

  private final ServerTls tls;
  private final Executor worker;
  private final ClientHelloReader reader = new ClientHelloReader();
  private ByteBuffer held = ByteBuffer.allocate(2048);
  private @Nullable ClientHello hello;
  private @Nullable Handshake handshake;
  private @Nullable Linger linger;

  /** Leads to {@code doors} within {@code timeout}; {@code worker} computes. */
  TlsDoor(ClientChannel client, ServerTls tls, Executor worker, Duration timeout, Doors doors) {
    super(client, timeout, doors);
    this.tls = tls;
    this.worker = worker;
  }

  // ---- what the client wants

  @Override
  void received(ByteBuffer in) {
    hold(in.duplicate());
    try {
      ClientHello read = reader.read(in);
      if (read != null) {
        source.suspendReads();
        wants(read);
      }
    } catch (BadMessageException e) {
      refuse(e.detail());
    }
  }

  private void hold(ByteBuffer in) {
    if (held.remaining() < in.remaining()) {
      int room = Math.max(2 * held.capacity(), held.position() + in.remaining());
      held = ByteBuffer.allocate(room).put(held.flip());
    }
    held.put(in);
  }

  /** It is known which host is wanted, and everything that has come is held. */
  private void wants(ClientHello read) {
    hello = read;
    String name = read.serverName();
    DestinationResolver elsewhere = name == null ? null : doors.handler().passthrough(name);
    if (name != null && elsewhere != null) {
      goOn(new PassthroughConnection(client, name, elsewhere, doors), held.flip());
    } else if (tls.serves(name)) {
      terminate(read);
    } else {
      LOG.log(Level.DEBUG, "{0} wants a name that is not served here", client.peer());
      lastWords(TlsAlert.UNRECOGNIZED_NAME.record());
    }
  }

  // ---- the handshake

  private void terminate(ClientHello read) {
    SSLEngine engine;
    try {
      engine = tls.engine(read.serverName(), doors.offersHttp2());
    } catch (RuntimeException | Error e) {
      BROKEN.log(e);
      lastWords(TlsAlert.INTERNAL_ERROR.record());
      return;
    }
    handshake = new Handshake(loop, channel, engine, worker, this);
    if (!read.protocols().isEmpty() && !sharesProtocol(engine, read.protocols())) {
      handshake.abandon();
      LOG.log(Level.DEBUG, "{0} speaks none of our protocols", client.peer());
      lastWords(TlsAlert.NO_APPLICATION_PROTOCOL.record());
      return;
    }
    ByteBuffer begun = held.flip();
    held = ByteBuffer.allocate(0);
    handshake.start(begun);
  }

  /** One who offers only what we do not speak is refused (RFC 7301 §3.2), by every engine. */
  private static boolean sharesProtocol(SSLEngine engine, List<String> offered) {
    for (String ours : engine.getSSLParameters().getApplicationProtocols()) {
      if (offered.contains(ours)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void secured(TlsConnection connection) {
    ClientChannel.Tls agreed =
        ClientChannel.Tls.of(hello == null ? null : hello.serverName(), connection);
    if (!agreed.certificates().isEmpty() && !tls.accepts(agreed.certificates())) {
      LOG.log(Level.DEBUG, "the certificate of {0} is not good any more", client.peer());
      IoUtils.safeClose(connection);
      cut();
      return;
    }
    goOn(doors.open(client.secured(connection, agreed)), NOTHING);
  }

  @Override
  public void failed(IOException cause) {
    LOG.log(Level.DEBUG, "a TLS handshake with {0} failed: {1}", client.peer(), cause);
    linger(); // the client is to get the alert
  }

  // ---- the end

  /** Not TLS, or nothing that TLS could begin with. */
  private void refuse(String why) {
    LOG.log(Level.DEBUG, "a connection of {0} is not TLS: {1}", client.peer(), why);
    int first = held.get(0);
    if (first == HANDSHAKE) {
      lastWords(TlsAlert.DECODE_ERROR.record());
    } else if (first >= 'A' && first <= 'Z') { // a method
      lastWords(ByteBuffer.wrap(PLAIN_HTTP.getBytes(US_ASCII)));
    } else {
      cut();
    }
  }

  private void lastWords(ByteBuffer words) {
    try {
      StreamSinkConduit sink = channel.getSinkChannel().getConduit();
      sink.write(words); // few, and the first: there is room for them
      linger();
    } catch (IOException e) {
      cut();
    }
  }

  /** Closes our side first; the client closes the other. */
  private void linger() {
    handshake = null;
    try {
      channel.getSinkChannel().getConduit().terminateWrites();
    } catch (IOException e) {
      cut();
      return;
    }
    if (channel.isReadShutdown()) {
      cut();
    } else {
      cancel(loop.timers());
      linger = new Linger(loop, channel, this::cut);
      linger.start();
    }
  }

  @Override
  protected void expired() {
    LOG.log(Level.DEBUG, "a TLS handshake with {0} took too long", client.peer());
    cut();
  }

  @Override
  void ended() {
    if (handshake != null) {
      handshake.abandon();
    }
    if (linger != null) {
      linger.cancel(loop.timers());
    }
  }
}
