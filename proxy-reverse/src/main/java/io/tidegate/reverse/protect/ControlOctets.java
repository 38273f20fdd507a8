package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Refuses control octets that are escaped, once or twice: all of them in the path; in the query
 * those that no form sends, and, if told so, line breaks too, which text of several lines has.
 */
final class ControlOctets implements RequestFilter {
  private static final Failure IN_PATH = Refusals.badRequest("the path has a control octet");
  private static final Failure IN_QUERY = Refusals.badRequest("the query has a control octet");
  private static final Failure LINE_BREAK = Refusals.badRequest("the query has a line break");

  private final boolean controls;
  private final boolean lineBreaks;

  /** Refuses control octets, line breaks in the query, or both. */
  ControlOctets(boolean controls, boolean lineBreaks) {
    this.controls = controls;
    this.lineBreaks = lineBreaks;
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    String target = request.pathAndQuery();
    if (target.indexOf('%') < 0) {
      return null; // none can be there unescaped (RFC 9112 §3.2)
    }
    int query = target.indexOf('?');
    int end = query < 0 ? target.length() : query;
    String path = Decoded.once(target.substring(0, end));
    if (controls && (hasControl(path, true) || hasControl(Decoded.once(path), true))) {
      return IN_PATH;
    }
    return query < 0 ? null : refusesQuery(Decoded.once(target.substring(query + 1)));
  }

  private @Nullable Failure refusesQuery(String once) {
    String twice = Decoded.once(once);
    if (controls && (hasControl(once, false) || hasControl(twice, false))) {
      return IN_QUERY;
    }
    return lineBreaks && (hasLineBreak(once) || hasLineBreak(twice)) ? LINE_BREAK : null;
  }

  private static boolean hasControl(String text, boolean formattingToo) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean formatting = c == '\t' || c == '\r' || c == '\n';
      if ((c < ' ' || c == 0x7f) && (formattingToo || !formatting)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLineBreak(String text) {
    return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0;
  }
}
