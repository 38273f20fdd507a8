package io.tidegate.core.exchange;

import io.tidegate.core.connect.Connector;
import io.tidegate.core.connect.OwnListeners;
import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.header.Tracing;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.TraceContext;
import io.tidegate.core.limit.ClientNetwork;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UpstreamHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of an exchange to get a response: a destination, a connection to it, what comes over
 * it. An exchange makes them one after another, or two at a time if it hedges.
 */
final class Attempt implements Completion<UpstreamConnection>, Connector.AddressCheck {
  private static final Failure OURSELVES =
      Failure.of(ProxyError.PROXY_LOOP_DETECTED, "the destination is this proxy");

  private static final Failure OUR_PARENT =
      Failure.of(ProxyError.PROXY_LOOP_DETECTED, "the parent proxy is this proxy");

  /** A client of IPv6 has as many addresses as it likes within so many bits. */
  private static final int IPV6_CLIENT = 64;

  private final ProxyExchange exchange;
  private final Attempts attempts;
  private final Destination destination;
  private final Observed.@Nullable OfAttempt observed;
  private Connector.@Nullable Handle connecting;
  private @Nullable UpstreamConnection upstream;
  private @Nullable ResponseRelay relay;
  private final long beganAt;
  private long sentAt;
  private long receivedAt;
  private boolean connected;
  private @Nullable UpstreamConnection used;
  private boolean over;

  Attempt(ProxyExchange exchange, Destination destination) {
    this.exchange = exchange;
    this.attempts = exchange.attempts();
    this.destination = destination;
    this.observed = exchange.observe(destination);
    this.beganAt = exchange.watched();
  }

  Destination destination() {
    return destination;
  }

  /**
   * Takes a connection at rest that has been looked at once more if {@code probe}, or makes a new
   * one; always that if {@code fresh}.
   */
  void connect(boolean fresh, boolean probe) {
    Pipeline pipeline = exchange.pipeline();
    Destination target = target();
    UpstreamConnection pooled = fresh ? null : pipeline.pool().poll(target, probe, this);
    if (pooled != null) {
      send(pooled);
      return;
    }
    attempts.connecting(this);
    Connector.Handle handle =
        pipeline.pool().connect(target, fresh, exchange.settings().connectTimeout(), this, this);
    if (!connected && !over) {
      connecting = handle;
      pipeline.traffic().pending(1);
    }
  }

  /**
   * The destination as connections to it are made and pooled for this exchange. A tunnel takes a
   * connection of its own, as HTTP/1.1 has it wherever that is spoken.
   */
  private Destination target() {
    ClientRequest request = exchange.request();
    Destination target = destination.onBehalfOf(request.clientAddress(), request.localAddress());
    boolean own =
        request.head().isConnect()
            || (exchange.isUpgrade() && destination.http() == UpstreamHttp.NEGOTIATED);
    if (exchange.client().passthrough() != null) {
      return target.withoutTls(); // of ours: the client speaks it
    }
    return own ? target.speaking(UpstreamHttp.HTTP_1_1) : target;
  }

  /**
   * The access policy again, on the address that would be dialled. A forward proxy is told by its
   * clients where to go: not to itself, by whichever name or address.
   */
  @Override
  public @Nullable Failure apply(InetAddress address) {
    Plugins plugins = exchange.snapshot().plugins();
    ClientRequest request = exchange.request();
    Failure refused = plugins.access().refuses(request, address);
    if (refused != null || plugins.direction() != Direction.FORWARD) {
      return refused;
    }
    return isOurselves(address, destination.port()) ? OURSELVES : null;
  }

  /** Without an entry in Via, this is all that tells of a parent proxy that is ourselves. */
  @Override
  public @Nullable Failure refusesParent(InetAddress address, int port) {
    return isOurselves(address, port) ? OUR_PARENT : null;
  }

  private boolean isOurselves(InetAddress address, int port) {
    OwnListeners own = exchange.pipeline().ownListeners();
    InetSocketAddress local = exchange.request().localAddress();
    if (own.contain(address, port, local)) {
      return true;
    }
    for (InetAddress inner : exchange.snapshot().plugins().access().leadsTo(address)) {
      if (own.contain(inner, port, local)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable Object client() {
    return exchange.snapshot().plugins().direction() == Direction.FORWARD
        ? ClientNetwork.of(exchange.request().clientAddress().getAddress(), IPV6_CLIENT)
        : null;
  }

  @Override
  public void completed(UpstreamConnection connection) {
    connected = true;
    connectingEnded();
    if (over) {
      connection.close();
      return;
    }
    exchange.orFail(() -> send(connection));
    exchange.client().loop().flush();
  }

  /** No connection could be made. */
  @Override
  public void failed(Failure reason) {
    connectingEnded();
    if (!over) {
      over = true;
      exchange.orFail(() -> attempts.notConnected(this, reason));
      exchange.client().loop().flush();
    }
  }

  private void connectingEnded() {
    if (connecting != null) {
      connecting = null;
      exchange.pipeline().traffic().pending(-1);
    }
  }

  private void send(UpstreamConnection connection) {
    connected = true;
    upstream = connection;
    used = connection;
    sentAt = attempts.isHedged() ? exchange.client().loop().nanos() : exchange.watched();
    ResponseRelay made = new ResponseRelay(exchange, this, connection);
    relay = made;
    exchange.send(this, connection, made);
  }

  /**
   * Has the upstream request say what trace it belongs to: the one that an observer tells of, if
   * there is one. A tracestate that came goes if ours has none (W3C Trace Context §3.3).
   */
  void tellTrace(FieldEdits upstreamRequest) {
    TraceContext ours = exchange.trace();
    if (ours != null) {
      Tracing.tell(ours, upstreamRequest);
    }
    if (observed != null) {
      Tracing.tell(observed.fields(), upstreamRequest);
    }
  }

  /**
   * It has got the head of a response with this status, or none (0); only the first word counts.
   */
  void ended(int status, @Nullable Failure reason) {
    if (observed != null) {
      observed.ended(status, reason);
    }
  }

  /** When it was begun, in nanoseconds, if somebody wants to know how long it takes. */
  long beganAt() {
    return beganAt;
  }

  /**
   * When the request was sent, in nanoseconds, if the exchange hedges or somebody wants to know; 0
   * if it was not.
   */
  long sentAt() {
    return sentAt;
  }

  /** The head of the final response is here. */
  void received() {
    receivedAt = exchange.watched();
  }

  /** When that was, in nanoseconds, if somebody wants to know; 0 if it was not. */
  long receivedAt() {
    return receivedAt;
  }

  /** What comes over the connection is relayed by this; null before anything was sent. */
  @Nullable ResponseRelay relay() {
    return relay;
  }

  /** Whether the connection it used, if it got one, had served before. */
  boolean reusedConnection() {
    return used != null && used.isReused();
  }

  /** The connection is somebody else's from now on, or at rest, or closed. */
  void release() {
    over = true;
    upstream = null;
    ended(0, null);
  }

  /** Gives up: closes what it has. */
  void abandon() {
    over = true;
    ended(0, null);
    if (connecting != null) {
      connecting.abandon();
      connectingEnded();
    }
    if (upstream != null) {
      upstream.close();
      upstream = null;
    }
  }
}
