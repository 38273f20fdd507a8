package io.tidegate.core.server;

import io.tidegate.core.h2.Http2Head;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.WebSocketKey;
import io.tidegate.core.spi.Direction;

/**
 * Requests of HTTP/2 as those that decide about requests know them: with a request target and Host
 * (RFC 9113 §8.3.1, §8.5, RFC 8441 §4).
 */
final class Http2Requests {
  private final Direction direction;
  private final String scheme;

  /**
   * For the clients of one connection.
   *
   * @param secure whether it is TLS
   */
  Http2Requests(Direction direction, boolean secure) {
    this.direction = direction;
    this.scheme = secure ? "https" : "http";
  }

  /**
   * The request that {@code head} is.
   *
   * @throws BadMessageException if it names no server where one has to be named
   */
  RequestHead head(Http2Head head) throws BadMessageException {
    return new RequestHead(
        String.valueOf(head.method()), target(head), HttpVersion.HTTP_2, fields(head));
  }

  /** The request that asks an HTTP/1.1 server for the WebSocket that an extended CONNECT wants. */
  RequestHead webSocket(Http2Head head, WebSocketKey key) throws BadMessageException {
    FieldEdits fields =
        new FieldEdits(fields(head))
            .set(FieldName.UPGRADE, "websocket")
            .set(FieldName.CONNECTION, "Upgrade")
            .set(FieldName.SEC_WEBSOCKET_KEY, key.text());
    return new RequestHead("GET", target(head), HttpVersion.HTTP_2, fields.toFields());
  }

  /**
   * In the form that the direction wants; but a gateway is shown another scheme than that of the
   * connection, which it refuses.
   */
  private String target(Http2Head head) throws BadMessageException {
    String path = head.path();
    if (path == null) {
      return named(head);
    }
    if (direction == Direction.REVERSE && scheme.equals(head.scheme())) {
      return path;
    }
    String origin = head.scheme() + "://" + named(head);
    return path.equals("*") && "OPTIONS".equals(head.method()) ? origin : origin + path;
  }

  private static String named(Http2Head head) throws BadMessageException {
    String named =
        head.authority() == null ? head.fields().first(FieldName.HOST) : head.authority();
    if (named == null) {
      throw BadMessageException.syntax(":authority is missing");
    }
    return named;
  }

  private static Fields fields(Http2Head head) {
    String authority = head.authority();
    Fields received = head.fields();
    if (authority == null || received.contains(FieldName.HOST)) {
      return received; // the two agree in a well-formed head
    }
    return new FieldEdits(received).set(FieldName.HOST, authority).toFields();
  }
}
