package io.tidegate.core.connect;

import io.tidegate.core.http.Ip;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Parent;
import io.tidegate.core.spi.ParentUnavailableException;
import io.tidegate.core.spi.Path;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.ProxyProtocol;
import io.tidegate.core.spi.RareMessage;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.tls.TlsConnection;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/**
 * A connection under way, step by step: look up, dial, and on the way through a parent proxy secure
 * the connection to it and have it open the way; then secure the connection to the destination. All
 * of it within one time-out.
 */
final class Connecting extends TimerWheel.Deadline implements Connector.Handle {
  /** HTTP/2 as ALPN has it (RFC 9113 §3.2). */
  private static final String HTTP_2 = "h2";

  private static final RareMessage UNSECURED =
      new RareMessage(
          System.getLogger(Connecting.class.getName()),
          Level.ERROR,
          "TLS with upstreams is impossible by the trust or keys of our own",
          System::nanoTime);

  private final Connector connector;
  private final IoLoop loop;
  private final Destination destination;
  private final Path path;

  /** The parent proxy that is to open a way; null if there is none, or it is the destination. */
  private final @Nullable Parent tunnel;

  private final Connector.AddressCheck check;
  private final Completion<NewConnection> completion;

  /** Gives the step up that is under way. */
  private Runnable step = () -> {};

  /** The address of the destination that has passed the check, null if there is no check. */
  private @Nullable InetAddress checked;

  private boolean looking;

  /** Whether what is waited for is the parent proxy's affair alone. */
  private BooleanSupplier awaitsParent = () -> false;

  private boolean done;

  Connecting(
      Connector connector,
      IoLoop loop,
      Destination destination,
      Connector.AddressCheck check,
      Completion<NewConnection> completion) {
    this.connector = connector;
    this.loop = loop;
    this.destination = destination;
    this.path = destination.path();
    this.tunnel = destination.isRelay() ? null : path.parent();
    this.check = check;
    this.completion = completion;
  }

  void start(long timeoutMillis) {
    set(loop.timers(), loop.now() + timeoutMillis);
    if (path.way() == Path.Way.CHECKED_TUNNEL) {
      lookUp(destination.host(), destination.address(), check.client(), this::targetFound);
    } else {
      lookUpNext();
    }
  }

  // ---- look up

  private void lookUp(
      String host,
      @Nullable InetAddress pinned,
      @Nullable Object client,
      Consumer<List<InetAddress>> found) {
    InetAddress literal = pinned == null ? Ip.parse(host) : pinned;
    if (literal != null) {
      found.accept(List.of(literal));
      return;
    }
    looking = true;
    Runnable before = step;
    Runnable withdrawal =
        connector
            .resolver()
            .resolve(
                host,
                client,
                (addresses, failure) -> loop.run(() -> lookedUp(addresses, failure, found)));
    if (step == before) { // else the answer has come, and the next step has begun
      step = withdrawal;
    }
  }

  private void lookedUp(
      @Nullable List<InetAddress> addresses,
      @Nullable Failure failure,
      Consumer<List<InetAddress>> found) {
    if (done) {
      return;
    }
    looking = false;
    if (addresses != null && !addresses.isEmpty()) {
      found.accept(addresses);
      return;
    }
    Failure reason =
        failure == null ? Failure.of(ProxyError.DNS_ERROR, "the name has no address") : failure;
    fail(blamed(reason));
  }

  /** An address of the destination is known to us, which only the parent proxy will dial. */
  private void targetFound(List<InetAddress> addresses) {
    List<InetAddress> permitted = permitted(addresses, check);
    if (permitted == null) {
      return;
    }
    boolean socks4 = tunnel != null && tunnel.kind() == Parent.Kind.SOCKS4A;
    for (InetAddress address : permitted) {
      if (!socks4 || Socks4Dialogue.canTell(address)) {
        checked = address;
        lookUpNext();
        return;
      }
    }
    fail(unroutable("the parent proxy takes no such addresses"));
  }

  /** Whoever we talk to: the parent proxy, or the destination. */
  private void lookUpNext() {
    if (tunnel == null) {
      lookUp(destination.host(), destination.address(), check.client(), this::dial);
    } else {
      awaitsParent = () -> true;
      lookUp(tunnel.host(), null, null, this::dial);
    }
  }

  /** The addresses that {@code refusal} lets pass; null if there is none, which has been told. */
  private @Nullable List<InetAddress> permitted(
      List<InetAddress> addresses, Function<InetAddress, @Nullable Failure> refusal) {
    List<InetAddress> permitted = new ArrayList<>(addresses.size());
    Failure refused = null;
    for (InetAddress address : addresses) {
      Failure reason = refusal.apply(address);
      if (reason == null) {
        permitted.add(address);
      } else {
        refused = reason;
      }
    }
    if (permitted.isEmpty() && refused != null) {
      fail(refused);
      return null;
    }
    return permitted;
  }

