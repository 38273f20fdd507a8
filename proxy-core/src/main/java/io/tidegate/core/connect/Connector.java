package io.tidegate.core.connect;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.UpstreamTls;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes new connections: resolves the name, asks which addresses may be dialled, dials those very
 * addresses, has a parent proxy open the way if there is one, and completes a TLS handshake if the
 * destination wants it; all of it within one time-out.
 */
public final class Connector {
  /** Says why an address must not be gone to, or null if it may be. */
  public interface AddressCheck extends Function<InetAddress, @Nullable Failure> {
    /**
     * The same of an address of a parent proxy's. That has been chosen by whoever runs this proxy,
     * so there is no reason but that it leads to ourselves.
     */
    default @Nullable Failure refusesParent(InetAddress address, int port) {
      return null;
    }

    /**
     * What is equal for all that counts as the client who has said where to go; null for nobody.
     */
    default @Nullable Object client() {
      return null;
    }
  }

  /** A connection under way. */
  public interface Handle {
    /** Gives up; the completion is not told. For the thread of the loop. */
    void abandon();
  }

  private final AddressResolver resolver;
  private volatile UpstreamTls tls;
  private final Executor worker;
  private volatile String viaEntry;

  /**
   * A connector.
   *
   * @param tls serves destinations that say nothing about TLS
   * @param worker computes what a TLS handshake needs
   * @param viaEntry what parent proxies are told in Via of a CONNECT request
   */
  public Connector(AddressResolver resolver, UpstreamTls tls, Executor worker, String viaEntry) {
    this.resolver = resolver;
    this.tls = tls;
    this.worker = worker;
    this.viaEntry = viaEntry;
  }

  /**
   * Makes connections like this from now on; those under way may have begun otherwise.
   *
   * @param otherTls serves destinations that say nothing about TLS
   * @param otherEntry what parent proxies are told in Via of a CONNECT request
   */
  public void change(UpstreamTls otherTls, String otherEntry) {
    this.tls = otherTls;
    this.viaEntry = otherEntry;
  }

  AddressResolver resolver() {
    return resolver;
  }

  UpstreamTls tls() {
    return tls;
  }

  Executor worker() {
    return worker;
  }

  String viaEntry() {
    return viaEntry;
  }

  /**
   * Makes a connection of the caller's own to {@code destination}; tells {@code completion} on the
   * thread of {@code loop}, within {@code timeout}.
   */
  public Handle connect(
      IoLoop loop,
      Destination destination,
      Duration timeout,
      AddressCheck check,
      Completion<UpstreamConnection> completion) {
    return dial(
        loop,
        destination,
        timeout,
        check,
        new Completion<>() {
          @Override
          public void completed(NewConnection made) {
            completion.completed(made.alone());
          }

          @Override
          public void failed(Failure failure) {
            completion.failed(failure);
          }
        });
  }

  /** The same for whoever makes more of the connection. */
  Handle dial(
      IoLoop loop,
      Destination destination,
      Duration timeout,
      AddressCheck check,
      Completion<NewConnection> completion) {
    Connecting connecting = new Connecting(this, loop, destination, check, completion);
    connecting.start(timeout.toMillis());
    return connecting;
  }
}
