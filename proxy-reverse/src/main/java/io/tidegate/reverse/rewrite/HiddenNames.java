package io.tidegate.reverse.rewrite;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;

/** Keeps names of hidden servers out of fields that tell of servers, not of URLs. */
final class HiddenNames {
  private static final FieldName ALT_SVC = FieldName.of("Alt-Svc");

  /** What stands in Via for a server that is not to be named (RFC 9110 §7.6.3). */
  private static final String PSEUDONYM = "upstream";

  private final UrlSpace space;

  HiddenNames(UrlSpace space) {
    this.space = space;
  }

  void apply(FieldEdits fields) {
    Fields received = fields.received();
    if (received.contains(FieldName.VIA)) {
      mapVia(fields);
    }
    if (received.contains(ALT_SVC) && !isPublic(received)) {
      fields.remove(ALT_SVC);
    }
  }

  private void mapVia(FieldEdits fields) {
    String via = String.join(", ", fields.all(FieldName.VIA));
    StringBuilder mapped = new StringBuilder();
    for (String entry : via.split(",", -1)) {
      String[] parts = entry.strip().split("[ \t]+", 3);
      boolean hidden = parts.length > 1 && isHidden(parts[1]);
      mapped.append(mapped.isEmpty() ? "" : ", ");
      mapped.append(hidden ? parts[0] + " " + PSEUDONYM : entry.strip());
    }
    if (!mapped.toString().equals(via)) {
      fields.set(FieldName.VIA, mapped.toString());
    }
  }

  private boolean isHidden(String text) {
    Authority authority = Authority.parseOrNull(text);
    return authority != null && space.hides(authority.host());
  }

  /**
   * Whether all alternatives (RFC 7838 §3) name a host that is not hidden. One without host would
   * be a port of ours, where the upstream meant its own.
   */
  private boolean isPublic(Fields received) {
    for (String alternative : received.members(ALT_SVC)) {
      int quote = alternative.indexOf('"');
      int end = alternative.indexOf('"', quote + 1);
      String authority = quote < 0 || end < 0 ? "" : alternative.substring(quote + 1, end);
      boolean clear = alternative.equals("clear");
      if (!clear && (authority.isEmpty() || authority.startsWith(":") || isHidden(authority))) {
        return false;
      }
    }
    return true;
  }
}
