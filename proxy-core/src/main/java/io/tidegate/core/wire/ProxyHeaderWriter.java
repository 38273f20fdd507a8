package io.tidegate.core.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes headers of the PROXY protocol. A client and an end of ours of different families are told
 * as IPv6 addresses, the IPv4 one mapped (RFC 4291 §2.5.5.2).
 */
public final class ProxyHeaderWriter {
  private static final byte[] OF_NOBODY_1 = "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1);
  private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_4 = 0x11;
  private static final int TCP_6 = 0x21;

  private ProxyHeaderWriter() {}

  /** A header of version 1 about this client; UNKNOWN if one of the two is null. */
  public static byte[] version1(
      @Nullable InetSocketAddress client, @Nullable InetSocketAddress local) {
    if (client == null || local == null) {
      return OF_NOBODY_1.clone();
    }
    boolean four = areIpv4(client, local);
    String line =
        (four ? "PROXY TCP4 " : "PROXY TCP6 ")
            + text(client.getAddress(), four)
            + " "
            + text(local.getAddress(), four)
            + " "
            + client.getPort()
            + " "
            + local.getPort()
            + "\r\n";
    return line.getBytes(ISO_8859_1);
  }

  /** A header of version 2 about this client; LOCAL if one of the two is null. */
  public static byte[] version2(
      @Nullable InetSocketAddress client, @Nullable InetSocketAddress local) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    if (client == null || local == null) {
      out.write(LOCAL);
      out.write(UNSPECIFIED);
      number(out, 0);
      return out.toByteArray();
    }
    boolean four = areIpv4(client, local);
    out.write(PROXY);
    out.write(four ? TCP_4 : TCP_6);
    number(out, four ? 12 : 36);
    out.writeBytes(octets(client.getAddress(), four));
    out.writeBytes(octets(local.getAddress(), four));
    number(out, client.getPort());
    number(out, local.getPort());
    return out.toByteArray();
  }

  private static boolean areIpv4(InetSocketAddress one, InetSocketAddress other) {
    return one.getAddress() instanceof Inet4Address && other.getAddress() instanceof Inet4Address;
  }

  private static byte[] octets(InetAddress address, boolean four) {
    byte[] octets = address.getAddress();
    if (four || octets.length == 16) {
      return octets;
    }
    byte[] mapped = new byte[16];
    Arrays.fill(mapped, 10, 12, (byte) 0xff);
    System.arraycopy(octets, 0, mapped, 12, 4);
    return mapped;
  }

  /** Eight groups of hexadecimal digits are the one spelling that needs no rules. */
  private static String text(InetAddress address, boolean four) {
    if (four) {
      return address.getHostAddress();
    }
    byte[] octets = octets(address, false);
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 16; i += 2) {
      int group = (octets[i] & 0xff) << 8 | (octets[i + 1] & 0xff);
      text.append(i == 0 ? "" : ":").append(Integer.toHexString(group));
    }
    return text.toString();
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }
}
