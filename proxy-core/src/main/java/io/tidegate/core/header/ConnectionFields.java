package io.tidegate.core.header;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;

/**
 * Connection-specific fields (RFC 9110 §7.6.1): they concern one connection and never go further.
 */
public final class ConnectionFields {
  private static final FieldName[] ALWAYS = {
    FieldName.CONNECTION,
    FieldName.KEEP_ALIVE,
    FieldName.PROXY_CONNECTION,
    FieldName.TRANSFER_ENCODING,
    FieldName.TE,
    FieldName.UPGRADE
  };

  private ConnectionFields() {}

  /** Removes the connection-specific fields, those that Connection nominates included. */
  public static void strip(FieldEdits edits) {
    Fields received = edits.received();
    for (int i = 0; i < received.size(); i++) {
      for (FieldName name : ALWAYS) {
        if (received.is(i, name)) {
          edits.removeReceived(i);
          break;
        }
      }
    }
    stripNominated(received, edits);
  }

  /**
   * Removes those that always are, whoever has put them there: HTTP/2 has none (RFC 9113 §8.2.2).
   */
  public static void removeAll(FieldEdits edits) {
    for (FieldName name : ALWAYS) {
      edits.remove(name);
    }
  }

  /** Whether Connection may nominate other fields. */
  public static boolean nominates(Fields received) {
    int index = received.indexOf(FieldName.CONNECTION, 0);
    return index >= 0
        && (received.indexOf(FieldName.CONNECTION, index + 1) >= 0
            || !(received.valueIs(index, "keep-alive") || received.valueIs(index, "close")));
  }

  private static void stripNominated(Fields received, FieldEdits edits) {
    if (!nominates(received)) {
      return;
    }
    for (String name : received.tokens(FieldName.CONNECTION)) {
      if (Ascii.isToken(name)) {
        edits.remove(FieldName.of(name));
      }
    }
  }
}
