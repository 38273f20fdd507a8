package io.tidegate.core.wire;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads response heads (RFC 9112 §4, §5) from octets that arrive in pieces. */
public final class ResponseHeadReader {
  /** What follows "HTTP/1.x ": the code, and CRLF at the least. */
  private static final int SHORTEST = 9 + 3 + 2;

  private final HeadCollector collector;
  private final FieldParser fields = new FieldParser();

  /** A reader that refuses heads over {@code limits}. */
  public ResponseHeadReader(HeadLimits limits) {
    this.collector = new HeadCollector(limits, 0);
  }

  /** Takes octets of a head from {@code in}; the head once it is complete, else null. */
  public @Nullable ResponseHead read(ByteBuffer in) throws BadMessageException {
    byte[] head = collector.collect(in);
    return head == null ? null : parse(head);
  }

  private ResponseHead parse(byte[] octets) throws BadMessageException {
    if (octets.length < SHORTEST
        || !RequestHeadReader.matches(octets, 0, "HTTP/")
        || octets[8] != ' ') {
      throw BadMessageException.syntax("not an HTTP response");
    }
    HttpVersion version = version(octets);
    int status = status(octets);
    int reason = octets[12] == ' ' ? 13 : 12;
    int reasonEnd = reason;
    while (Ascii.isFieldValue(octets[reasonEnd] & 0xff)) {
      reasonEnd++;
    }
    if (octets[reasonEnd] != '\r'
        || octets[reasonEnd + 1] != '\n'
        || (reason == 12 && reasonEnd > 12)) {
      throw BadMessageException.syntax("invalid reason phrase");
    }
    return new ResponseHead(
        version, status, reason(octets, reason, reasonEnd), fields.parse(octets, reasonEnd + 2));
  }

  private static HttpVersion version(byte[] octets) throws BadMessageException {
    if (octets[5] != '1' || octets[6] != '.' || octets[7] < '0' || octets[7] > '9') {
      throw new BadMessageException(Fault.VERSION, "HTTP version other than 1.x");
    }
    return octets[7] == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
  }

  private static int status(byte[] octets) throws BadMessageException {
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = octets[i] - '0';
      if (digit < 0 || digit > 9) {
        throw BadMessageException.syntax("invalid status code");
      }
      status = status * 10 + digit;
    }
    if (status < 100) {
      throw BadMessageException.syntax("invalid status code");
    }
    return status;
  }

  private static String reason(byte[] octets, int from, int to) {
    if (to - from == 2 && octets[from] == 'O' && octets[from + 1] == 'K') {
      return "OK";
    }
    return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
