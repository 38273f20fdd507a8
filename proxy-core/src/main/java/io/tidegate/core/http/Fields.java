package io.tidegate.core.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message (RFC 9110 §5), in the order and spelling in which they came. Immutable.
 *
 * <p>Names compare without regard to case. Values are octets, read as ISO-8859-1 when asked for; a
 * field that nobody looks at is never turned into strings, and is sent on as it was received.
 */
public final class Fields {
  /*
   * Every field is a row of five ints over the octets of the head: where name and value start and
   * end, and the hash of the name. A look-up walks the rows: heads are short and limited in count,
   * and there is no table that hostile names could degrade.
   */
  static final int ROW = 5;
  private static final int NAME = 0;
  private static final int NAME_END = 1;
  private static final int VALUE = 2;
  private static final int VALUE_END = 3;
  private static final int HASH = 4;

  private static final Fields EMPTY = new Fields(new byte[0], new int[0], 0);

  private final byte[] octets;
  private final int[] rows;
  private final int size;

  /** A bit for each hash that occurs, modulo 64: most look-ups are for what is not there. */
  private final long hashes;

  private Fields(byte[] octets, int[] rows, int size) {
    this.octets = octets;
    this.rows = rows;
    this.size = size;
    long seen = 0;
    for (int i = 0; i < size; i++) {
      seen |= 1L << rows[i * ROW + HASH];
    }
    this.hashes = seen;
  }

  /** No fields. */
  public static Fields empty() {
    return EMPTY;
  }

