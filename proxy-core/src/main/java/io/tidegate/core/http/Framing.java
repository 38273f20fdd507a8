package io.tidegate.core.http;

import io.tidegate.core.http.BadMessageException.Fault;

/** How the end of a message's content is told (RFC 9112 §6.3). */
public final class Framing {
  /** The four ways. */
  public enum Kind {
    /** There is no content. */
    NONE,
    /** {@code Content-Length} octets. */
    FIXED,
    /** Chunked transfer coding. */
    CHUNKED,
    /** Everything until the connection closes; responses only. */
    UNTIL_CLOSE
  }

  /** No content. */
  public static final Framing NONE = new Framing(Kind.NONE, 0);

  /** Chunked transfer coding. */
  public static final Framing CHUNKED = new Framing(Kind.CHUNKED, -1);

  /** Content that ends with the connection. */
  public static final Framing UNTIL_CLOSE = new Framing(Kind.UNTIL_CLOSE, -1);

  /**
   * 18 digits, leading zeros aside, always fit a long: what is longer is refused, never wrapped.
   */
  private static final long MAX_LENGTH = 999_999_999_999_999_999L;

  private final Kind kind;
  private final long length;

  private Framing(Kind kind, long length) {
    this.kind = kind;
    this.length = length;
  }

  /** Content of exactly {@code length} octets. */
  public static Framing fixed(long length) {
    return new Framing(Kind.FIXED, length);
  }

  /** Which of the four. */
  public Kind kind() {
    return kind;
  }

  /** The number of octets, or -1 if it is not known beforehand. */
  public long length() {
    return length;
  }

  /** Whether there is nothing to read or write after the head. */
  public boolean isEmpty() {
    return length == 0;
  }

  /**
   * The framing of a request (RFC 9112 §6.3). Anything that two recipients could read in two ways
   * is refused: both length and coding, repeated or malformed lengths, any coding but {@code
   * chunked}.
   */
  public static Framing ofRequest(RequestHead head) throws BadMessageException {
    Fields fields = head.fields();
    boolean coded = fields.contains(FieldName.TRANSFER_ENCODING);
    int length = fields.indexOf(FieldName.CONTENT_LENGTH, 0);
    if (!coded) {
      return length < 0 ? NONE : fixed(contentLength(fields, length));
    }
    if (length >= 0) {
      throw BadMessageException.framing("both Transfer-Encoding and Content-Length");
    }
    if (!head.version().atLeast11()) {
      throw BadMessageException.framing("Transfer-Encoding in an HTTP/1.0 message");
    }
    requireChunked(fields);
    return CHUNKED;
  }

  /**
   * The framing of the response to a request with {@code method} (RFC 9112 §6.3). A body that these
   * rules rule out (HEAD, 1xx, 204, 304) is not there whatever the fields say.
   */
  public static Framing ofResponse(String method, ResponseHead head) throws BadMessageException {
    Fields fields = head.fields();
    int status = head.status();
    boolean coded = fields.contains(FieldName.TRANSFER_ENCODING);
    int length = fields.indexOf(FieldName.CONTENT_LENGTH, 0);
    if (coded && length >= 0) {
      throw BadMessageException.framing("both Transfer-Encoding and Content-Length");
    }
    long octets = length < 0 ? -1 : contentLength(fields, length);
    if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
      return NONE;
    }
    if (coded) {
      if (!head.version().atLeast11()) {
        throw BadMessageException.framing("Transfer-Encoding in an HTTP/1.0 message");
      }
      requireChunked(fields);
      return CHUNKED;
    }
    return octets < 0 ? UNTIL_CLOSE : fixed(octets);
  }

  private static void requireChunked(Fields fields) throws BadMessageException {
    int index = fields.indexOf(FieldName.TRANSFER_ENCODING, 0);
    if (fields.indexOf(FieldName.TRANSFER_ENCODING, index + 1) >= 0) {
      throw BadMessageException.framing("more than one Transfer-Encoding");
    }
    if (!fields.valueIs(index, "chunked")) {
      boolean known = fields.hasMember(FieldName.TRANSFER_ENCODING, "chunked");
      throw known
          ? BadMessageException.framing("Transfer-Encoding other than chunked alone")
          : new BadMessageException(Fault.TRANSFER_CODING, "unknown transfer coding");
    }
  }

  /**
   * What Content-Length says (RFC 9110 §8.6), or -1 if there is none.
   *
   * @throws BadMessageException if it is there more than once, or is no number of at most 18 digits
   */
  public static long contentLength(Fields fields) throws BadMessageException {
    int index = fields.indexOf(FieldName.CONTENT_LENGTH, 0);
    return index < 0 ? -1 : contentLength(fields, index);
  }

  private static long contentLength(Fields fields, int index) throws BadMessageException {
    if (fields.indexOf(FieldName.CONTENT_LENGTH, index + 1) >= 0) {
      throw BadMessageException.framing("more than one Content-Length");
    }
    String digits = fields.value(index);
    if (digits.isEmpty()) {
      throw BadMessageException.framing("Content-Length is empty");
    }
    long length = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw BadMessageException.framing("Content-Length is not a number");
      }
      if (length > MAX_LENGTH / 10) {
        throw BadMessageException.framing("Content-Length has too many digits");
      }
      length = length * 10 + digit;
    }
    return length;
  }

  @Override
  public String toString() {
    return kind == Kind.FIXED ? "FIXED " + length : kind.name();
  }
}
