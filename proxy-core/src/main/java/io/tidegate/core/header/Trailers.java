package io.tidegate.core.header;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which trailer fields go on (RFC 9110 §6.5.1): only those of the list here, and none that could
 * change how the message is framed, routed, authenticated or processed.
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

  private Trailers() {}

  /** Whether the trailer field {@code name} goes on. */
  public static boolean isAllowed(String name) {
    return ALLOWED.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The trailer section to send on, or null if nothing of it goes on. */
  public static @Nullable FieldEdits filter(Fields trailers) {
    if (trailers.size() == 0) {
      return null;
    }
    FieldEdits kept = new FieldEdits(trailers);
    int count = 0;
    for (int i = 0; i < trailers.size(); i++) {
      if (isAllowed(trailers.name(i))) {
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
