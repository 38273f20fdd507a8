package io.tidegate.core.exchange;

import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.ExchangeSettings;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/**
 * The tunnel that an exchange has become: the upstream's connection waits until the client has been
 * told, and then what goes through is relayed, at once or when the client has begun with TLS.
 */
final class Tunnelling {
  private final ProxyExchange exchange;
  private final UpstreamConnection.TakenOver upstream;
  private final boolean tlsOnly;
  private boolean begun;
  private @Nullable TlsGate gate;
  private long fromClient;
  private long fromUpstream;

  /**
   * A tunnel that has not begun.
   *
   * @param tlsOnly whether it has to begin with TLS for the host that the client has asked for
   */
  Tunnelling(ProxyExchange exchange, UpstreamConnection.TakenOver upstream, boolean tlsOnly) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.tlsOnly = tlsOnly;
  }

  /**
   * Begins, as the client has been told.
   *
   * @param early what the client has sent already
   * @return what ends it
   */
  Runnable begin(StreamConnection client, @Nullable ByteBuffer early) {
    begun = true;
    exchange.observedEnd();
    IoLoop loop = exchange.client().loop();
    ExchangeSettings settings = exchange.settings();
    Tunnel tunnel =
        new Tunnel(loop, client, upstream.channel(), settings, exchange.pace(), this::ended);
    if (!tlsOnly) {
      tunnel.start(early, upstream.early());
      return tunnel::end;
    }
    TlsGate before =
        new TlsGate(
            loop, client, settings, exchange.request().authority(), tunnel, upstream.early());
    gate = before;
    before.start(early);
    return before::end;
  }

  private void ended(long octetsFromClient, long octetsFromUpstream) {
    fromClient = octetsFromClient;
    fromUpstream = octetsFromUpstream;
    exchange.tunnelEnded(gate == null ? null : gate.refusal());
  }

  /** Closes the upstream's connection, unless the tunnel has begun and ends by itself. */
  void abandon() {
    if (!begun) {
      IoUtils.safeClose(upstream.channel());
    }
  }

  /** How much has come from the client; 0 until it has ended. */
  long fromClient() {
    return fromClient;
  }

  /** How much has come from the upstream; 0 until it has ended. */
  long fromUpstream() {
    return fromUpstream;
  }
}
