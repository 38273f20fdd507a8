package io.tidegate.core.wire;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes heads and chunk framing (RFC 9112) into an array that grows; reused for every message of
 * an IO thread.
 */
public final class HeadWriter {
  private byte[] octets;
  private int length;

  /** A writer with room for any ordinary head. */
  public HeadWriter() {
    this(8 << 10);
  }

  /** A writer with room for so many octets at first. */
  public HeadWriter(int size) {
    octets = new byte[size];
  }

  /** Starts anew. */
  public HeadWriter clear() {
    length = 0;
    return this;
  }

  /** How many octets were written. */
  public int length() {
    return length;
  }

  /** What was written, as an array of its own. */
  public byte[] toArray() {
    return Arrays.copyOf(octets, length);
  }

  /** Copies what was written into {@code target}. */
  public void copyTo(ByteBuffer target) {
    target.put(octets, 0, length);
  }

  /** What was written, as a buffer over the same octets: valid until the next change. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(octets, 0, length);
  }

  /** {@code method SP target SP HTTP/1.1 CRLF}. */
  public HeadWriter requestLine(String method, String target) {
    return text(method).octet(' ').text(target).text(" HTTP/1.1\r\n");
  }

  /** {@code HTTP/1.1 SP status SP reason CRLF}. */
  public HeadWriter statusLine(int status, String reason) {
    if (status == 200 && reason.equals("OK")) {
      return text("HTTP/1.1 200 OK\r\n");
    }
    return text("HTTP/1.1 ").number(status).octet(' ').text(reason).text("\r\n");
  }

  /** One field line. */
  public HeadWriter field(String name, String value) {
    return text(name).text(": ").text(value).text("\r\n");
  }

  /** One field line with a number. */
  public HeadWriter field(String name, long value) {
    return text(name).text(": ").number(value).text("\r\n");
  }

  /** The lines that remain after the edits, received ones first. */
  public HeadWriter fields(FieldEdits edits) {
    Fields received = edits.received();
    for (int i = 0; i < received.size(); i++) {
      if (edits.keeps(i)) {
        require(received.lineLength(i));
        length = received.copyLine(i, octets, length);
      }
    }
    for (int i = 0; i < edits.added(); i++) {
      field(edits.addedName(i), edits.addedValue(i));
    }
    return this;
  }

  /** The empty line that ends a head. */
  public HeadWriter end() {
    return text("\r\n");
  }

  /** The size line of a chunk. */
  public HeadWriter chunkSize(int size) {
    return text(Integer.toHexString(size)).text("\r\n");
  }

  /** Text whose characters are all below U+0100. */
  @SuppressWarnings(
      "deprecation") // the one call that copies Latin-1 characters without an allocation
  public HeadWriter text(String text) {
    int n = text.length();
    require(n);
    text.getBytes(0, n, octets, length);
    length += n;
    return this;
  }

  private HeadWriter number(long number) {
    if (number >= 100 && number < 1000) {
      int n = (int) number;
      return octet('0' + n / 100).octet('0' + n / 10 % 10).octet('0' + n % 10);
    }
    return text(Long.toString(number));
  }

  /** The {@code count} octets of {@code source} at {@code from}. */
  public HeadWriter octets(byte[] source, int from, int count) {
    require(count);
    System.arraycopy(source, from, octets, length, count);
    length += count;
    return this;
  }

  /** One octet. */
  public HeadWriter octet(int octet) {
    require(1);
    octets[length++] = (byte) octet;
    return this;
  }

  private void require(int more) {
    if (length + more > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + more));
    }
  }
}
