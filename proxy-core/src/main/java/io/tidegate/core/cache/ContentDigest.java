package io.tidegate.core.cache;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What the content of a QUERY request and its metadata become in a key (RFC 10008 §2.7): equal only
 * if they are the same octet for octet. Nothing is normalized: a cache that takes two queries for
 * one that its origin tells apart can be poisoned (RFC 10008 §4).
 */
public final class ContentDigest {
  private static final List<FieldName> METADATA =
      List.of(
          FieldName.CONTENT_TYPE,
          FieldName.CONTENT_ENCODING,
          FieldName.CONTENT_LANGUAGE,
          FieldName.CONTENT_LOCATION);

  private ContentDigest() {}

  /**
   * SHA-256, in hexadecimal digits.
   *
   * @param request the fields of the request
   * @param content all of its content; its position is moved to its limit
   */
  public static String of(Fields request, ByteBuffer content) {
    MessageDigest digest = sha256();
    for (FieldName name : METADATA) {
      List<String> lines = request.all(name);
      number(lines.size(), digest);
      for (String line : lines) {
        byte[] octets = line.getBytes(StandardCharsets.ISO_8859_1);
        number(octets.length, digest); // so that no value can be taken for what follows it
        digest.update(octets);
      }
    }
    digest.update(content);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void number(int number, MessageDigest digest) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
