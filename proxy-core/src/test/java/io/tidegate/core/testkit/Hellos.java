package io.tidegate.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** What TLS clients send first. */
public final class Hellos {
  private Hellos() {}

  /** A ClientHello in one record, that names {@code server} unless that is null. */
  public static byte[] hello(@Nullable String server) {
    return records(message(server), 1 << 14);
  }

  /** The message alone. */
  public static byte[] message(@Nullable String server) {
    return message(body(server == null ? extension(43, 3) : serverName(server)));
  }

  /** A message with this body. */
  public static byte[] message(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    out.write(body.length >> 16);
    number(out, body.length);
    out.writeBytes(body);
    return out.toByteArray();
  }

  /** A body with these extensions, and without any if they are empty. */
  public static byte[] body(byte[] extensions) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, 0x0303);
    out.writeBytes(new byte[32]);
    out.write(0);
    number(out, 2);
    number(out, 0x1301);
    out.write(1);
    out.write(0);
    if (extensions.length > 0) {
      number(out, extensions.length);
      out.writeBytes(extensions);
    }
    return out.toByteArray();
  }

  /** An extension of zeros. */
  public static byte[] extension(int type, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, type);
    number(out, length);
    out.writeBytes(new byte[length]);
    return out.toByteArray();
  }

  /** The extension that names {@code server}. */
  public static byte[] serverName(String server) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, 0);
    number(out, server.length() + 5);
    number(out, server.length() + 3);
    out.write(0);
    number(out, server.length());
    out.writeBytes(server.getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  /** Records of at most {@code size} octets of {@code message} each. */
  public static byte[] records(byte[] message, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < message.length; at += size) {
      int length = Math.min(size, message.length - at);
      out.write(22);
      number(out, 0x0301);
      number(out, length);
      out.write(message, at, length);
    }
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }
}
