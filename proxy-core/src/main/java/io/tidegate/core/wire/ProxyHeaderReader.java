package io.tidegate.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of the PROXY protocol, version 1 or 2, from octets that arrive in pieces. It
 * never takes an octet beyond the header. For one connection.
 */
public final class ProxyHeaderReader {
  /** The most octets of a header of version 1, the line end included. */
  public static final int MAX_LINE = 107;

  /** The most octets of a header of version 2 after the fixed part. */
  public static final int MAX_BLOCK = 4096;

  private static final byte[] LINE_START = "PROXY ".getBytes(ISO_8859_1);
  private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);
  private static final int FIXED = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;

  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_4 = 0x11;
  private static final int TCP_6 = 0x21;
  private static final int UNIX_STREAM = 0x31;

  private static final int CRC32C = 0x03;
  private static final int NOOP = 0x04;
  private static final int UNIQUE_ID = 0x05;
  private static final int MAX_UNIQUE_ID = 128;

  private byte[] octets = new byte[128];
  private int length;

  /**
   * Takes octets from {@code in}.
   *
   * @return the header, or null if more has to come; then everything has been taken
   * @throws BadMessageException if this is no header, or one that breaks the rules; the detail says
   *     how
   */
  public @Nullable ProxyHeader read(ByteBuffer in) throws BadMessageException {
    while (in.hasRemaining()) {
      if (length == octets.length) {
        octets = Arrays.copyOf(octets, 2 * length);
      }
      octets[length++] = in.get();
      ProxyHeader header = octets[0] == SIGNATURE[0] ? block() : line();
      if (header != null) {
        return header;
      }
    }
    return null;
  }

  /** Whether what has come begins as a header does, so that it cannot be anything else. */
  public boolean isHeader() {
    return startsWith(LINE_START) || startsWith(SIGNATURE);
  }

  private boolean startsWith(byte[] start) {
    return length >= start.length && Arrays.equals(octets, 0, start.length, start, 0, start.length);
  }

  /** What was taken so far. */
  public ByteBuffer taken() {
    return ByteBuffer.wrap(octets, 0, length).slice();
  }

  private void requireStart(byte[] start) throws BadMessageException {
    if (length <= start.length && octets[length - 1] != start[length - 1]) {
      throw BadMessageException.syntax("not a PROXY header");
    }
  }

  // ---- version 1

  private @Nullable ProxyHeader line() throws BadMessageException {
    requireStart(LINE_START);
    boolean returned = length > 1 && octets[length - 2] == '\r';
    boolean ended = octets[length - 1] == '\n';
    require(returned == ended);
    if (ended) {
      return parse(
          new String(octets, LINE_START.length, length - 2 - LINE_START.length, ISO_8859_1));
    }
    require(length < MAX_LINE);
    return null;
  }

  private static ProxyHeader parse(String line) throws BadMessageException {
    if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
      return ProxyHeader.OF_NOBODY; // what follows is to be ignored
    }
    String[] parts = line.split(" ", -1);
    require(parts.length == 5);
    boolean six = parts[0].equals("TCP6");
    require(six || parts[0].equals("TCP4"));
    return new ProxyHeader(
        new InetSocketAddress(address(parts[1], six), port(parts[3])),
        new InetSocketAddress(address(parts[2], six), port(parts[4])),
        List.of());
  }

  private static InetAddress address(String text, boolean six) throws BadMessageException {
    InetAddress address = text.startsWith("[") ? null : Ip.parse(text);
    if (address == null || six != text.indexOf(':') >= 0) {
      throw malformed();
    }
    return address;
  }

  private static int port(String text) throws BadMessageException {
    require(!text.isEmpty() && text.length() <= 5);
    require(text.length() == 1 || text.charAt(0) != '0');
    int port = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      require(digit >= 0 && digit <= 9);
      port = port * 10 + digit;
    }
    require(port <= 0xffff);
    return port;
  }

  // ---- version 2

  private @Nullable ProxyHeader block() throws BadMessageException {
    requireStart(SIGNATURE);
    if (length < FIXED) {
      return null;
    }
    int size = number(14);
    if (length == FIXED) {
      require(at(12) == LOCAL || at(12) == PROXY);
      require(at(12) == LOCAL || size >= addressesSize());
      if (size > MAX_BLOCK) {
        throw BadMessageException.syntax("PROXY header too long");
      }
    }
    return length < FIXED + size ? null : parseBlock();
  }

  /** Of a connection of the sender's own, nothing that follows counts. */
  private ProxyHeader parseBlock() throws BadMessageException {
    if (at(12) == LOCAL) {
      return ProxyHeader.OF_NOBODY;
    }
    List<ProxyHeader.Tlv> tlvs = tlvs(FIXED + addressesSize());
    return switch (at(13)) {
      case TCP_4 -> new ProxyHeader(end(16, 4, 24), end(20, 4, 26), tlvs);
      case TCP_6 -> new ProxyHeader(end(16, 16, 48), end(32, 16, 50), tlvs);
      default -> new ProxyHeader(null, null, tlvs);
    };
  }

  /** Of a family that a stream can have. */
  private int addressesSize() throws BadMessageException {
    return switch (at(13)) {
      case UNSPECIFIED -> 0;
      case TCP_4 -> 12;
      case TCP_6 -> 36;
      case UNIX_STREAM -> 216;
      default -> throw malformed();
    };
  }

  private InetSocketAddress end(int addressAt, int size, int portAt) {
    try {
      byte[] address = Arrays.copyOfRange(octets, addressAt, addressAt + size);
      return new InetSocketAddress(InetAddress.getByAddress(address), number(portAt));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address of " + size + " octets", e);
    }
  }

  private List<ProxyHeader.Tlv> tlvs(int from) throws BadMessageException {
    List<ProxyHeader.Tlv> tlvs = new ArrayList<>();
    boolean summed = false;
    int start = from;
    while (start < length) {
      require(length - start >= 3);
      int type = at(start);
      int size = number(start + 1);
      int value = start + 3;
      require(size <= length - value);
      if (type == CRC32C) {
        require(!summed && size == 4);
        checkSum(value);
        summed = true;
      } else if (type != NOOP) {
        require(type != UNIQUE_ID || size <= MAX_UNIQUE_ID);
        tlvs.add(new ProxyHeader.Tlv(type, ByteBuffer.wrap(octets, value, size).slice()));
      }
      start = value + size;
    }
    return tlvs;
  }

  /** The sum is one over the whole header, with zeros in its own place. */
  private void checkSum(int at) throws BadMessageException {
    CRC32C sum = new CRC32C();
    sum.update(octets, 0, at);
    sum.update(new byte[4]);
    sum.update(octets, at + 4, length - at - 4);
    if (ByteBuffer.wrap(octets).getInt(at) != (int) sum.getValue()) {
      throw BadMessageException.syntax("PROXY header with a wrong checksum");
    }
  }

  private int at(int index) {
    return octets[index] & 0xff;
  }

  private int number(int index) {
    return at(index) << 8 | at(index + 1);
  }

  private static void require(boolean valid) throws BadMessageException {
    if (!valid) {
      throw malformed();
    }
  }

  private static BadMessageException malformed() {
    return BadMessageException.syntax("malformed PROXY header");
  }
}
