package io.tidegate.core.connect;

import io.tidegate.core.h2.ErrorCode;
import io.tidegate.core.h2.HeadBlock;
import io.tidegate.core.h2.Http2Head;
import io.tidegate.core.h2.Http2Stream;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ReasonPhrase;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UntouchedException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One request and its response on a {@link Http2Upstream} (RFC 9113 §8.1). */
final class Http2UpstreamStream implements UpstreamConnection, Http2Stream.Receiver {
  /** For a request that could not be sent, as its receiver is about to be told. */
  private static final BodySink NOWHERE =
      new BodySink() {
        @Override
        public void write(ByteBuffer data) {
          data.position(data.limit());
        }

        @Override
        public void end(@Nullable FieldEdits trailers) {}

        @Override
        public boolean backlogged() {
          return false;
        }
      };

  private final Http2Upstream connection;
  private final boolean reused;
  private @Nullable Http2Stream stream;
  private @Nullable ResponseReceiver receiver;
  private String method = "";
  private boolean requestEnded;
  private boolean silent = true;
  private boolean held;
  private boolean paused;
  private boolean touched;
  private boolean over;
  private long sentAt;

  /** The end, if it has come while we are held. */
  private @Nullable Fields heldEnd;

  /** How much content is still to come, -1 if only the end will tell. */
  private long left = -1;

  private int most = Integer.MAX_VALUE;

  Http2UpstreamStream(Http2Upstream connection, boolean reused) {
    this.connection = connection;
    this.reused = reused;
  }

  @Override
  public Destination destination() {
    return connection.destination();
  }

  @Override
  public @Nullable InetAddress address() {
    return connection.address();
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_2;
  }

  @Override
  public boolean isReused() {
    return reused;
  }

  // ---- the request

  @Override
  public void send(UpstreamRequest request, ResponseReceiver responseReceiver) {
    receiver = responseReceiver;
    method = request.method();
    sentAt = connection.loop().now();
    if (request.upgrade() != null) {
      connection.loop().later(() -> fail(noUpgrade(), false));
      return;
    }
    if (!connection.session().mayOpen()) { // something has come between
      connection.loop().later(() -> reset(ErrorCode.REFUSED_STREAM, true, "no more are taken"));
      return;
    }
    requestEnded = request.body().isEmpty();
    stream = connection.session().open(head(request), requestEnded, this);
    if (held || paused) {
      stream.pause();
    }
  }

  private static Failure noUpgrade() {
    return Failure.of(
        ProxyError.HTTP_UPGRADE_FAILED, "the upstream takes no other protocols over HTTP/2");
  }

  /** The head as HTTP/2 has it (RFC 9113 §8.3.1). */
  private HeadBlock head(UpstreamRequest request) {
    HeadBlock block =
        connection
            .session()
            .block()
            .request(
                request.method(),
                destination().secure() ? "https" : "http",
                request.host(),
                request.target())
            .fields(request.fields());
    if (request.body().kind() == Framing.Kind.FIXED) {
      block.field("content-length", Long.toString(request.body().length()));
    }
    return request.trailersWelcome() ? block.field("te", "trailers") : block;
  }

  @Override
  public BodySink request() {
    return stream == null ? NOWHERE : stream;
  }

  @Override
  public void endRequest(@Nullable FieldEdits trailers) {
    if (!requestEnded && stream != null) {
      stream.end(trailers);
    }
    requestEnded = true;
  }

  @Override
  public void drained() {
    if (receiver != null) {
      receiver.requestDrained();
    }
  }

  // ---- the response

  @Override
  public void head(Http2Head head, boolean ends) {
    ResponseReceiver told = receiver;
    if (told == null) {
      return;
    }
    silent = false;
    ResponseHead response =
        new ResponseHead(
            HttpVersion.HTTP_2, head.status(), ReasonPhrase.of(head.status()), head.fields());
    if (response.isInterim()) {
      told.interim(response);
      return;
    }
    try {
      finalHead(response, framing(response, ends), told);
    } catch (BadMessageException e) {
      malformed(e.detail());
      return;
    }
    if (ends) {
      end(Fields.empty());
    }
  }

  private void finalHead(ResponseHead head, Framing framing, ResponseReceiver told) {
    left = framing.length();
    told.head(head, framing);
  }

  /** The end of the stream is that of the content, whatever it is; a length is only a promise. */
  private Framing framing(ResponseHead head, boolean ends) throws BadMessageException {
    Framing framing = Framing.ofResponse(method, head);
    if (ends && framing.length() > 0) {
      throw BadMessageException.framing("less content than Content-Length says");
    }
    return framing != Framing.UNTIL_CLOSE ? framing : ends ? Framing.fixed(0) : Framing.CHUNKED;
  }

