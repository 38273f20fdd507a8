package io.tidegate.core.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message about to be sent: those received, less what was removed, plus what was
 * added. The received fields are neither copied nor changed. For one thread.
 */
public final class FieldEdits {
  private static final FieldName[] NO_NAMES = {};
  private static final String[] NO_VALUES = {};

  private final Fields received;
  private long removed;
  private final long @Nullable [] removedBeyond64;
  private FieldName[] addedNames = NO_NAMES;
  private String[] addedValues = NO_VALUES;
  private int added;

  /** Edits that start from {@code received}. */
  public FieldEdits(Fields received) {
    this.received = received;
    this.removedBeyond64 = received.size() <= 64 ? null : new long[(received.size() - 1) >>> 6];
  }

  /** The fields before any edit. */
  public Fields received() {
    return received;
  }

  /** Removes every line with this name. */
  public FieldEdits remove(FieldName name) {
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      removeReceived(i);
    }
    for (int i = added - 1; i >= 0; i--) {
      if (addedNames[i].equals(name)) {
        removeAdded(i);
      }
    }
    return this;
  }

  /** Removes received line {@code index}. */
  public void removeReceived(int index) {
    if (removedBeyond64 == null || index < 64) {
      removed |= 1L << index;
    } else {
      removedBeyond64[(index >>> 6) - 1] |= 1L << index;
    }
  }

  /** Whether received line {@code index} is still there. */
  public boolean keeps(int index) {
    long word =
        removedBeyond64 == null || index < 64 ? removed : removedBeyond64[(index >>> 6) - 1];
    return (word & (1L << index)) == 0;
  }

  /**
   * Adds a line after those that are there.
   *
   * @throws IllegalArgumentException if the value holds an octet that a field value may not
   */
  public FieldEdits add(FieldName name, String value) {
    check(name, value);
    if (added == addedNames.length) {
      addedNames = Arrays.copyOf(addedNames, added + 8);
      addedValues = Arrays.copyOf(addedValues, added + 8);
    }
    addedNames[added] = name;
    addedValues[added++] = value.isEmpty() || isTrimmed(value) ? value : value.strip();
    return this;
  }

  /**
   * Replaces all lines with this name by one; if the value is refused, as by {@link #add}, nothing
   * changes.
   */
  public FieldEdits set(FieldName name, String value) {
    check(name, value);
    return remove(name).add(name, value);
  }

  private void removeAdded(int index) {
    added--;
    System.arraycopy(addedNames, index + 1, addedNames, index, added - index);
    System.arraycopy(addedValues, index + 1, addedValues, index, added - index);
  }

  /** White space around a value is not part of it (RFC 9110 §5.5). */
  private static boolean isTrimmed(String value) {
    return value.charAt(0) > ' ' && value.charAt(value.length() - 1) > ' ';
  }

  private static void check(FieldName name, String value) {
    if (!Ascii.isFieldValue(value)) {
      throw new IllegalArgumentException(
          "value of " + name + ": (expected: no control characters, ISO-8859-1)");
    }
  }

  /** Adds a member to a list-valued field, behind the members that are there. */
  public FieldEdits append(FieldName name, String member) {
    List<String> values = all(name);
    return values.isEmpty()
        ? add(name, member)
        : set(name, String.join(", ", values) + ", " + member);
  }

  /** The value of the first line with this name as it would be sent, or null. */
  public @Nullable String first(FieldName name) {
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      if (keeps(i)) {
        return received.value(i);
      }
    }
    for (int i = 0; i < added; i++) {
      if (addedNames[i].equals(name)) {
        return addedValues[i];
      }
    }
    return null;
  }

  /** The values of all lines with this name as they would be sent. */
  public List<String> all(FieldName name) {
    List<String> values = new ArrayList<>(2);
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      if (keeps(i)) {
        values.add(received.value(i));
      }
    }
    for (int i = 0; i < added; i++) {
      if (addedNames[i].equals(name)) {
        values.add(addedValues[i]);
      }
    }
    return values;
  }

  /** Whether a line with this name would be sent. */
  public boolean contains(FieldName name) {
    return first(name) != null;
  }

  /** How many lines were added. */
  public int added() {
    return added;
  }

  /** The name of added line {@code index}. */
  public String addedName(int index) {
    return addedNames[index].toString();
  }

  /** The value of added line {@code index}. */
  public String addedValue(int index) {
    return addedValues[index];
  }

  /** The result as fields of its own. */
  public Fields toFields() {
    int length = 0;
    for (int i = 0; i < received.size(); i++) {
      length += keeps(i) ? received.lineLength(i) : 0;
    }
    for (int i = 0; i < added; i++) {
      length += addedName(i).length() + addedValue(i).length() + 4;
    }
    byte[] octets = new byte[length];
    Fields.Rows rows = new Fields.Rows();
    int at = 0;
    for (int i = 0; i < received.size(); i++) {
      if (keeps(i)) {
        int end = received.copyLine(i, octets, at);
        addRow(rows, octets, at, end);
        at = end;
      }
    }
    for (int i = 0; i < added; i++) {
      byte[] line =
          (addedName(i) + ": " + addedValue(i) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(line, 0, octets, at, line.length);
      addRow(rows, octets, at, at + line.length);
      at += line.length;
    }
    return rows.over(Arrays.copyOf(octets, at));
  }

  private static void addRow(Fields.Rows rows, byte[] octets, int from, int to) {
    int colon = from;
    while (octets[colon] != ':') {
      colon++;
    }
    rows.add(from, colon, colon + 2, to - 2, FieldName.hash(octets, from, colon));
  }
}
