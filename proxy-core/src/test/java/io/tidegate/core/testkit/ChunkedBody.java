package io.tidegate.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A body in chunked coding (RFC 9112 §7.1). Read strictly: an octet out of place is an {@link
 * AssertionError}.
 *
 * @param raw the octets as received, last CRLF included
 * @param chunks the data of each chunk
 * @param trailers the trailer fields
 * @param complete false if the connection ended before the body did
 */
public record ChunkedBody(
    byte[] raw, List<byte[]> chunks, List<RawField> trailers, boolean complete) {
  static ChunkedBody read(Peer peer) {
    return new Reader(peer).read();
  }

  /** The data of all chunks. */
  public byte[] content() {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    chunks.forEach(content::writeBytes);
    return content.toByteArray();
  }

  /** The data of all chunks as text. */
  public String text() {
    return new String(content(), ISO_8859_1);
  }

  private static final class Reader {
    private final Peer peer;
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private final List<byte[]> chunks = new ArrayList<>();
    private final List<RawField> trailers = new ArrayList<>();

    Reader(Peer peer) {
      this.peer = peer;
    }

    ChunkedBody read() {
      boolean complete;
      try {
        complete = chunks() && trailers();
      } catch (IOException ended) {
        complete = false;
      }
      return new ChunkedBody(
          raw.toByteArray(), List.copyOf(chunks), List.copyOf(trailers), complete);
    }

    private boolean chunks() throws IOException {
      while (true) {
        String line = line();
        if (!line.endsWith("\r\n")) {
          return false;
        }
        int size = size(line);
        if (size == 0) {
          return true;
        }
        byte[] data = peer.readUpTo(size);
        raw.writeBytes(data);
        chunks.add(data);
        if (data.length < size) {
          return false;
        }
        String end = line();
        if (!"\r\n".startsWith(end)) {
          throw new AssertionError("a chunk of " + size + " is followed by '" + end + "'");
        }
        if (end.length() < 2) {
          return false;
        }
      }
    }

    private boolean trailers() throws IOException {
      for (String line = line(); line.endsWith("\r\n"); line = line()) {
        if (line.length() == 2) {
          return true;
        }
        trailers.add(RawField.parse(line.substring(0, line.length() - 2)));
      }
      return false;
    }

    private static int size(String line) {
      String digits = line.split("[; \t\r]", 2)[0];
      if (!digits.matches("[0-9a-fA-F]{1,7}")) {
        throw new AssertionError("chunk size in '" + line + "'");
      }
      return Integer.parseInt(digits, 16);
    }

    /** Up to and including LF, or to the end of the connection. */
    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int octet = peer.read(); octet >= 0; octet = peer.read()) {
        raw.write(octet);
        line.append((char) octet);
        if (octet == '\n') {
          if (!line.toString().endsWith("\r\n")) {
            throw new AssertionError("LF without CR after '" + line + "'");
          }
          break;
        }
      }
      return line.toString();
    }
  }
}
