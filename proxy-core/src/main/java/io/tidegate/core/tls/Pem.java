package io.tidegate.core.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One part of a PEM file (RFC 7468), decoded.
 *
 * @param label what stands behind BEGIN and END
 * @param content in DER
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares parts
record Pem(String label, byte[] content) {
  private static final Pattern PART =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** Whether {@code text} looks like PEM at all. */
  static boolean isPem(String text) {
    return text.contains("-----BEGIN ");
  }

  /**
   * The parts of {@code text} in their order; what stands around them is ignored.
   *
   * @throws IllegalArgumentException if one is not what RFC 7468 §2 says
   */
  static List<Pem> parse(String text) {
    List<Pem> parts = new ArrayList<>();
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find()) {
      requireNoneBegun(text.substring(end, part.start()));
      parts.add(new Pem(part.group(1), decoded(part.group(2))));
      end = part.end();
    }
    requireNoneBegun(text.substring(end));
    return parts;
  }

  /** A file that ends in the middle of a part is one that is being written. */
  private static void requireNoneBegun(String between) {
    if (isPem(between)) {
      throw new IllegalArgumentException("a part that does not end");
    }
  }

  private static byte[] decoded(String body) {
    if (body.contains(":")) { // fields before the content: RFC 1421, not RFC 7468
      throw new IllegalArgumentException("encrypted in the way of old");
    }
    try {
      return Base64.getDecoder().decode(SPACE.matcher(body).replaceAll(""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no base64", e);
    }
  }

  @Override
  public String toString() {
    return label;
  }
}
