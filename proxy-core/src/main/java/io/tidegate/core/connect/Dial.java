package io.tidegate.core.connect;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Path;
import io.tidegate.core.spi.ProxyError;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.FailedIoFuture;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;

/**
 * Opens one TCP connection to the first of several addresses that answers (RFC 8305 §5): the next
 * address is tried when one fails, or 250 ms after it was tried; whichever connects first wins and
 * the others are closed.
 */
final class Dial extends TimerWheel.Deadline {
  private static final long ATTEMPT_DELAY_MILLIS = 250;
  private static final OptionMap OPTIONS =
      OptionMap.create(Options.TCP_NODELAY, true, Options.KEEP_ALIVE, true);

  private final IoLoop loop;
  private final List<InetAddress> addresses;
  private final int port;
  private final Path.@Nullable Source source;
  private final Completion<StreamConnection> completion;
  private final List<IoFuture<StreamConnection>> attempts = new ArrayList<>(1);
  private int next;
  private int running;
  private boolean done;
  private @Nullable Failure lastFailure;

  /** To {@code port} of the addresses, from one of {@code source} if that is not null. */
  Dial(
      IoLoop loop,
      List<InetAddress> addresses,
      int port,
      Path.@Nullable Source source,
      Completion<StreamConnection> completion) {
    this.loop = loop;
    this.addresses = AddressOrder.interleave(addresses);
    this.port = port;
    this.source = source;
    this.completion = completion;
  }

  void start() {
    attempt();
  }

  /** Gives up, silently. */
  void abandon() {
    done = true;
    cancel(loop.timers());
    attempts.forEach(IoFuture::cancel);
  }

  @Override
  protected void expired() {
    attempt();
  }

  private void attempt() {
    if (done || next == addresses.size()) {
      return;
    }
    InetSocketAddress address = new InetSocketAddress(addresses.get(next++), port);
    if (next < addresses.size()) {
      set(loop.timers(), loop.now() + ATTEMPT_DELAY_MILLIS);
    }
    running++;
    IoFuture<StreamConnection> attempt = open(address);
    attempts.add(attempt);
    attempt.addNotifier((future, self) -> loop.run(() -> ended(future)), null);
  }

  private IoFuture<StreamConnection> open(InetSocketAddress address) {
    try {
      if (source == null) {
        return loop.thread().openStreamConnection(address, channel -> {}, OPTIONS);
      }
      InetSocketAddress local = new InetSocketAddress(source.towards(address.getAddress()), 0);
      return loop.thread()
          .openStreamConnection(local, address, channel -> {}, bound -> {}, OPTIONS);
    } catch (UnsupportedAddressTypeException e) { // an IPv6 address on a machine without IPv6
      NoRouteToHostException cause = new NoRouteToHostException("no such addresses here");
      cause.initCause(e);
      return new FailedIoFuture<>(cause);
    }
  }

  private void ended(IoFuture<? extends StreamConnection> attempt) {
    running--;
    if (attempt.getStatus() == IoFuture.Status.DONE) {
      connected(attempt);
    } else if (!done) {
      lastFailure =
          failure(attempt.getStatus() == IoFuture.Status.FAILED ? attempt.getException() : null);
      if (next < addresses.size()) {
        attempt();
      } else if (running == 0) {
        done = true;
        completion.failed(lastFailure);
      }
    }
  }

  private void connected(IoFuture<? extends StreamConnection> attempt) {
    StreamConnection channel = result(attempt);
    if (done || channel == null) {
      IoUtils.safeClose(channel);
      return;
    }
    abandon();
    completion.completed(channel);
  }

  private static @Nullable StreamConnection result(IoFuture<? extends StreamConnection> attempt) {
    try {
      return attempt.get();
    } catch (IOException e) {
      return null;
    }
  }

  private static Failure failure(@Nullable IOException cause) {
    if (cause instanceof BindException) {
      return Failure.of(
              ProxyError.PROXY_CONFIGURATION_ERROR, "the source address cannot be used", cause)
          .withStatus(502);
    }
    if (cause instanceof ConnectException) {
      return Failure.of(ProxyError.CONNECTION_REFUSED, "the connection was refused", cause);
    }
    if (cause instanceof NoRouteToHostException) {
      return Failure.of(
          ProxyError.DESTINATION_IP_UNROUTABLE, "there is no route to the address", cause);
    }
    String detail = "the connection failed";
    return cause == null
        ? Failure.of(ProxyError.DESTINATION_UNAVAILABLE, detail)
        : Failure.of(ProxyError.DESTINATION_UNAVAILABLE, detail, cause);
  }
}