  @Override
  public void content(ByteBuffer data) {
    int limit = data.limit();
    if (left >= 0 && data.remaining() > left) {
      data.position(limit);
      malformed("more content than Content-Length says");
      return;
    }
    left -= left < 0 ? 0 : data.remaining();
    if (!touched) {
      touched = true;
      connection.touched(this);
    }
    while (receiver != null && data.position() < limit) {
      receiver.content(data.limit(data.position() + Math.min(limit - data.position(), most)));
      data.limit(limit);
    }
    data.position(limit);
  }

  /** All that has come so far has been told. */
  void caughtUp() {
    touched = false;
    if (receiver != null) {
      receiver.caughtUp(false);
    }
  }

  @Override
  public void end(Fields trailers) {
    if (held) {
      heldEnd = trailers;
      return;
    }
    if (receiver != null) {
      receiver.caughtUp(true);
    }
    ResponseReceiver told = receiver; // what it was told of may have made it give up
    if (told == null) {
      return;
    }
    if (left > 0) {
      malformed("less content than Content-Length says");
      return;
    }
    receiver = null;
    finish();
    told.end(trailers);
  }

  @Override
  public void reset(ErrorCode code, boolean untouched, String detail) {
    boolean again =
        untouched || (silent && code == ErrorCode.HTTP_1_1_REQUIRED && connection.turnsToHttp1());
    fail(again ? UntouchedException.failure(detail) : broken(code, detail), silent);
  }

  private Failure broken(ErrorCode code, String detail) {
    if (!silent) {
      return Failure.of(ProxyError.HTTP_RESPONSE_INCOMPLETE, "the response ended too early");
    }
    Failure loss = connection.loss();
    return loss == null
        ? Failure.of(
            ProxyError.HTTP_PROTOCOL_ERROR,
            "the stream to the upstream has failed with " + code.name() + ": " + detail)
        : loss;
  }

  private void malformed(String detail) {
    abort(ErrorCode.PROTOCOL_ERROR);
    fail(
        Failure.of(
            ProxyError.HTTP_PROTOCOL_ERROR, "the upstream sent an invalid response: " + detail),
        false);
  }

  private void fail(Failure failure, boolean nothingCame) {
    ResponseReceiver told = receiver;
    receiver = null;
    finish();
    if (told != null) {
      told.failed(failure, nothingCame);
    }
  }

  // ---- how fast it comes

  @Override
  public void passTo(ResponseReceiver other) {
    if (over) {
      other.abandoned();
    } else {
      receiver = other;
    }
  }

  @Override
  public void hold() {
    held = true;
    if (stream != null) {
      stream.pause();
    }
  }

  @Override
  public void release(Runnable next) {
    held = false;
    next.run();
    Fields ended = heldEnd;
    heldEnd = null;
    if (!paused) {
      goOn();
    }
    if (ended != null && !over) {
      end(ended);
    }
  }

  @Override
  public void pause() {
    paused = true;
    if (stream != null) {
      stream.pause();
    }
  }

  @Override
  public void resume() {
    paused = false;
    if (!held) {
      goOn();
    }
  }

  private void goOn() {
    if (stream != null && !over) {
      stream.resume();
      connection.settle();
    }
  }

  @Override
  public void readAtMost(int octets) {
    most = octets;
  }

  @Override
  public void readFreely() {
    most = Integer.MAX_VALUE;
  }

  // ---- the end

  @Override
  public void close() {
    if (over) {
      return;
    }
    ResponseReceiver told = receiver;
    receiver = null;
    boolean waited = silent && stream != null;
    finish();
    if (waited) {
      connection.doubt(sentAt);
    }
    if (told != null) {
      told.abandoned();
    }
  }

  /** The place is free again; what is still under way is given up. */
  private void finish() {
    if (!over) {
      over = true;
      if (!isComplete()) {
        abort(ErrorCode.CANCEL);
      }
      if (stream != null) {
        stream.discard(); // what has come and nobody has taken
      }
      connection.over();
    }
  }

  /** Whether both messages have gone over the wire, so that the stream closes by itself. */
  private boolean isComplete() {
    return stream != null && requestEnded && stream.remoteEnded() && !stream.backlogged();
  }

  private void abort(ErrorCode reason) {
    if (stream != null && stream.isOpen()) {
      stream.reset(reason);
    }
  }

  @Override
  public TakenOver takeOver() {
    throw new IllegalStateException("a stream is no connection");
  }
}