  // ---- dial

  private void dial(List<InetAddress> addresses) {
    List<InetAddress> permitted = permitted(addresses, this::refuses);
    if (permitted != null) {
      int port = tunnel == null ? destination.port() : tunnel.port();
      Dial dial = new Dial(loop, permitted, port, path.source(), new Dialled());
      step = dial::abandon;
      dial.start();
    }
  }

  /** The destination's rules are not about the addresses of parent proxies. */
  private @Nullable Failure refuses(InetAddress address) {
    Path.Source source = path.source();
    if (source != null && source.towards(address) == null) {
      return unroutable("no source address can reach the addresses of the destination");
    }
    Parent parent = path.parent();
    return parent == null ? check.apply(address) : check.refusesParent(address, parent.port());
  }

  private static Failure unroutable(String detail) {
    return Failure.of(ProxyError.DESTINATION_IP_UNROUTABLE, detail);
  }

  private final class Dialled implements Completion<StreamConnection> {
    @Override
    public void completed(StreamConnection tcp) {
      if (done) {
        IoUtils.safeClose(tcp);
        return;
      }
      if (path.way() == Path.Way.DIRECT) {
        checked = tcp.getPeerAddress(InetSocketAddress.class).getAddress();
      }
      if (tunnel == null) {
        reached(tcp, tcp, null);
      } else if (tunnel.kind() == Parent.Kind.HTTPS) {
        secure(
            tcp,
            tunnel.host(),
            tunnel.port(),
            tunnel.tls(),
            List.of(),
            secured -> open(secured, tcp, tunnel));
      } else {
        open(tcp, tcp, tunnel);
      }
    }

    @Override
    public void failed(Failure failure) {
      if (!done) {
        fail(blamed(failure));
      }
    }
  }

  // ---- through the parent proxy

  private void open(StreamConnection channel, StreamConnection below, Parent parent) {
    InetAddress told = checked == null ? Ip.parse(destination.host()) : checked;
    if (parent.kind() == Parent.Kind.SOCKS4A && !Socks4Dialogue.canTell(told)) {
      IoUtils.safeClose(channel);
      fail(unroutable("the parent proxy takes no such addresses"));
      return;
    }
    String via = destination.path().addsVia() ? connector.viaEntry() : null;
    ParentDialogue dialogue = ParentDialogue.with(parent, destination, checked, via);
    ParentHandshake handshake =
        new ParentHandshake(loop, channel, dialogue, new Opened(channel, below));
    step = handshake::abandon;
    awaitsParent = () -> !dialogue.hasAsked();
    handshake.start();
  }

  private final class Opened implements ParentHandshake.Ended {
    private final StreamConnection channel;
    private final StreamConnection below;

    Opened(StreamConnection channel, StreamConnection below) {
      this.channel = channel;
      this.below = below;
    }

    @Override
    public void opened(@Nullable ByteBuffer early) {
      if (!done) {
        reached(channel, below, early);
        loop.flush();
      }
    }

    @Override
    public void failed(Failure failure) {
      if (!done) {
        fail(failure);
      }
    }
  }

  // ---- at the destination

  /** {@code channel} is {@code below} itself or TLS upon it. */
  private void reached(
      StreamConnection channel, StreamConnection below, @Nullable ByteBuffer early) {
    ProxyProtocol told = path.told();
    if (told == null) {
      introduced(channel, below, early);
      return;
    }
    Introduction introduction =
        new Introduction(loop, channel, told, new Next<>(known -> introduced(known, below, early)));
    step = introduction::abandon;
    introduction.start();
  }

  private void introduced(
      StreamConnection channel, StreamConnection below, @Nullable ByteBuffer early) {
    if (!destination.secure()) {
      speak(destination.http() == UpstreamHttp.HTTP_2, channel, below, early);
    } else if (early != null) {
      IoUtils.safeClose(channel);
      fail(Failure.of(ProxyError.TLS_PROTOCOL_ERROR, "the upstream spoke before the handshake"));
    } else {
      secure(
          channel,
          destination.host(),
          destination.port(),
          destination.tls(),
          protocols(),
          tls -> agreed(tls, channel));
    }
  }

  /** What is offered in the handshake, the best first (RFC 7301). */
  private List<String> protocols() {
    return switch (destination.http()) {
      case HTTP_1_1 -> List.of();
      case NEGOTIATED -> List.of(HTTP_2, "http/1.1");
      case HTTP_2 -> List.of(HTTP_2);
    };
  }

  private void agreed(TlsConnection tls, StreamConnection below) {
    boolean http2 = HTTP_2.equals(tls.protocol());
    if (!http2 && destination.http() == UpstreamHttp.HTTP_2) {
      IoUtils.safeClose(tls);
      fail(
          Failure.of(
              ProxyError.TLS_PROTOCOL_ERROR,
              "the upstream did not choose HTTP/2 in the handshake"));
    } else {
      speak(http2, tls, below, null);
    }
  }

