package io.tidegate.core.header;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Calls of gRPC: streams of messages both ways, of which none may be held up on its way, that end
 * with a status in the trailers.
 */
public final class Grpc {
  private static final String TYPE = "application/grpc";

  private Grpc() {}

  /**
   * Whether a request begins a call: everything is as clients of gRPC must have it. Whoever only
   * says so gets none of the freedom that calls need.
   */
  public static boolean isCall(RequestHead head) {
    return head.version() == HttpVersion.HTTP_2
        && head.method().equals("POST")
        && Trailers.areWelcome(head.fields())
        && isSpoken(head.fields())
        && endsType(head.fields().first(FieldName.CONTENT_TYPE));
  }

  /** Whether what follows is how messages are written (+), parameters (;) or nothing. */
  private static boolean endsType(@Nullable String type) {
    if (type == null || type.length() == TYPE.length()) {
      return type != null;
    }
    char next = type.charAt(TYPE.length());
    return next == '+' || next == ';' || next == ' ';
  }

  /**
   * Whether a response with these fields is that of a call, or of one that a gateway translates.
   */
  public static boolean isSpoken(Fields head) {
    String type = head.first(FieldName.CONTENT_TYPE);
    return type != null
        && type.length() >= TYPE.length()
        && type.substring(0, TYPE.length()).toLowerCase(Locale.ROOT).equals(TYPE);
  }
}
