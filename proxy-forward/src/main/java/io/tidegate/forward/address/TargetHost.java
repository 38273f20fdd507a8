package io.tidegate.forward.address;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The host that a client asks for, in its one spelling: rules, connection pools and name look-ups
 * all see the same.
 *
 * @param name a DNS name in lower case without a trailing dot, or the address without brackets
 * @param address the address if the host is a literal, or null if it is a name
 */
public record TargetHost(String name, @Nullable InetAddress address) {
  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;

  private static final Set<String> METADATA =
      Set.of(
          "instance-data",
          "instance-data.ec2.internal",
          "metadata",
          "metadata.azure.internal",
          "metadata.goog",
          "metadata.google.internal",
          "metadata.tencentyun.com");

  /**
   * The host of {@code authority}, or null if it is neither a DNS name nor an address.
   *
   * <p>Half-numeric spellings of addresses ({@code 0177.0.0.1}, {@code 0x7f.1}, {@code 127.1},
   * {@code 2130706433}) are neither: some resolvers read them as addresses, so whether they are
   * names would depend on whom one asks. Nor are hosts with percent-encoded octets: a name look-up
   * does not decode them, other software on the way may.
   */
  public static @Nullable TargetHost of(Authority authority) {
    InetAddress address = Ip.parse(authority.host());
    if (address != null) {
      return new TargetHost(address.getHostAddress(), address);
    }
    String host = authority.host();
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return isName(name) ? new TargetHost(name, null) : null;
  }

  /** Whether every system resolves this name to itself (RFC 6761 §6.3). */
  public boolean isLocalhost() {
    return name.equals("localhost") || name.endsWith(".localhost");
  }

  /**
   * Whether a cloud platform tells its machines their credentials under this name. What it resolves
   * to inside that cloud is refused in any case.
   */
  public boolean isMetadata() {
    return METADATA.contains(name);
  }

  /**
   * Whether {@code text} is a DNS name in lower case: labels of letters, digits, hyphens and
   * underscores, the last of which no reader takes for a number.
   */
  public static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_NAME) {
      return false;
    }
    int label = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (i == label) {
          return false;
        }
        label = i + 1;
      } else if (!isLabelCharacter(c) || i - label >= MAX_LABEL) {
        return false;
      }
    }
    return label < text.length() && !isNumber(text, label);
  }

  private static boolean isLabelCharacter(char c) {
    return (c >= 'a' && c <= 'z') || isDigit(c) || c == '-' || c == '_';
  }

  /**
   * Whether the label is decimal, octal or hexadecimal, with a minus or not: {@code 0x} alone
   * counts, some readers take it for zero.
   */
  private static boolean isNumber(String text, int label) {
    int first = text.charAt(label) == '-' ? label + 1 : label;
    boolean hex = text.startsWith("0x", first);
    for (int i = hex ? first + 2 : first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isDigit(c) && !(hex && c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
