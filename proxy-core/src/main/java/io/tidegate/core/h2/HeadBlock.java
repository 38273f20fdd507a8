package io.tidegate.core.h2;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A field section on its way out (RFC 9113 §8.3): pseudo-header fields first, then the others, as
 * HPACK writes them. Names are sent in lower case; connection-specific fields are the caller's
 * affair. One for each session, reused.
 */
public final class HeadBlock {
  private static final int FIRST_SIZE = 256;
  private static final int KEPT_SIZE = 4096;
  private static final int INDEXED = 0x80;
  private static final int NEVER_INDEXED = 0x10;
  private static final int EMPTY_TABLE = 0x20;
  private static final int CODED = 0x80;
  private static final byte[] PROTOCOL = Ascii.octets(":protocol");

  private byte[] octets = new byte[FIRST_SIZE];
  private int length;

  /** A field as text: its name and its value behind each other. */
  private byte[] text = new byte[FIRST_SIZE];

  private boolean emptyTable;
  private boolean toHead;
  private boolean toConnect;

  HeadBlock() {}

  /** Starts anew. */
  HeadBlock clear() {
    length = 0;
    toHead = false;
    toConnect = false;
    if (octets.length > KEPT_SIZE) {
      octets = new byte[FIRST_SIZE];
    }
    if (text.length > KEPT_SIZE) {
      text = new byte[FIRST_SIZE];
    }
    if (emptyTable) {
      octet(EMPTY_TABLE);
    }
    return this;
  }

  /**
   * The peer wants a smaller table than it might believe we use. We use none, and the next block
   * says so (RFC 7541 §4.2).
   */
  void tellThatTableIsEmpty() {
    emptyTable = true;
  }

  /** It has been sent. */
  void sent() {
    emptyTable = false;
  }

  /** Starts a request; what is null is left out. */
  public HeadBlock request(
      String method, @Nullable String scheme, String authority, @Nullable String path) {
    toHead = method.equals("HEAD");
    toConnect = method.equals("CONNECT");
    pseudo(StaticTable.METHOD, method);
    if (scheme != null) {
      pseudo(StaticTable.SCHEME, scheme);
    }
    pseudo(StaticTable.AUTHORITY, authority);
    if (path != null) {
      pseudo(StaticTable.PATH, path);
    }
    return this;
  }

  /** Names the protocol that an extended CONNECT asks for (RFC 8441), after {@link #request}. */
  public HeadBlock protocol(String protocol) {
    integer(0, 4, 0);
    string(PROTOCOL, 0, PROTOCOL.length);
    int end = put(protocol, 0);
    string(text, 0, end);
    return this;
  }

  /** Starts a response. */
  public HeadBlock status(int status) {
    text[0] = (byte) ('0' + status / 100);
    text[1] = (byte) ('0' + status / 10 % 10);
    text[2] = (byte) ('0' + status % 10);
    known(StaticTable.STATUS, 0, 3);
    return this;
  }

  /** The lines that remain after the edits, received ones first. */
  public HeadBlock fields(FieldEdits edits) {
    Fields received = edits.received();
    for (int i = 0; i < received.size(); i++) {
      if (edits.keeps(i)) {
        received(received, i);
      }
    }
    for (int i = 0; i < edits.added(); i++) {
      field(edits.addedName(i), edits.addedValue(i));
    }
    return this;
  }

  /** One field line. */
  public HeadBlock field(String name, String value) {
    int nameEnd = put(name, 0);
    int end = put(value, nameEnd);
    line(nameEnd, nameEnd, end);
    return this;
  }

  /** Whether it is a request with the method HEAD. */
  boolean isToHead() {
    return toHead;
  }

  /** Whether it is a request with the method CONNECT. */
  boolean isToConnect() {
    return toConnect;
  }

  byte[] octets() {
    return octets;
  }

  int length() {
    return length;
  }

  private void received(Fields fields, int index) {
    int end = fields.lineLength(index);
    requireText(end);
    fields.copyLine(index, text, 0);
    int colon = 0;
    while (text[colon] != ':') {
      colon++;
    }
    line(colon, colon + 2, end - 2);
  }

  /** The field whose name is the text up to {@code nameEnd}, its value between the others. */
  private void line(int nameEnd, int value, int valueEnd) {
    for (int i = 0; i < nameEnd; i++) {
      text[i] = (byte) Ascii.lower(text[i]);
    }
    int index = StaticTable.indexOf(text, 0, nameEnd);
    if (index > 0) {
      known(index, value, valueEnd);
    } else {
      integer(0, 4, 0);
      string(text, 0, nameEnd);
      string(text, value, valueEnd);
    }
  }

  private void pseudo(int index, String value) {
    known(index, 0, put(value, 0));
  }

  /** A field whose name is that of entry {@code index}, its value between the others. */
  private void known(int index, int value, int valueEnd) {
    if (isSecret(index)) {
      integer(NEVER_INDEXED, 4, index);
    } else {
      int whole = StaticTable.indexOfValue(index, text, value, valueEnd);
      if (whole > 0) {
        integer(INDEXED, 7, whole);
        return;
      }
      integer(0, 4, index);
    }
    string(text, value, valueEnd);
  }

  /** Nobody on the way may put these into a table, where guesses could be tried on them. */
  private static boolean isSecret(int index) {
    return index == StaticTable.AUTHORIZATION
        || index == StaticTable.COOKIE
        || index == StaticTable.SET_COOKIE
        || index == StaticTable.PROXY_AUTHORIZATION;
  }

  private void string(byte[] from, int start, int end) {
    int plain = end - start;
    int coded = Huffman.encodedLength(from, start, end);
    if (coded < plain) {
      integer(CODED, 7, coded);
      require(coded);
      length = Huffman.encode(from, start, end, octets, length);
    } else {
      integer(0, 7, plain);
      require(plain);
      System.arraycopy(from, start, octets, length, plain);
      length += plain;
    }
  }

  private void integer(int pattern, int prefix, int value) {
    int mask = (1 << prefix) - 1;
    if (value < mask) {
      octet(pattern | value);
      return;
    }
    octet(pattern | mask);
    int rest = value - mask;
    while (rest > 0x7f) {
      octet((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    octet(rest);
  }

  private void octet(int octet) {
    require(1);
    octets[length++] = (byte) octet;
  }

  /** Puts the octets of {@code characters}, all below U+0100, at {@code at} of the text. */
  @SuppressWarnings(
      "deprecation") // the one call that copies Latin-1 characters without an allocation
  private int put(String characters, int at) {
    int end = at + characters.length();
    requireText(end);
    characters.getBytes(0, characters.length(), text, at);
    return end;
  }

  private void requireText(int size) {
    if (size > text.length) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, size));
    }
  }

  private void require(int more) {
    if (length + more > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more));
    }
  }
}
