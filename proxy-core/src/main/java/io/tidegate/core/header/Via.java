package io.tidegate.core.header;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import java.util.EnumMap;
import java.util.Map;

/** Our entry in the Via field (RFC 9110 §7.6.3), and the loops it reveals. */
public final class Via {
  private final String name;
  private final Map<HttpVersion, String> entries = new EnumMap<>(HttpVersion.class);

  /** The entry of the proxy that calls itself {@code name}, a token. */
  public Via(String name) {
    this.name = name;
    for (HttpVersion version : HttpVersion.values()) {
      entries.put(version, version.number() + " " + name);
    }
  }

  /** Our name. */
  public String name() {
    return name;
  }

  /** Our entry in a message of our own. */
  public String entry() {
    return entries.getOrDefault(HttpVersion.HTTP_1_1, name);
  }

  /** Adds our entry to a message that was received in {@code version}. */
  public void addTo(FieldEdits fields, HttpVersion version) {
    String entry = entries.getOrDefault(version, name);
    if (fields.received().contains(FieldName.VIA)) {
      fields.append(FieldName.VIA, entry);
    } else {
      fields.add(FieldName.VIA, entry);
    }
  }

  /** Whether the message has passed through us before. */
  public boolean isIn(Fields fields) {
    if (!fields.contains(FieldName.VIA)) {
      return false;
    }
    for (String member : fields.members(FieldName.VIA)) {
      int space = member.indexOf(' ');
      String rest = space < 0 ? "" : member.substring(space + 1).strip();
      int end = rest.indexOf(' ');
      if ((end < 0 ? rest : rest.substring(0, end)).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
