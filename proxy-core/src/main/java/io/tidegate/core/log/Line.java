package io.tidegate.core.log;

import io.tidegate.core.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A line that is being made, in octets; used again for the next one of the same format on the same
 * thread.
 */
final class Line {
  /** Longer values are cut: there is a mark at their end. */
  static final int MAX_VALUE = 4096;

  private static final int USUAL_SIZE = 2048;
  private static final int LARGE_SIZE = 64 << 10;
  private static final int MOST_REMEMBERED = 256;
  private static final String CUT = "[cut]";
  private static final int LONGEST_NUMBER = 19;

  private final Escape escape;
  private final LogTime time;
  private byte[] octets = new byte[USUAL_SIZE];
  private int length;
  private @Nullable Known[] known = {};

  /** What a text has been written as. */
  private static final class Known {
    final String text;
    final byte[] octets;

    Known(String text, byte[] octets) {
      this.text = text;
      this.octets = octets;
    }
  }

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
    return raw(more, 0, more.length);
  }

  /** Writes a part of {@code more} as it is. */
  Line raw(byte[] more, int from, int to) {
    room(to - from);
    System.arraycopy(more, from, octets, length, to - from);
    length += to - from;
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

  /**
   * Writes what this place of lines remembers, if that is for the same text; false, and nothing is
   * written, if it is not.
   */
  boolean again(int place, String text) {
    Known last = place < known.length ? known[place] : null;
    if (last == null || !last.text.equals(text)) {
      return false;
    }
    raw(last.octets, 0, last.octets.length);
    return true;
  }

  /** All since {@code from}, if it is not long, is what this place has for {@code text}. */
  void remember(int place, String text, int from) {
    if (length - from > MOST_REMEMBERED) {
      return;
    }
    if (place >= known.length) {
      known = Arrays.copyOf(known, place + 1);
    }
    known[place] = new Known(text, Arrays.copyOfRange(octets, from, length));
  }

  /** Writes a number that is not negative. */
  Line number(long value) {
    int digits = 1;
    for (long least = 10; value >= least && digits < LONGEST_NUMBER; least *= 10) {
      digits++;
    }
    return padded(value, digits);
  }

  /** Writes the last digits of a number. */
  Line padded(long value, int digits) {
    room(digits);
    byte[] to = octets;
    int at = length + digits;
    long large = value;
    while (large > Integer.MAX_VALUE && at > length) {
      to[--at] = (byte) ('0' + large % 10);
      large /= 10;
    }
    int rest = (int) large; // dividing it costs half
    while (at > length) {
      to[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** Writes nanoseconds as milliseconds, to the microsecond. */
  Line millis(long nanos) {
    long micros = nanos / 1000;
    return micros < 10_000
        ? fewMillis((int) micros)
        : number(micros / 1000).octet('.').padded(micros % 1000, 3);
  }

  /** Most times are short, and there are several in a line. */
  private Line fewMillis(int micros) {
    room(5);
    byte[] to = octets;
    int at = length;
    to[at] = digit(micros / 1000);
    to[at + 1] = '.';
    to[at + 2] = digit(micros / 100 % 10);
    to[at + 3] = digit(micros / 10 % 10);
    to[at + 4] = digit(micros % 10);
    length = at + 5;
    return this;
  }

  private static byte digit(int value) {
    return (byte) ('0' + value);
  }

  private void room(int more) {
    if (length + more > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(length + more, octets.length * 2));
    }
  }
}
