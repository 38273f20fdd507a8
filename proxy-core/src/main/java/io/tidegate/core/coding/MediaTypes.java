package io.tidegate.core.coding;

import io.tidegate.core.http.Ascii;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A set of media types (RFC 9110 §8.3.1): {@code application/json} is one, {@code text/*} all of a
 * type, {@code +json} all with a suffix (RFC 6839). A stream of events, {@code text/event-stream},
 * is in it only by its own name.
 */
final class MediaTypes {
  /** The forms of a member. */
  static final String EXPECTED = "a media type like text/html, text/* or +json";

  private static final String EVENTS = "text/event-stream";

  private final Set<String> members;

  MediaTypes(Collection<String> members) {
    this.members =
        members.stream().map(m -> m.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  static boolean isMember(String text) {
    if (text.startsWith("+")) {
      return Ascii.isToken(text.substring(1));
    }
    int slash = text.indexOf('/');
    return slash > 0
        && Ascii.isToken(text.substring(0, slash))
        && Ascii.isToken(text.substring(slash + 1));
  }

  /** Whether a Content-Type names one of them. */
  boolean contain(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type =
        (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
            .strip()
            .toLowerCase(Locale.ROOT);
    int slash = type.indexOf('/');
    if (slash < 0 || members.contains(type) || type.equals(EVENTS)) {
      return slash >= 0 && members.contains(type);
    }
    int plus = type.lastIndexOf('+');
    return members.contains(type.substring(0, slash) + "/*")
        || (plus > slash && members.contains(type.substring(plus)));
  }
}
