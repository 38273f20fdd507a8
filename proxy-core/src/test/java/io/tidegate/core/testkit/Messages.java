package io.tidegate.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Texts of messages, so that tests need not spell out every CRLF. */
public final class Messages {
  private Messages() {}

  /** These lines, each with its CRLF, and the empty line. */
  public static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** A GET request with no field but Host. */
  public static String get(String target, String host) {
    return head("GET " + target + " HTTP/1.1", "Host: " + host);
  }

  /** A 200 response with {@code body} under Content-Length. */
  public static String ok(String body) {
    return head("HTTP/1.1 200 OK", "Content-Length: " + body.length()) + body;
  }

  /** A chunked body without trailers: one chunk for each text, and the last chunk. */
  public static String chunked(String... chunks) {
    StringBuilder body = new StringBuilder();
    for (String chunk : chunks) {
      body.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk).append("\r\n");
    }
    return body + "0\r\n\r\n";
  }

  /** {@code count} octets that are the same in every run and repeat only after 251. */
  public static byte[] octets(int count) {
    byte[] octets = new byte[count];
    for (int i = 0; i < count; i++) {
      octets[i] = (byte) (i % 251);
    }
    return octets;
  }

  /** {@code octets} as text. */
  public static String text(byte[] octets) {
    return new String(octets, ISO_8859_1);
  }
}