  private void secure(
      StreamConnection channel,
      String host,
      int port,
      @Nullable UpstreamTls own,
      List<String> protocols,
      Consumer<TlsConnection> next) {
    UpstreamTls tls = Objects.requireNonNullElse(own, connector.tls());
    Runnable handshake =
        () ->
            handshake(
                channel,
                () ->
                    new TlsHandshake(
                        loop,
                        channel,
                        host,
                        port,
                        tls,
                        protocols,
                        connector.worker(),
                        new Secured(next)));
    if (tls.source().isReady()) {
      handshake.run();
    } else {
      prepare(channel, tls, handshake);
    }
  }

  /** Has trust and keys made where that may take long, and then goes on. */
  private void prepare(StreamConnection channel, UpstreamTls tls, Runnable handshake) {
    step = () -> IoUtils.safeClose(channel);
    try {
      connector
          .worker()
          .execute(
              () -> {
                Runnable next = prepared(channel, tls, handshake);
                try {
                  loop.later(next);
                } catch (RejectedExecutionException e) {
                  IoUtils.safeClose(channel); // the thread has ended
                }
              });
    } catch (RejectedExecutionException e) { // the proxy stops
      unsecured(channel, e);
    }
  }

  private Runnable prepared(StreamConnection channel, UpstreamTls tls, Runnable handshake) {
    try {
      tls.context();
      return () -> {
        if (!done) {
          handshake.run();
        }
      };
    } catch (RuntimeException | Error e) {
      return () -> unsecured(channel, e);
    }
  }

  private void handshake(StreamConnection channel, Supplier<TlsHandshake> made) {
    try {
      TlsHandshake handshake = made.get();
      step = handshake::abandon;
      handshake.start();
    } catch (RuntimeException | Error e) {
      unsecured(channel, e);
    }
  }

  /** Trust and keys are missing, or do not go together. */
  private void unsecured(StreamConnection channel, Throwable cause) {
    IoUtils.safeClose(channel);
    failOurselves(TlsHandshake.unusable(cause));
  }

  /** Nobody out there is to blame, and the log is where we look for what is. */
  private void failOurselves(Failure reason) {
    if (!done) {
      UNSECURED.log(reason.cause());
      fail(reason);
    }
  }

  /** One step more is done; what has failed is told. */
  private class Next<C extends StreamConnection> implements Completion<C> {
    private final Consumer<C> next;

    Next(Consumer<C> next) {
      this.next = next;
    }

    @Override
    public void completed(C upon) {
      if (done) {
        IoUtils.safeClose(upon);
      } else {
        next.accept(upon);
      }
    }

    @Override
    public void failed(Failure failure) {
      if (!done) {
        fail(blamed(failure));
      }
    }
  }

  /** The same of a handshake, which may fail for trust of ours that is empty. */
  private final class Secured extends Next<TlsConnection> {
    Secured(Consumer<TlsConnection> next) {
      super(next);
    }

    @Override
    public void failed(Failure failure) {
      if (failure.error() == ProxyError.PROXY_CONFIGURATION_ERROR) {
        failOurselves(failure);
      } else {
        super.failed(failure);
      }
    }
  }

  // ---- the end

  /** A failure of the way to the parent proxy is the parent's, others are the destination's. */
  private Failure blamed(Failure reason) {
    return awaitsParent.getAsBoolean() || destination.isRelay()
        ? ParentUnavailableException.failure(reason)
        : reason;
  }

  private void speak(
      boolean http2, StreamConnection channel, StreamConnection below, @Nullable ByteBuffer early) {
    if (!http2) {
      succeed(new Http1UpstreamConnection(loop, channel, below, destination, checked, early));
      return;
    }
    Http2Upstream upstream =
        new Http2Upstream(loop, channel, destination, checked, early, new Spoken());
    step = upstream::abandon;
    upstream.start();
  }

  private final class Spoken implements Completion<NewConnection> {
    @Override
    public void completed(NewConnection made) {
      succeed(made);
    }

    @Override
    public void failed(Failure failure) {
      if (!done) {
        fail(blamed(failure));
      }
    }
  }

  private void succeed(NewConnection made) {
    end();
    completion.completed(made);
  }

  private void fail(Failure failure) {
    end();
    completion.failed(failure);
  }

  private void end() {
    done = true;
    cancel(loop.timers());
  }

  @Override
  protected void expired() {
    Failure late =
        looking
            ? Failure.of(ProxyError.DNS_TIMEOUT, "the name was not resolved in time")
            : Failure.of(ProxyError.CONNECTION_TIMEOUT, "no connection was made in time");
    abandon();
    completion.failed(blamed(late));
  }

  @Override
  public void abandon() {
    end();
    step.run();
  }
}
