package io.tidegate.core.wire;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;

/**
 * Parses field lines (RFC 9112 §5) strictly: no folding, no white space before the colon, no
 * control octets.
 */
final class FieldParser {
  private final Fields.Rows rows = new Fields.Rows();

  /** Parses the lines from {@code from} to the end of {@code octets}, each ended by CRLF. */
  Fields parse(byte[] octets, int from) throws BadMessageException {
    rows.clear();
    int at = from;
    while (at < octets.length) {
      at = line(octets, at);
    }
    return rows.size() == 0 ? Fields.empty() : rows.over(octets);
  }

  private int line(byte[] octets, int start) throws BadMessageException {
    int at = start;
    int hash = 0;
    int octet;
    while ((octet = octets[at] & 0xff) != ':') {
      if (!Ascii.isToken(octet)) {
        throw BadMessageException.syntax("invalid octet in a field name");
      }
      hash = 31 * hash + (octet | 0x20);
      at++;
    }
    if (at == start) {
      throw BadMessageException.syntax("empty field name");
    }
    int nameEnd = at++;
    while (octets[at] == ' ' || octets[at] == '\t') {
      at++;
    }
    int value = at;
    while (Ascii.isFieldValue(octets[at] & 0xff)) {
      at++;
    }
    if (octets[at] != '\r' || octets[at + 1] != '\n') {
      throw BadMessageException.syntax("control octet in a field value");
    }
    int valueEnd = at;
    while (valueEnd > value && (octets[valueEnd - 1] == ' ' || octets[valueEnd - 1] == '\t')) {
      valueEnd--;
    }
    rows.add(start, nameEnd, value, valueEnd, hash);
    return at + 2;
  }
}
