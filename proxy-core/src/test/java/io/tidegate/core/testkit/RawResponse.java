package io.tidegate.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response as the client saw it.
 *
 * @param statusLine without CRLF
 * @param status the status code
 * @param fields the fields in order
 * @param body the content, decoded if it was chunked
 * @param framing how the end of the body was told
 * @param complete false if the connection ended before the body did, or ended a body until close
 *     with RST
 * @param trailers the trailer fields
 * @param interim the heads of the interim responses before it
 */
public record RawResponse(
    String statusLine,
    int status,
    List<RawField> fields,
    byte[] body,
    Framing framing,
    boolean complete,
    List<RawField> trailers,
    List<RawHead> interim) {
  /** How the end of a body is told (RFC 9112 §6.3). */
  public enum Framing {
    /** There is no body. */
    NONE,
    /** Content-Length. */
    LENGTH,
    /** Chunked coding. */
    CHUNKED,
    /** The end of the connection. */
    CLOSE
  }

  /**
   * The value of the only line with this name, null if there is none; two are an {@link
   * AssertionError}.
   */
  public @Nullable String field(String name) {
    return RawHead.only(name, fields);
  }

  /** The values of all lines with this name. */
  public List<String> all(String name) {
    return RawHead.all(name, fields);
  }

  /** The value of the only trailer field with this name, null if there is none. */
  public @Nullable String trailer(String name) {
    return RawHead.only(name, trailers);
  }

  /** The body as text. */
  public String text() {
    return new String(body, ISO_8859_1);
  }

  @Override
  public String toString() {
    String length = body.length + (complete ? " octets" : " octets, truncated");
    return statusLine + " " + fields + " " + framing + " " + length;
  }
}
