package io.tidegate.core.connect;

import io.tidegate.core.http.Ip;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/**
 * Makes new connections: resolves the name, asks which addresses may be dialled, dials those very
 * addresses, and completes a TLS handshake if the destination wants it; all of it within one
 * time-out.
 */
public final class Connector {
  /** Says why an address must not be dialled, or null if it may be. */
  public interface AddressCheck extends Function<InetAddress, @Nullable Failure> {}

  /** A connection under way. */
  public interface Handle {
    /** Gives up; the completion is not told. For the thread of the loop. */
    void abandon();
  }

  private final AddressResolver resolver;
  private final SSLContext tls;
  private final Executor worker;

  /** A connector; {@code tls} serves destinations that bring no context of their own. */
  public Connector(AddressResolver resolver, SSLContext tls, Executor worker) {
    this.resolver = resolver;
    this.tls = tls;
    this.worker = worker;
  }

  /**
   * Connects to {@code destination}; tells {@code completion} on the thread of {@code loop}, within
   * {@code timeout}.
   */
  public Handle connect(
      IoLoop loop,
      Destination destination,
      Duration timeout,
      AddressCheck check,
      Completion<UpstreamConnection> completion) {
    Attempt attempt = new Attempt(loop, destination, timeout, check, completion);
    attempt.start();
    return attempt;
  }

  private final class Attempt extends TimerWheel.Deadline implements Handle {
    private final IoLoop loop;
    private final Destination destination;
    private final Duration timeout;
    private final AddressCheck check;
    private final Completion<UpstreamConnection> completion;
    private @Nullable Dial dial;
    private @Nullable TlsHandshake handshake;
    private Runnable withdraw = () -> {};
    private boolean done;

    Attempt(
        IoLoop loop,
        Destination destination,
        Duration timeout,
        AddressCheck check,
        Completion<UpstreamConnection> completion) {
      this.loop = loop;
      this.destination = destination;
      this.timeout = timeout;
      this.check = check;
      this.completion = completion;
    }

    void start() {
      set(loop.timers(), loop.now() + timeout.toMillis());
      InetAddress pinned = destination.address();
      InetAddress literal = pinned == null ? Ip.parse(destination.host()) : pinned;
      if (literal != null) {
        resolved(List.of(literal), null);
      } else {
        withdraw =
            resolver.resolve(
                destination.host(),
                (addresses, failure) -> loop.run(() -> resolved(addresses, failure)));
      }
    }

    private void resolved(@Nullable List<InetAddress> addresses, @Nullable Failure failure) {
      if (done) {
        return;
      }
      if (addresses == null || addresses.isEmpty()) {
        fail(
            failure == null
                ? Failure.of(ProxyError.DNS_ERROR, "the name has no address")
                : failure);
        return;
      }
      List<InetAddress> permitted = new ArrayList<>(addresses.size());
      Failure refusal = null;
      for (InetAddress address : addresses) {
        Failure refused = check.apply(address);
        if (refused == null) {
          permitted.add(address);
        } else {
          refusal = refused;
        }
      }
      if (permitted.isEmpty() && refusal != null) {
        fail(refusal);
        return;
      }
      dial = new Dial(loop, permitted, destination.port(), new Dialled());
      dial.start();
    }

    private void fail(Failure failure) {
      end();
      completion.failed(failure);
    }

    private void succeed(StreamConnection channel, StreamConnection tcp) {
      end();
      InetAddress address = tcp.getPeerAddress(InetSocketAddress.class).getAddress();
      completion.completed(new UpstreamConnection(loop, channel, tcp, destination, address));
    }

    private void end() {
      done = true;
      cancel(loop.timers());
    }

    @Override
    protected void expired() {
      boolean looking = dial == null;
      abandon();
      completion.failed(
          looking
              ? Failure.of(ProxyError.DNS_TIMEOUT, "the name was not resolved in time")
              : Failure.of(ProxyError.CONNECTION_TIMEOUT, "no connection was made in time"));
    }

    @Override
    public void abandon() {
      end();
      withdraw.run();
      if (dial != null) {
        dial.abandon();
      }
      if (handshake != null) {
        handshake.abandon();
      }
    }

    private void secure(StreamConnection tcp) {
      SSLContext context = destination.tls() == null ? tls : destination.tls();
      try {
        handshake = new TlsHandshake(loop, tcp, destination, context, worker, new Secured(tcp));
        handshake.start();
      } catch (RuntimeException e) {
        IoUtils.safeClose(tcp);
        fail(Failure.of(ProxyError.TLS_PROTOCOL_ERROR, "TLS could not be started", e));
      }
    }

    private final class Dialled implements Completion<StreamConnection> {
      @Override
      public void completed(StreamConnection tcp) {
        if (done) {
          IoUtils.safeClose(tcp);
        } else if (destination.secure()) {
          secure(tcp);
        } else {
          succeed(tcp, tcp);
        }
      }

      @Override
      public void failed(Failure failure) {
        if (!done) {
          fail(failure);
        }
      }
    }

    private final class Secured implements Completion<StreamConnection> {
      private final StreamConnection tcp;

      Secured(StreamConnection tcp) {
        this.tcp = tcp;
      }

      @Override
      public void completed(StreamConnection tls) {
        if (done) {
          IoUtils.safeClose(tls);
        } else {
          succeed(tls, tcp);
        }
      }

      @Override
      public void failed(Failure failure) {
        if (!done) {
          fail(failure);
        }
      }
    }
  }
}
