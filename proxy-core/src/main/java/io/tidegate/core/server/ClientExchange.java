package io.tidegate.core.server;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.DestinationResolver;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Identity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * The client's side of one exchange, whatever connection it came on. For the thread of its loop.
 *
 * <p>Framing is the connection's affair: the caller says what the body is, the connection how its
 * end is told. What is said here of content and of interim responses does nothing for a client
 * whose requests have none, and that knows none.
 */
public interface ClientExchange {
  /** The loop on whose thread the exchange lives. */
  IoLoop loop();

  /** The client's end of the connection. */
  InetSocketAddress clientAddress();

  /** Our end of the connection. */
  InetSocketAddress localAddress();

  /** Whether the connection is TLS. */
  boolean isSecure();

  /** What the client has proved itself with, its own certificate first; empty if with nothing. */
  default List<X509Certificate> certificates() {
    return List.of();
  }

  /**
   * The connection, as listeners are told of it; null if nobody has asked but ourselves. Asked once
   * an exchange, if there are listeners.
   */
  default @Nullable ClientSide side() {
    return null;
  }

  /** Which request on its connection this is, from 1; 0 if nobody counts. */
  default int requestNumber() {
    return 0;
  }

  /** How long the head took from its first octet to its last, in nanoseconds; 0 if none. */
  default long headNanos() {
    return 0;
  }

  /** Who the client is, if that was found out before it asked; null as long as nobody knows. */
  default @Nullable Identity identity() {
    return null;
  }

  /**
   * Decides where the exchange goes, in place of the proxy's own resolver, if it is a connection
   * that is passed on undecrypted; else null.
   */
  default @Nullable DestinationResolver passthrough() {
    return null;
  }

  /** The client's version of HTTP. */
  HttpVersion version();

  /** Names who is told about the client from now on. */
  void attach(RequestReceiver receiver);

  /**
   * How the content of the request is framed.
   *
   * @throws BadMessageException if that is ambiguous
   */
  default Framing framing(RequestHead head) throws BadMessageException {
    return Framing.ofRequest(head);
  }

  /** Starts to deliver content framed like this to the receiver. */
  default void receive(Framing framing) {}

  /** Whether the request has been received to its end. */
  boolean requestEnded();

  /** Stops delivering content until {@link #resume}. */
  default void pause() {}

  /** Delivers content again. */
  default void resume() {}

  /** Reads at most so many octets of content at a time. */
  default void readAtMost(int octets) {}

  /**
   * Ends the delivery of content: what still comes is thrown away, and the connection not used
   * again.
   */
  default void discardRequest() {}

  /** Sends an interim response, unless the client's version does not know them. */
  default void interim(int status, String reason, FieldEdits fields) {}

  /**
   * Whether the client can take a final response with this head, 101 included, for what it asked
   * for: one that has its own rules for the opening of a tunnel may not.
   */
  default boolean takes(ResponseHead head) {
    return true;
  }

  /** Says why the response to come is an error, to a client that has words of its own for that. */
  default void failed(Failure reason) {}

  /**
   * Sends the head of the final response. {@code fields} holds neither framing nor
   * connection-specific fields.
   *
   * @return where the content goes
   */
  BodySink respond(int status, String reason, FieldEdits fields, Framing body);

  /**
   * Where a whole response may be put as it goes over the wire, head and content, at most {@code
   * octets} of it; {@link #finish} then sends it. Null if it has to go through {@link #respond}:
   * the connection does not go on, or does not speak HTTP/1.1, or has no room now.
   */
  default @Nullable ByteBuffer room(int octets) {
    return null;
  }

  /** The response is complete; the connection goes on to the next request if it can. */
  void finish();

  /** Cuts the connection so that the client cannot take what it has got for a complete response. */
  void abort();

  /**
   * Sends the head that opens a tunnel and leaves the connection to {@code tunnel} once that has
   * left.
   *
   * @param status 101, or 2xx for CONNECT
   */
  void tunnel(int status, String reason, FieldEdits fields, TunnelStart tunnel);

  /** Takes a connection over for a tunnel. */
  interface TunnelStart {
    /**
     * The connection is yours; {@code early} was read from it already.
     *
     * @return cuts the tunnel, on the thread of its loop
     */
    Runnable start(StreamConnection channel, @Nullable ByteBuffer early);
  }

  /** Whether the client is slower than we are. */
  default boolean backlogged() {
    return false;
  }
}
