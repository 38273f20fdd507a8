package io.tidegate.core.log;

import io.tidegate.core.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A line that is being made, in octets; used again for the next one on the same thread. */
final class Line {
  /** Longer values are cut: there is a mark at their end. */
  static final int MAX_VALUE = 4096;

  private static final int USUAL_SIZE = 2048;
  private static final int LARGE_SIZE = 64 << 10;
  private static final String CUT = "[cut]";
  private static final int LONGEST_NUMBER = 20;

  private final Escape escape;
  private final LogTime time;
  private byte[] octets = new byte[USUAL_SIZE];
  private int length;

  Line(Escape escape, LogTime time) {
    this.escape = escape;
    this.time = time;
  }

  /** Begins anew, at a time in milliseconds. */
  void start(long now) {
    if (octets.length > LARGE_SIZE) {
      octets = new byte[USUAL_SIZE];
    }
    length = 0;
    time.set(now);
  }

  /** The octets, as far as {@link #length}; they change with the line. */
  byte[] octets() {
    return octets;
  }

  /** How long it is. */
  int length() {
    return length;
  }

  /** Takes back what was written since it had this length. */
  void backTo(int before) {
    length = before;
  }

  /** The time of the line. */
  LogTime time() {
    return time;
  }

  /** Writes one octet. */
  Line octet(int octet) {
    room(1);
    octets[length++] = (byte) octet;
    return this;
  }

  /** Writes these octets as they are. */
  Line raw(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, octets, length, more.length);
    length += more.length;
    return this;
  }

  /** Writes ASCII as it is. */
  Line raw(String ascii) {
    room(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      octets[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** Writes what somebody else has made up, escaped and as much of it as there is room for. */
  Line text(String value) {
    int end = Math.min(value.length(), MAX_VALUE);
    room(end);
    boolean[] plain = escape.plain;
    byte[] to = octets;
    int at = length;
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      if (c >= 128 || !plain[c]) {
        return escaped(value.substring(i, end), at).cut(value);
      }
      to[at++] = (byte) c;
    }
    length = at;
    return cut(value);
  }

  /** Writes the value of a field line like any other text. */
  Line text(Fields fields, int index) {
    int end = fields.valueLength(index);
    if (end > MAX_VALUE) {
      return text(fields.value(index));
    }
    room(end);
    fields.copyValue(index, octets, length);
    boolean[] plain = escape.plain;
    byte[] to = octets;
    for (int at = length; at < length + end; at++) {
      if (to[at] < 0 || !plain[to[at]]) {
        return text(fields.value(index));
      }
    }
    length += end;
    return this;
  }

  /** The rest of a value, from {@code at}: octets one a character, or else text. */
  private Line escaped(String rest, int at) {
    length = at;
    boolean isOctets = rest.chars().allMatch(c -> c < 256);
    escape.write(
        rest.getBytes(isOctets ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8), this);
    return this;
  }

  private Line cut(String value) {
    return value.length() > MAX_VALUE ? raw(CUT) : this;
  }

  /** Writes a number that is not negative. */
  Line number(long value) {
    room(LONGEST_NUMBER);
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    padded(value, digits);
    return this;
  }

  /** Writes the last digits of a number. */
  Line padded(long value, int digits) {
    room(digits);
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      octets[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** Writes nanoseconds as milliseconds, to the microsecond. */
  Line millis(long nanos) {
    long micros = nanos / 1000;
    return number(micros / 1000).octet('.').padded(micros % 1000, 3);
  }

  private void room(int more) {
    if (length + more > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(length + more, octets.length * 2));
    }
  }
}