  /**
   * Fields from names and values in turn.
   *
   * @throws IllegalArgumentException if a name is not a token or a value holds a control octet
   */
  public static Fields of(String... namesAndValues) {
    FieldEdits edits = new FieldEdits(EMPTY);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      edits.add(FieldName.of(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return edits.toFields();
  }

  /** How many field lines there are. */
  public int size() {
    return size;
  }

  /** The name of line {@code index} as it was spelled. */
  public String name(int index) {
    return text(index, NAME, NAME_END);
  }

  /** The value of line {@code index}, without the white space around it. */
  public String value(int index) {
    return text(index, VALUE, VALUE_END);
  }

  /** Whether line {@code index} has this name. */
  public boolean is(int index, FieldName name) {
    int row = index * ROW;
    return rows[row + HASH] == name.fieldHash()
        && name.matches(octets, rows[row + NAME], rows[row + NAME_END]);
  }

  /** Whether the name of line {@code index} starts with {@code prefix}, ASCII in lower case. */
  public boolean nameStartsWith(int index, String prefix) {
    int from = rows[index * ROW + NAME];
    if (rows[index * ROW + NAME_END] - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (Ascii.lower(octets[from + i]) != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The index of the first line at or after {@code from} with this name, or -1. */
  public int indexOf(FieldName name, int from) {
    if (((hashes >>> name.fieldHash()) & 1) == 0) {
      return -1;
    }
    for (int i = from; i < size; i++) {
      if (rows[i * ROW + HASH] == name.fieldHash() && is(i, name)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether there is a line with this name. */
  public boolean contains(FieldName name) {
    return indexOf(name, 0) >= 0;
  }

  /** The value of the first line with this name, or null. */
  public @Nullable String first(FieldName name) {
    int index = indexOf(name, 0);
    return index < 0 ? null : value(index);
  }

  /** How many lines have this name. */
  public int count(FieldName name) {
    int count = 0;
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      count++;
    }
    return count;
  }

  /** The values of all lines with this name, in order. */
  public List<String> all(FieldName name) {
    List<String> values = new ArrayList<>(2);
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      values.add(value(i));
    }
    return values;
  }

  /** The members of the list-valued field (RFC 9110 §5.6.1) of this name, over all its lines. */
  public List<String> members(FieldName name) {
    List<String> members = new ArrayList<>(4);
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      Lists.split(value(i), members);
    }
    return members;
  }

  /**
   * Whether the field of this name, a list of tokens, has the member {@code token}, in any case.
   */
  public boolean hasMember(FieldName name, String token) {
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      int end = rows[i * ROW + VALUE_END];
      int at = rows[i * ROW + VALUE];
      while (at < end) {
        int next = at;
        while (next < end && octets[next] != ',') {
          next++;
        }
        if (isToken(at, next, token)) {
          return true;
        }
        at = next + 1;
      }
    }
    return false;
  }

  /** Whether {@code token} stands between the two, but for white space around it. */
  private boolean isToken(int from, int to, String token) {
    int start = from;
    int end = to;
    while (start < end && (octets[start] == ' ' || octets[start] == '\t')) {
      start++;
    }
    while (end > start && (octets[end - 1] == ' ' || octets[end - 1] == '\t')) {
      end--;
    }
    return equalsIgnoreCase(start, end, token);
  }

  /**
   * The members of a field whose members are tokens: quotes mean nothing in it, and hide nothing.
   */
  public List<String> tokens(FieldName name) {
    List<String> tokens = new ArrayList<>(4);
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      for (String part : value(i).split(",", -1)) {
        String token = part.strip();
        if (!token.isEmpty()) {
          tokens.add(token);
        }
      }
    }
    return tokens;
  }

  /** How many octets {@link #copyValue} writes for line {@code index}. */
  public int valueLength(int index) {
    int row = index * ROW;
    return rows[row + VALUE_END] - rows[row + VALUE];
  }

  /** Writes the octets of the value of line {@code index}. */
  public void copyValue(int index, byte[] target, int at) {
    System.arraycopy(octets, rows[index * ROW + VALUE], target, at, valueLength(index));
  }

  /** Whether the value of line {@code index} is {@code text}, ASCII letters in any case. */
  public boolean valueIs(int index, String text) {
    int row = index * ROW;
    return equalsIgnoreCase(rows[row + VALUE], rows[row + VALUE_END], text);
  }

  private boolean equalsIgnoreCase(int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Ascii.lower(octets[from + i] & 0xff) != Ascii.lower(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** How many octets {@link #copyLine} writes for line {@code index}. */
  public int lineLength(int index) {
    int row = index * ROW;
    return rows[row + NAME_END] - rows[row + NAME] + rows[row + VALUE_END] - rows[row + VALUE] + 4;
  }

  /**
   * Writes line {@code index} as {@code name: value CRLF} (RFC 9112 §5).
   *
   * @return the position after it in {@code target}
   */
  public int copyLine(int index, byte[] target, int at) {
    int row = index * ROW;
    int name = rows[row + NAME];
    int nameLength = rows[row + NAME_END] - name;
    int value = rows[row + VALUE];
    int valueLength = rows[row + VALUE_END] - value;
    System.arraycopy(octets, name, target, at, nameLength);
    int to = at + nameLength;
    target[to++] = ':';
    target[to++] = ' ';
    System.arraycopy(octets, value, target, to, valueLength);
    to += valueLength;
    target[to++] = '\r';
    target[to++] = '\n';
    return to;
  }

  private String text(int index, int from, int to) {
    int start = rows[index * ROW + from];
    int length = rows[index * ROW + to] - start;
    return new String(octets, start, length, StandardCharsets.ISO_8859_1);
  }

  /** The names only: values may be secrets. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ", ").append(name(i));
    }
    return text.append(']').toString();
  }

  /**
   * Collects the rows of fields that lie in one array of octets. The caller has validated them:
   * names are tokens, values hold no control octets and no white space at either end.
   */
  public static final class Rows {
    private int[] rows = new int[ROW * 16];
    private int size;

    /** Adds the field whose name and value lie in these ranges. */
    public void add(int name, int nameEnd, int value, int valueEnd, int hash) {
      int at = size * ROW;
      if (at == rows.length) {
        rows = java.util.Arrays.copyOf(rows, rows.length * 2);
      }
      rows[at + NAME] = name;
      rows[at + NAME_END] = nameEnd;
      rows[at + VALUE] = value;
      rows[at + VALUE_END] = valueEnd;
      rows[at + HASH] = hash;
      size++;
    }

    /** How many were added. */
    public int size() {
      return size;
    }

    /** The fields over {@code octets}, which must not change afterwards; starts anew. */
    public Fields over(byte[] octets) {
      Fields fields = new Fields(octets, java.util.Arrays.copyOf(rows, size * ROW), size);
      size = 0;
      return fields;
    }

    /** Forgets what was added. */
    public void clear() {
      size = 0;
    }
  }
}
