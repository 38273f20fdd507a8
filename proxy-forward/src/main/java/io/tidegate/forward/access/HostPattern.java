package io.tidegate.forward.access;

import io.tidegate.core.http.Ip;
import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a rule is about; {@link RequestPattern#to} tells the forms.
 *
 * @param kind how {@code name} is meant
 * @param name the name, with the dot before it where subdomains match
 * @param address the address of {@link Kind#ADDRESS}
 */
record HostPattern(Kind kind, String name, @Nullable InetAddress address) {
  enum Kind {
    ANY,
    NAME,
    SUBDOMAINS,
    NAME_AND_SUBDOMAINS,
    ADDRESS
  }

  static final String EXPECTED =
      "*, a name in ASCII, *.example.com for its subdomains, .example.com for both, or an IP address";

  /** The pattern that {@code text} spells out, or null if it is none. */
  static @Nullable HostPattern parse(String text) {
    if (text.equals("*")) {
      return new HostPattern(Kind.ANY, "", null);
    }
    InetAddress address = Ip.parse(text);
    if (address != null) {
      return new HostPattern(Kind.ADDRESS, "", address);
    }
    Kind kind =
        text.startsWith("*.")
            ? Kind.SUBDOMAINS
            : text.startsWith(".") ? Kind.NAME_AND_SUBDOMAINS : Kind.NAME;
    String name = text.toLowerCase(Locale.ROOT).substring(kind == Kind.SUBDOMAINS ? 1 : 0);
    name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    boolean ascii =
        text.chars().allMatch(c -> c < 0x80); // some other letters have ASCII ones as lower case
    boolean valid =
        ascii && TargetHost.isName(kind == Kind.NAME || name.isEmpty() ? name : name.substring(1));
    return valid ? new HostPattern(kind, name, null) : null;
  }

  /** Whether {@code host} matches. Names never match addresses, nor the other way round. */
  boolean matches(TargetHost host) {
    return switch (kind) {
      case ANY -> true;
      case ADDRESS -> host.address() != null && host.address().equals(address);
      case NAME -> host.address() == null && host.name().equals(name);
      case SUBDOMAINS -> host.address() == null && host.name().endsWith(name);
      case NAME_AND_SUBDOMAINS ->
          host.address() == null && (host.name().endsWith(name) || isApex(host.name()));
    };
  }

  private boolean isApex(String host) {
    return host.length() == name.length() - 1 && name.endsWith(host);
  }
}
