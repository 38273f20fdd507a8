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
  private final Fields received;
  private final long[] removed;
  private final List<FieldName> addedNames = new ArrayList<>(6);
  private final List<String> addedValues = new ArrayList<>(6);

  /** Edits that start from {@code received}. */
  public FieldEdits(Fields received) {
    this.received = received;
    this.removed = new long[(received.size() + 63) >>> 6];
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
    for (int i = addedNames.size() - 1; i >= 0; i--) {
      if (addedNames.get(i).equals(name)) {
        addedNames.remove(i);
        addedValues.remove(i);
      }
    }
    return this;
  }

  /** Removes received line {@code index}. */
  public void removeReceived(int index) {
    removed[index >>> 6] |= 1L << index;
  }

  /** Whether received line {@code index} is still there. */
  public boolean keeps(int index) {
    return (removed[index >>> 6] & (1L << index)) == 0;
  }

  /**
   * Adds a line after those that are there.
   *
   * @throws IllegalArgumentException if the value holds an octet that a field value may not
   */
  public FieldEdits add(FieldName name, String value) {
    if (!Ascii.isFieldValue(value)) {
      throw new IllegalArgumentException(
          "value of " + name + ": (expected: no control characters, ISO-8859-1)");
    }
    addedNames.add(name);
    addedValues.add(value);
    return this;
  }

  /** Replaces all lines with this name by one. */
  public FieldEdits set(FieldName name, String value) {
    return remove(name).add(name, value);
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
    int added = addedNames.indexOf(name);
    return added < 0 ? null : addedValues.get(added);
  }

  /** The values of all lines with this name as they would be sent. */
  public List<String> all(FieldName name) {
    List<String> values = new ArrayList<>(2);
    for (int i = received.indexOf(name, 0); i >= 0; i = received.indexOf(name, i + 1)) {
      if (keeps(i)) {
        values.add(received.value(i));
      }
    }
    for (int i = 0; i < addedNames.size(); i++) {
      if (addedNames.get(i).equals(name)) {
        values.add(addedValues.get(i));
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
    return addedNames.size();
  }

  /** The name of added line {@code index}. */
  public String addedName(int index) {
    return addedNames.get(index).toString();
  }

  /** The value of added line {@code index}. */
  public String addedValue(int index) {
    return addedValues.get(index);
  }

  /** The result as fields of its own. */
  public Fields toFields() {
    int length = 0;
    for (int i = 0; i < received.size(); i++) {
      length += keeps(i) ? received.lineLength(i) : 0;
    }
    for (int i = 0; i < added(); i++) {
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
    for (int i = 0; i < added(); i++) {
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
