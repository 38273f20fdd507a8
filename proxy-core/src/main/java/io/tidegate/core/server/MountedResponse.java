package io.tidegate.core.server;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.wire.HeadWriter;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/**
 * The response of a {@link MountedExchange}: Undertow frames it, we keep what its channel does not
 * take at once.
 */
final class MountedResponse implements BodySink {
  private final HttpServerExchange exchange;
  private final IoLoop loop;
  private final MountedExchange owner;
  private final ArrayDeque<ByteBuffer> pending = new ArrayDeque<>(0);
  private @Nullable StreamSinkChannel channel;
  private boolean ended;
  private boolean discarded;

  MountedResponse(HttpServerExchange exchange, IoLoop loop, MountedExchange owner) {
    this.exchange = exchange;
    this.loop = loop;
    this.owner = owner;
  }

  /**
   * Writes an interim response to an HTTP/1.1 connection, past the exchange, which knows only final
   * ones. Nothing of the final response has been written by then. On HTTP/2 there is a way for 100
   * only; others are left out.
   */
  void interim(int status, String reason, FieldEdits fields, HttpVersion version) {
    if (version == HttpVersion.HTTP_2 && status == 100) {
      HttpContinue.sendContinueResponse(exchange, new Continued());
      return;
    }
    if (version == HttpVersion.HTTP_1_1
        && exchange.getConnection() instanceof HttpServerConnection connection) {
      HeadWriter head = loop.heads().clear().statusLine(status, reason).fields(fields).end();
      ByteBuffer octets = head.view();
      try {
        while (octets.hasRemaining()) {
          if (connection.getOriginalSinkConduit().write(octets) == 0) {
            throw new IOException("the client takes no interim response");
          }
        }
      } catch (IOException e) {
        IoUtils.safeClose(exchange.getConnection());
        owner.gone();
      }
    }
  }

  BodySink start(int status, String reason, FieldEdits fields, Framing body) {
    exchange.setStatusCode(status);
    if (!reason.isEmpty()) {
      exchange.setReasonPhrase(reason);
    }
    MountedHeads.copy(fields, exchange.getResponseHeaders());
    if (body.kind() == Framing.Kind.FIXED) {
      exchange.setResponseContentLength(body.length());
    }
    if (body == Framing.NONE || exchange.getRequestMethod().equals(Methods.HEAD)) {
      return this; // through a channel, Undertow would put 0 in place of the length told
    }
    StreamSinkChannel sink = exchange.getResponseChannel();
    channel = sink;
    if (sink != null) {
      sink.getWriteSetter().set(c -> writable());
    }
    return this;
  }

  @Override
  public void write(ByteBuffer data) {
    StreamSinkChannel sink = channel;
    if (sink == null || discarded) {
      data.position(data.limit());
      return;
    }
    try {
      while (pending.isEmpty() && data.hasRemaining() && sink.write(data) > 0) {
        // goes on
      }
      if (data.hasRemaining()) {
        ByteBuffer copy = ByteBuffer.allocate(data.remaining());
        pending.addLast(copy.put(data).flip());
        sink.resumeWrites();
      }
    } catch (IOException e) {
      data.position(data.limit());
      owner.gone();
    }
  }

  @Override
  public void end(@Nullable FieldEdits trailers) {
    if (trailers != null) {
      HeaderMap map = new HeaderMap();
      MountedHeads.copy(new FieldEdits(trailers.toFields()), map);
      exchange.putAttachment(HttpAttachments.RESPONSE_TRAILERS, map);
    }
  }

  @Override
  public boolean backlogged() {
    return !pending.isEmpty();
  }

  /** The response is complete: sends the rest, then lets the exchange end. */
  void finish() {
    ended = true;
    if (pending.isEmpty()) {
      shutDown();
    }
  }

  /** Ends the stream without completing the response. */
  void reset() {
    IoUtils.safeClose(channel == null ? exchange.getConnection() : channel);
    exchange.endExchange();
  }

  /** Whether only the end of the connection tells the end of the content. */
  boolean endsByClose() {
    HeaderMap headers = exchange.getResponseHeaders();
    return !headers.contains(Headers.CONTENT_LENGTH)
        && !headers.contains(Headers.TRANSFER_ENCODING);
  }

  void discard() {
    discarded = true;
    pending.clear();
  }

  private void writable() {
    StreamSinkChannel sink = channel;
    if (sink == null || discarded) {
      return;
    }
    try {
      while (!pending.isEmpty()) {
        ByteBuffer first = pending.peekFirst();
        if (sink.write(first) == 0) {
          return;
        }
        if (!first.hasRemaining()) {
          pending.removeFirst();
        }
      }
      if (ended) {
        shutDown();
      } else {
        sink.suspendWrites();
        owner.drained();
        loop.flush();
      }
    } catch (IOException e) {
      owner.gone();
    } catch (RuntimeException | Error e) {
      owner.fail(e);
      loop.flush();
    }
  }

  private void shutDown() {
    StreamSinkChannel sink = channel;
    if (sink == null) {
      exchange.endExchange();
      return;
    }
    try {
      sink.shutdownWrites();
      if (sink.flush()) {
        sink.suspendWrites();
        exchange.endExchange();
      } else {
        sink.getWriteSetter().set(c -> flushRest(sink));
        sink.resumeWrites();
      }
    } catch (IOException e) {
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  private void flushRest(StreamSinkChannel sink) {
    try {
      if (sink.flush()) {
        sink.suspendWrites();
        exchange.endExchange();
      }
    } catch (IOException e) {
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  /** A 100 response is on its way, or the client is gone. */
  private final class Continued implements IoCallback {
    @Override
    public void onComplete(HttpServerExchange sent, Sender sender) {
      // the client may send its content now
    }

    @Override
    public void onException(HttpServerExchange sent, Sender sender, IOException cause) {
      owner.gone();
    }
  }
}
