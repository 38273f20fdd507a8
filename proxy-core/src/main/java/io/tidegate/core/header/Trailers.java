package io.tidegate.core.header;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which trailer fields go on (RFC 9110 §6.5.1): only those of the list here, and none that could
 * change how the message is framed, routed, authenticated or processed. Calls of {@link Grpc} have
 * fields of the application's own there.
 */
public final class Trailers {
  private static final Set<String> ALLOWED =
      Set.of(
          "content-digest",
          "content-md5",
          "digest",
          "etag",
          "grpc-message",
          "grpc-status",
          "grpc-status-details-bin",
          "repr-digest",
          "server-timing",
          "signature",
          "signature-input",
          "want-content-digest",
          "want-repr-digest");

  /** Fields that frame, route, authenticate or control a message, or say what its content is. */
  private static final Set<String> MEANT =
      Set.of(
          "age",
          "authentication-info",
          "authorization",
          "cache-control",
          "connection",
          "cookie",
          "cookie2",
          "date",
          "expect",
          "expires",
          "forwarded",
          "host",
          "keep-alive",
          "location",
          "max-forwards",
          "pragma",
          "range",
          "retry-after",
          "set-cookie",
          "set-cookie2",
          "strict-transport-security",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "vary",
          "via",
          "warning",
          "www-authenticate");

  private static final List<String> MEANT_PREFIXES =
      List.of(
          "access-control-",
          "client-cert",
          "content-",
          "if-",
          "proxy-",
          "sec-",
          "x-forwarded-",
          "x-http-method",
          "x-original-",
          "x-real-ip",
          "x-rewrite-");

  private Trailers() {}

  /** Whether the trailer field {@code name} goes on. */
  public static boolean isAllowed(String name) {
    return ALLOWED.contains(name.toLowerCase(Locale.ROOT));
  }

  private static boolean isAllowedInCall(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ALLOWED.contains(lower) || !(MEANT.contains(lower) || startsAlike(lower));
  }

  private static boolean startsAlike(String name) {
    for (String prefix : MEANT_PREFIXES) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** The trailer section to send on, or null if nothing of it goes on. */
  public static @Nullable FieldEdits filter(Fields trailers) {
    return filter(trailers, Trailers::isAllowed);
  }

  /**
   * The same of a call of gRPC, whose trailers are metadata for the application: all but what means
   * something to those on the way.
   */
  public static @Nullable FieldEdits filterCall(Fields trailers) {
    return filter(trailers, Trailers::isAllowedInCall);
  }

  private static @Nullable FieldEdits filter(Fields trailers, Predicate<String> allowed) {
    if (trailers.size() == 0) {
      return null;
    }
    FieldEdits kept = new FieldEdits(trailers);
    int count = 0;
    for (int i = 0; i < trailers.size(); i++) {
      if (allowed.test(trailers.name(i))) {
        count++;
      } else {
        kept.removeReceived(i);
      }
    }
    return count == 0 ? null : kept;
  }

  /** Whether the sender of these fields takes trailers (RFC 9110 §10.1.4). */
  public static boolean areWelcome(Fields request) {
    return request.contains(FieldName.TE) && request.hasMember(FieldName.TE, "trailers");
  }
}
