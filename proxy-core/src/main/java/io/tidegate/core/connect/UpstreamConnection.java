package io.tidegate.core.connect;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.spi.Destination;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * What carries one request at a time to an upstream, and its response back, whatever the version of
 * HTTP there. For the thread of its loop.
 */
public interface UpstreamConnection {
  /** Where it leads. */
  Destination destination();

  /** The address it leads to, null if only a parent proxy knows. */
  @Nullable InetAddress address();

  /** The version of HTTP that is spoken on it. */
  HttpVersion version();

  /** Whether what it runs on has carried a request before. */
  boolean isReused();

  /** Sends the head of a request; {@code receiver} is told of the response. */
  void send(UpstreamRequest request, ResponseReceiver receiver);

  /** From now on, {@code other} is told of the response; of nothing, if we have closed by now. */
  void passTo(ResponseReceiver other);

  /** Where the content of the request goes. */
  BodySink request();

  /** The request is complete. */
  void endRequest(@Nullable FieldEdits trailers);

  /**
   * Nothing that follows the head of the response is told until {@link #release}. For the receiver
   * that is being told of the head; or before any request is sent.
   */
  void hold();

  /** Runs {@code next}, and then goes on with what follows the head. */
  void release(Runnable next);

  /** Stops reading until {@link #resume}: the client is slower than the upstream. */
  void pause();

  /** Reads again, as soon as the connection is not held any more. */
  void resume();

  /** Tells at most so many octets at a time, until {@link #readFreely} or the next request. */
  void readAtMost(int octets);

  /** Tells as much at a time as pays. */
  void readFreely();

  /** Gives up what is under way; the receiver is told that it was abandoned. */
  void close();

  /** A connection that is no longer ours, and the octets that were read from it already. */
  record TakenOver(StreamConnection channel, @Nullable ByteBuffer early) {}

  /** Leaves the connection to the caller, as it is after a 101 response or for a tunnel. */
  TakenOver takeOver();
}
