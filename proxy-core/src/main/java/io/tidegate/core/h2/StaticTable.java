package io.tidegate.core.h2;

import io.tidegate.core.http.Ascii;
import java.util.Arrays;

/** The fields that every HPACK peer knows (RFC 7541 Appendix A), numbered from 1. */
final class StaticTable {
  private static final String[] FIELDS = {
    ":authority",
    ":method=GET",
    ":method=POST",
    ":path=/",
    ":path=/index.html",
    ":scheme=http",
    ":scheme=https",
    ":status=200",
    ":status=204",
    ":status=206",
    ":status=304",
    ":status=400",
    ":status=404",
    ":status=500",
    "accept-charset",
    "accept-encoding=gzip, deflate",
    "accept-language",
    "accept-ranges",
    "accept",
    "access-control-allow-origin",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "refresh",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "www-authenticate"
  };

  static final int SIZE = FIELDS.length;
  static final int AUTHORITY = 1;
  static final int METHOD = 2;
  static final int PATH = 4;
  static final int SCHEME = 6;
  static final int STATUS = 8;
  static final int AUTHORIZATION = 23;
  static final int COOKIE = 32;
  static final int PROXY_AUTHORIZATION = 49;
  static final int SET_COOKIE = 55;

  private static final byte[][] NAMES = new byte[SIZE + 1][];
  private static final byte[][] VALUES = new byte[SIZE + 1][];

  /** The first entry of each name, by hash; entries that clash lie behind each other. */
  private static final byte[] BY_HASH = new byte[256];

  static {
    NAMES[0] = new byte[0];
    VALUES[0] = new byte[0];
    for (int i = 1; i <= SIZE; i++) {
      String[] field = FIELDS[i - 1].split("=", 2);
      byte[] name = Ascii.octets(field[0]);
      boolean same = Arrays.equals(name, NAMES[i - 1]);
      NAMES[i] = same ? NAMES[i - 1] : name;
      VALUES[i] = field.length == 1 ? new byte[0] : Ascii.octets(field[1]);
      if (!same) {
        int slot = hash(name, 0, name.length) & 0xff;
        while (BY_HASH[slot] != 0) {
          slot = (slot + 1) & 0xff;
        }
        BY_HASH[slot] = (byte) i;
      }
    }
  }

  private StaticTable() {}

  static byte[] name(int index) {
    return NAMES[index];
  }

  static byte[] value(int index) {
    return VALUES[index];
  }

  /** The first entry with this name in lower case, or 0. */
  static int indexOf(byte[] octets, int from, int to) {
    int slot = hash(octets, from, to) & 0xff;
    while (BY_HASH[slot] != 0) {
      byte[] name = NAMES[BY_HASH[slot]];
      if (Arrays.equals(name, 0, name.length, octets, from, to)) {
        return BY_HASH[slot];
      }
      slot = (slot + 1) & 0xff;
    }
    return 0;
  }

  /**
   * The entry with the name of entry {@code index}, the first of that name, and this value; or 0.
   */
  static int indexOfValue(int index, byte[] octets, int from, int to) {
    for (int i = index; i <= SIZE && NAMES[i] == NAMES[index]; i++) {
      if (Arrays.equals(VALUES[i], 0, VALUES[i].length, octets, from, to)) {
        return i;
      }
    }
    return 0;
  }

  private static int hash(byte[] octets, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + octets[i];
    }
    return hash ^ (hash >>> 8);
  }
}
