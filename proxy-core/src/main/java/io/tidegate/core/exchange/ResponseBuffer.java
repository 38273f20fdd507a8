package io.tidegate.core.exchange;

import io.tidegate.core.header.Grpc;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spool.ContentReader;
import io.tidegate.core.spool.Spool;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the client has not taken yet of a response, kept so that the upstream need not wait for the
 * client. As long as the client keeps up, everything goes straight to it.
 */
final class ResponseBuffer implements Spool.Owner {
  private static final FieldName X_ACCEL_BUFFERING = FieldName.of("X-Accel-Buffering");

  private final ProxyExchange exchange;
  private final ResponseRelay relay;
  private final BodySink sink;
  private @Nullable Spool spool;
  private @Nullable ContentReader reader;
  private boolean closed;
  private long lastProgress;

  ResponseBuffer(ProxyExchange exchange, ResponseRelay relay, BodySink sink) {
    this.exchange = exchange;
    this.relay = relay;
    this.sink = sink;
    progress();
  }

  /**
   * Whether such a response may be buffered: not a stream of events or of messages of a call, of
   * which none is to be sent before the client has room for it, nor one whose server forbids it.
   */
  static boolean takes(ResponseHead head) {
    String type = head.fields().first(FieldName.CONTENT_TYPE);
    String wish = head.fields().first(X_ACCEL_BUFFERING);
    return (type == null || !isEventStream(type))
        && !Grpc.isSpoken(head.fields())
        && !"no".equalsIgnoreCase(wish);
  }

  private static boolean isEventStream(String type) {
    int end = type.indexOf(';');
    String essence = end < 0 ? type : type.substring(0, end);
    return essence.strip().toLowerCase(Locale.ROOT).equals("text/event-stream");
  }

  /** Takes all of {@code data}. */
  void write(ByteBuffer data) {
    if (isEmpty() && !sink.backlogged()) {
      progress();
      sink.write(data);
    } else if (closed) {
      data.position(data.limit());
    } else {
      spool().write(data);
    }
  }

  private Spool spool() {
    Spool opened = spool;
    if (opened == null) {
      BufferingSettings settings = exchange.buffering();
      opened =
          exchange
              .pipeline()
              .spool(settings.responseMemoryBytes(), settings.responseFileBytes(), true, this);
      spool = opened;
      reader = opened.read();
      progress();
    }
    return opened;
  }

  /** The client may have caught up: passes on as much as it takes. */
  void pump() {
    ContentReader source = reader;
    while (source != null && !closed && !sink.backlogged()) {
      ByteBuffer part = source.next(this::pump);
      if (part == null) {
        break;
      }
      progress();
      sink.write(part);
    }
    if (!closed) {
      if (source != null && source.isBroken()) {
        relay.bufferBroken();
      } else {
        relay.bufferMoved();
      }
    }
  }

  /** Whether the client has got everything. */
  boolean isEmpty() {
    return reader == null || reader.isAtEnd();
  }

  /** How many octets are kept for the client. */
  long octets() {
    return reader == null ? 0 : reader.left();
  }

  /** Whether there is too much for the time being. */
  boolean isBacklogged() {
    return spool != null && spool.isBacklogged();
  }

  /** Whether it is the client that has to move. */
  boolean isClientSlower() {
    return sink.backlogged();
  }

  /** When the client last took something. */
  long lastProgress() {
    return lastProgress;
  }

  @Override
  public void drained() {
    relay.bufferMoved();
  }

  /** The upstream has to wait, as it would without us. */
  @Override
  public void exceeded(Spool.Excess why) {}

  /** Forgets everything. */
  void close() {
    closed = true;
    if (reader != null) {
      reader.close();
    }
    if (spool != null) {
      spool.close();
    }
  }

  private void progress() {
    lastProgress = exchange.client().loop().now();
  }
}
