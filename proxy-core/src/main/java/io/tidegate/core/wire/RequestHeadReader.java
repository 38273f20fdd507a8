package io.tidegate.core.wire;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.BadMessageException.Fault;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads request heads (RFC 9112 §2, §3, §5) from octets that arrive in pieces. */
public final class RequestHeadReader {
  private static final String[] METHODS = {
    "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY"
  };
  private static final int MAX_METHOD = 32;

  /** A client may send an empty line or two before a request (RFC 9112 §2.2); more is an attack. */
  private static final int MAX_LEADING_LINES = 2;

  private final HeadCollector collector;
  private final FieldParser fields = new FieldParser();

  /** A reader that refuses heads over {@code limits}. */
  public RequestHeadReader(HeadLimits limits) {
    this.collector = new HeadCollector(limits, MAX_LEADING_LINES);
  }

  /** Whether a head has begun but not ended. */
  public boolean inHead() {
    return !collector.isEmpty();
  }

  /** Takes octets of a head from {@code in}; the head once it is complete, else null. */
  public @Nullable RequestHead read(ByteBuffer in) throws BadMessageException {
    byte[] head = collector.collect(in);
    return head == null ? null : parse(head);
  }

  private RequestHead parse(byte[] octets) throws BadMessageException {
    int methodEnd = 0;
    while (Ascii.isToken(octets[methodEnd] & 0xff)) {
      methodEnd++;
    }
    if (methodEnd == 0 || methodEnd > MAX_METHOD || octets[methodEnd] != ' ') {
      throw BadMessageException.syntax("invalid method");
    }
    int target = methodEnd + 1;
    int targetEnd = target;
    boolean ascii = true;
    while (octets[targetEnd] < 0 || Ascii.isTarget(octets[targetEnd])) {
      ascii &= octets[targetEnd] > 0;
      targetEnd++;
    }
    if (targetEnd == target || octets[targetEnd] != ' ') {
      throw BadMessageException.syntax("invalid request target");
    }
    HttpVersion version = version(octets, targetEnd + 1);
    String text = new String(octets, target, targetEnd - target, StandardCharsets.ISO_8859_1);
    Fields parsed = fields.parse(octets, targetEnd + 11);
    return new RequestHead(method(octets, methodEnd), ascii ? text : escape(text), version, parsed);
  }

  private static String method(byte[] octets, int length) {
    for (String known : METHODS) {
      if (known.length() == length && matches(octets, 0, known)) {
        return known;
      }
    }
    return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static HttpVersion version(byte[] octets, int at) throws BadMessageException {
    boolean form =
        at + 10 <= octets.length
            && matches(octets, at, "HTTP/")
            && octets[at + 6] == '.'
            && octets[at + 8] == '\r'
            && octets[at + 9] == '\n';
    int major = form ? octets[at + 5] - '0' : -1;
    int minor = form ? octets[at + 7] - '0' : -1;
    if (major < 0 || major > 9 || minor < 0 || minor > 9) {
      throw BadMessageException.syntax("invalid version");
    }
    if (major != 1) {
      throw new BadMessageException(Fault.VERSION, "HTTP version other than 1.x");
    }
    return minor == 0 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
  }

  /** Octets that are not ASCII go on percent-encoded: every server then reads the same octets. */
  public static String escape(String target) {
    StringBuilder escaped = new StringBuilder(target.length() + 16);
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c < 0x80) {
        escaped.append(c);
      } else {
        escaped
            .append('%')
            .append("0123456789ABCDEF".charAt(c >> 4))
            .append("0123456789ABCDEF".charAt(c & 15));
      }
    }
    return escaped.toString();
  }

  static boolean matches(byte[] octets, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (octets[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
