package io.tidegate.core.wire;

import io.tidegate.core.http.BadMessageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first message of a TLS client from the records that carry it (RFC 8446 §5.1), however
 * many there are and in however many pieces they come. It ends where a record ends, and nothing
 * else may be between its records. For one connection.
 */
public final class ClientHelloReader {
  /** The most octets that are read, records and all. */
  public static final int MAX = 32 << 10;

  private static final int RECORD_HEADER = 5;
  private static final int MAX_RECORD = 1 << 14;
  private static final int HANDSHAKE = 22;
  private static final int MESSAGE_HEADER = 4;
  private static final int CLIENT_HELLO = 1;

  private final byte[] record = new byte[RECORD_HEADER];
  private int recordOctets;
  private int left;
  private byte[] message = new byte[512];
  private int length;
  private int read;

  /**
   * Takes octets from {@code in}.
   *
   * @return the message, or null if more has to come; then everything has been taken
   * @throws BadMessageException if this is not how TLS begins, or it is too long; the detail says
   *     so
   */
  public @Nullable ClientHello read(ByteBuffer in) throws BadMessageException {
    while (in.hasRemaining()) {
      if (++read > MAX) {
        throw BadMessageException.syntax("TLS ClientHello too long");
      }
      byte octet = in.get();
      if (left == 0) {
        header(octet);
      } else {
        content(octet);
        left--;
        if (isComplete()) {
          if (left > 0) {
            throw BadMessageException.syntax("more than a TLS ClientHello in its record");
          }
          return ClientHello.parse(
              ByteBuffer.wrap(message, MESSAGE_HEADER, length - MESSAGE_HEADER).slice());
        }
      }
    }
    return null;
  }

  private void header(byte octet) throws BadMessageException {
    record[recordOctets++] = octet;
    boolean tls =
        switch (recordOctets) {
          case 1 -> octet == HANDSHAKE;
          case 2 -> octet == 3;
          default -> true;
        };
    if (recordOctets == RECORD_HEADER) {
      recordOctets = 0;
      left = (record[3] & 0xff) << 8 | (record[4] & 0xff);
      tls = left > 0 && left <= MAX_RECORD; // a part of a message is never empty
    }
    if (!tls) {
      throw BadMessageException.syntax("not the beginning of TLS");
    }
  }

  private void content(byte octet) throws BadMessageException {
    if (length == message.length) {
      message = Arrays.copyOf(message, 2 * length);
    }
    message[length++] = octet;
    if (length == 1 && octet != CLIENT_HELLO) {
      throw BadMessageException.syntax("not the beginning of TLS");
    }
    if (length == MESSAGE_HEADER && bodyLength() > MAX - MESSAGE_HEADER - RECORD_HEADER) {
      throw BadMessageException.syntax("TLS ClientHello too long");
    }
  }

  private boolean isComplete() {
    return length >= MESSAGE_HEADER && length == MESSAGE_HEADER + bodyLength();
  }

  private int bodyLength() {
    return (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | (message[3] & 0xff);
  }
}
