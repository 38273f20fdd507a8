package io.tidegate.core.exchange;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Ip;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.wire.ClientHello;
import io.tidegate.core.wire.ClientHelloReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Holds back what a client sends into its tunnel until that is known to begin a TLS handshake with
 * the host that the client has asked for. Where it has asked for an address, any host will do.
 */
final class TlsGate extends TimerWheel.Deadline {
  private static final System.Logger LOG = System.getLogger(TlsGate.class.getName());

  /** A client that has got its tunnel begins at once. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The alert access_denied (RFC 8446 §6.2), fatal. */
  private static final byte[] ALERT = {21, 3, 3, 0, 2, 2, 49};

  private final IoLoop loop;
  private final StreamConnection channel;
  private final StreamSourceConduit source;
  private final long patienceMillis;
  private final Authority asked;
  private final Tunnel tunnel;
  private final @Nullable ByteBuffer fromUpstream;
  private final ClientHelloReader reader = new ClientHelloReader();
  private ByteBuffer held = ByteBuffer.allocate(2048);
  private @Nullable Failure refusal;

  /** Before the {@code tunnel} to {@code asked}; the upstream's octets wait meanwhile. */
  TlsGate(
      IoLoop loop,
      StreamConnection channel,
      ExchangeSettings settings,
      Authority asked,
      Tunnel tunnel,
      @Nullable ByteBuffer fromUpstream) {
    this.loop = loop;
    this.channel = channel;
    this.source = channel.getSourceChannel().getConduit();
    Duration silence = settings.tunnelIdleTimeout();
    this.patienceMillis = (silence.compareTo(PATIENCE) < 0 ? silence : PATIENCE).toMillis();
    this.asked = asked;
    this.tunnel = tunnel;
    this.fromUpstream = fromUpstream;
  }

  /** Starts with the octets that the client has sent already. */
  void start(@Nullable ByteBuffer early) {
    set(loop.timers(), loop.now() + patienceMillis);
    channel.getSourceChannel().setReadListener(c -> readable());
    source.resumeReads();
    if (early != null) {
      received(early);
    }
    loop.flush();
  }

  /** Why the tunnel has not been opened, or null. */
  @Nullable Failure refusal() {
    return refusal;
  }

  /** Ends the tunnel, whether it has begun or not. */
  void end() {
    cancel(loop.timers());
    tunnel.end();
  }

  private void readable() {
    ByteBuffer in = loop.takeInput();
    try {
      int n = source.read(in.limit(ClientHelloReader.MAX));
      if (n > 0) {
        received(in.flip());
      } else if (n < 0) {
        refuse("it ended before TLS had begun");
      }
    } catch (IOException | RuntimeException e) {
      refuse("it was lost before TLS had begun");
    } finally {
      loop.giveInput(in);
      loop.flush();
    }
  }

  private void received(ByteBuffer in) {
    hold(in.duplicate());
    ClientHello hello;
    try {
      hello = reader.read(in);
    } catch (BadMessageException e) {
      refuse(e.detail());
      return;
    }
    if (hello == null) {
      return;
    }
    if (Ip.parse(asked.bareHost()) != null || hello.isFor(asked.bareHost())) {
      cancel(loop.timers());
      source.suspendReads();
      tunnel.start(held.flip(), fromUpstream);
    } else {
      tunnel.lastWords(ByteBuffer.wrap(ALERT));
      refuse(hello.serverName() == null ? "its TLS names no host" : "its TLS is for another host");
    }
  }

  private void hold(ByteBuffer in) {
    if (held.remaining() < in.remaining()) {
      int room = Math.max(2 * held.capacity(), held.position() + in.remaining());
      held = ByteBuffer.allocate(room).put(held.flip());
    }
    held.put(in);
  }

  @Override
  protected void expired() {
    refuse("TLS did not begin in time");
  }

  private void refuse(String why) {
    LOG.log(Level.DEBUG, "a tunnel was cut: " + why);
    refusal = Failure.denied("a tunnel that must be TLS was cut: " + why);
    end();
  }
}
