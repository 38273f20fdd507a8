package io.tidegate.core.wire;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the octets of one head, up to and with the empty line that ends it. Line ends are CRLF:
 * a lone CR or LF is refused as soon as it is seen, and so is a head that grows over its limits.
 */
final class HeadCollector {
  private static final int FIRST_SIZE = 1024;

  private final HeadLimits limits;
  private final int maxLeadingLines;
  private byte[] octets = new byte[FIRST_SIZE];
  private int length;
  private int scanned;
  private int lineStart;
  private int lines;
  private int leadingLines;

  /** A collector that skips so many empty lines before a head. */
  HeadCollector(HeadLimits limits, int maxLeadingLines) {
    this.limits = limits;
    this.maxLeadingLines = maxLeadingLines;
  }

  /** Whether nothing has been collected yet. */
  boolean isEmpty() {
    return length == 0;
  }

  /**
   * Takes octets from {@code in}: all of them, or just those up to the end of the head.
   *
   * @return the head without its final empty line, or null if more octets are needed
   */
  byte @Nullable [] collect(ByteBuffer in) throws BadMessageException {
    while (in.hasRemaining()) {
      int taken = append(in);
      int end = findEnd();
      if (end >= 0) {
        in.position(in.position() - (length - end));
        byte[] head = Arrays.copyOf(octets, end - 2);
        clear();
        return head;
      }
      if (taken == 0) {
        throw tooLarge();
      }
    }
    checkSize(length);
    return null;
  }

  /** Forgets what was collected. */
  void clear() {
    length = 0;
    scanned = 0;
    lineStart = 0;
    lines = 0;
    leadingLines = 0;
    if (octets.length > 8 * FIRST_SIZE) {
      octets = new byte[FIRST_SIZE];
    }
  }

  private int append(ByteBuffer in) {
    int wanted = Math.min(Math.min(in.remaining(), FIRST_SIZE), limits.maxBytes() + 2 - length);
    if (length + wanted > octets.length) {
      octets =
          Arrays.copyOf(
              octets,
              Math.max(length + wanted, Math.min(limits.maxBytes() + 2, octets.length * 2)));
    }
    in.get(octets, length, wanted);
    length += wanted;
    return wanted;
  }

  private int findEnd() throws BadMessageException {
    byte[] bytes = octets;
    if (scanned == 0 && length > 0 && bytes[0] != '\r' && !Ascii.isToken(bytes[0] & 0xff)) {
      throw BadMessageException.syntax(
          "not an HTTP message"); // at once: a TLS hello never sends a line end
    }
    for (int i = scanned; i < length; i++) {
      if (bytes[i] == '\n') {
        if (i == lineStart || bytes[i - 1] != '\r') {
          throw BadMessageException.syntax("line ended by LF alone");
        }
        if (i - lineStart > 1) {
          endOfLine(i);
        } else if (lines > 0) {
          checkSize(i + 1);
          return i + 1;
        } else {
          skipLeadingLine();
          return findEnd();
        }
      }
    }
    scanned = length;
    return -1;
  }

  private void endOfLine(int lineFeed) throws BadMessageException {
    if (lines == 0) {
      checkSize(lineFeed + 1);
    }
    if (lines > limits.maxFields()) {
      throw new BadMessageException(Fault.TOO_MANY_FIELDS, "too many fields");
    }
    lines++;
    lineStart = lineFeed + 1;
  }

  private void skipLeadingLine() throws BadMessageException {
    if (++leadingLines > maxLeadingLines) {
      throw BadMessageException.syntax("empty lines before the message");
    }
    System.arraycopy(octets, 2, octets, 0, length - 2);
    length -= 2;
    scanned = 0;
  }

  private void checkSize(int size) throws BadMessageException {
    if (lines == 0 && size > limits.maxStartLine()) {
      throw new BadMessageException(Fault.TARGET_TOO_LONG, "start line too long");
    }
    if (size > limits.maxBytes()) {
      throw tooLarge();
    }
  }

  private BadMessageException tooLarge() {
    return lines == 0
        ? new BadMessageException(Fault.TARGET_TOO_LONG, "start line too long")
        : new BadMessageException(Fault.HEAD_TOO_LARGE, "head too large");
  }
}
