package io.tidegate.core.header;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.Locale;

/**
 * Calls of gRPC: streams of messages both ways, of which none may be held up on its way, that end
 * with a status in the trailers.
 */
public final class Grpc {
  private static final String TYPE = "application/grpc";

  private Grpc() {}

  /** Whether a message with these fields belongs to a call. */
  public static boolean isSpoken(Fields head) {
    String type = head.first(FieldName.CONTENT_TYPE);
    return type != null
        && type.length() >= TYPE.length()
        && type.substring(0, TYPE.length()).toLowerCase(Locale.ROOT).equals(TYPE);
  }
}
