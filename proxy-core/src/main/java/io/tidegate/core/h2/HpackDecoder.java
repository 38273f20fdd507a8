package io.tidegate.core.h2;

import java.util.Arrays;

/**
 * Decodes header blocks (RFC 7541) of one connection, in the order in which they come. Names and
 * values are put behind each other into one array, from which a head is made.
 */
final class HpackDecoder {
  /** Takes the fields of a block. */
  interface Sink {
    /** Whether fields are still wanted; those that are not are decoded and forgotten. */
    boolean wants();

    /** A field, in these ranges of {@code octets}; whether they shall be kept there. */
    boolean field(byte[] octets, int name, int nameEnd, int value, int valueEnd);
  }

  /** The size of a table of which nothing was said (RFC 9113 §6.5.2). */
  static final int DEFAULT_TABLE = 4096;

  private static final int FIRST_SIZE = 512;
  private static final int KEPT_SIZE = 4096;

  /** No integer of a block needs more (RFC 7541 §5.1): 28 bits and a prefix. */
  private static final int MAX_CONTINUATION = 4;

  /** The smallest size since the last block, and the last one (RFC 7541 §4.2). */
  private static final int MAX_SIZE_UPDATES = 2;

  private final int maxListSize;
  private final DynamicTable table;
  private int tableLimit;
  private boolean mustShrink;

  private byte[] in = new byte[0];
  private int at;
  private int to;
  private byte[] out = new byte[FIRST_SIZE];
  private int length;
  private long listSize;

  /**
   * A decoder with a table of at most {@code tableSize}, once the peer knows.
   *
   * @param maxListSize a block whose fields are more ends the connection, counted as RFC 9113
   *     §6.5.2 does
   */
  HpackDecoder(int tableSize, int maxListSize) {
    int most = Math.max(tableSize, DEFAULT_TABLE);
    this.table = new DynamicTable(most, DEFAULT_TABLE);
    this.tableLimit = most;
    this.maxListSize = maxListSize;
  }

  /** The peer knows the size of the table: it may use no more, and has to say so if it did. */
  void limitTable(int tableSize) {
    tableLimit = tableSize;
    mustShrink = table.capacity() > tableSize;
  }

  /** Decodes a block; what is kept of it can be had from {@link #octets} afterwards. */
  void decode(byte[] block, int from, int end, Sink sink) throws ConnectionException {
    in = block;
    at = from;
    to = end;
    length = 0;
    listSize = 0;
    if (out.length > KEPT_SIZE) {
      out = new byte[FIRST_SIZE];
    }
    sizeUpdates();
    while (at < to) {
      int first = in[at] & 0xff;
      if (first >= 0x80) {
        indexed(integer(7), sink);
      } else if (first >= 0x40) {
        literal(integer(6), true, sink);
      } else if (first >= 0x20) {
        throw ConnectionException.compression("table size update behind a field");
      } else {
        literal(integer(4), false, sink);
      }
    }
  }

  /** What was kept of the last block, as an array of its own. */
  byte[] octets() {
    return Arrays.copyOf(out, length);
  }

  /** How many octets were kept. */
  int length() {
    return length;
  }

  private void sizeUpdates() throws ConnectionException {
    int updates = 0;
    while (at < to && (in[at] & 0xe0) == 0x20) {
      int size = integer(5);
      if (++updates > MAX_SIZE_UPDATES) {
        throw ConnectionException.compression("too many table size updates");
      }
      if (size > tableLimit) {
        throw ConnectionException.compression("table size update over the limit");
      }
      table.capacity(size);
      mustShrink = false;
    }
    if (mustShrink && at < to) {
      throw ConnectionException.compression("no table size update although the limit has shrunk");
    }
  }

  private void indexed(int index, Sink sink) throws ConnectionException {
    int nameLength = nameLength(index);
    int valueLength = index <= StaticTable.SIZE ? StaticTable.value(index).length : dynamic(index);
    count(nameLength, valueLength);
    if (!sink.wants()) {
      return;
    }
    int name = length;
    require(nameLength + valueLength);
    copyName(index);
    int value = length;
    if (index <= StaticTable.SIZE) {
      System.arraycopy(StaticTable.value(index), 0, out, value, valueLength);
    } else {
      table.copyValue(index - StaticTable.SIZE - 1, out, value);
    }
    length += valueLength;
    if (!sink.field(out, name, value, value, length)) {
      length = name;
    }
  }

  private int dynamic(int index) {
    return table.valueLength(index - StaticTable.SIZE - 1);
  }

  private void literal(int index, boolean remembered, Sink sink) throws ConnectionException {
    int name = length;
    if (index == 0) {
      string();
    } else {
      require(nameLength(index));
      copyName(index);
    }
    int value = length;
    string();
    count(value - name, length - value);
    if (remembered) {
      table.add(out, name, value, value, length);
    }
    if (!sink.wants() || !sink.field(out, name, value, value, length)) {
      length = name;
    }
  }

  private int nameLength(int index) throws ConnectionException {
    if (index == 0 || index > StaticTable.SIZE + table.count()) {
      throw ConnectionException.compression("index of no field");
    }
    return index <= StaticTable.SIZE
        ? StaticTable.name(index).length
        : table.nameLength(index - StaticTable.SIZE - 1);
  }

  private void copyName(int index) {
    if (index <= StaticTable.SIZE) {
      byte[] name = StaticTable.name(index);
      System.arraycopy(name, 0, out, length, name.length);
      length += name.length;
    } else {
      table.copyName(index - StaticTable.SIZE - 1, out, length);
      length += table.nameLength(index - StaticTable.SIZE - 1);
    }
  }

  /** A string literal (RFC 7541 §5.2), put behind what is there. */
  private void string() throws ConnectionException {
    if (at == to) {
      throw truncated();
    }
    boolean coded = in[at] < 0;
    int octets = integer(7);
    if (octets > to - at) {
      throw truncated();
    }
    if (coded) {
      require(octets * 8 / 5 + 1);
      length = Huffman.decode(in, at, at + octets, out, length);
    } else {
      require(octets);
      System.arraycopy(in, at, out, length, octets);
      length += octets;
    }
    at += octets;
  }

  /** An integer with so many bits in its first octet (RFC 7541 §5.1). */
  private int integer(int prefix) throws ConnectionException {
    int mask = (1 << prefix) - 1;
    int value = in[at++] & mask;
    if (value < mask) {
      return value;
    }
    for (int i = 0; i < MAX_CONTINUATION; i++) {
      if (at == to) {
        throw truncated();
      }
      int octet = in[at++];
      value += (octet & 0x7f) << (7 * i);
      if (octet >= 0) {
        return value;
      }
    }
    throw ConnectionException.compression("integer too large");
  }

  private void count(int nameLength, int valueLength) throws ConnectionException {
    listSize += nameLength + valueLength + DynamicTable.OVERHEAD;
    if (listSize > maxListSize) {
      throw ConnectionException.flood("head far over the limit");
    }
  }

  private void require(int more) {
    if (length + more > out.length) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, length + more));
    }
  }

  private static ConnectionException truncated() {
    return ConnectionException.compression("header block ends inside a field");
  }
}
