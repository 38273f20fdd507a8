package io.tidegate.core.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Host and port of a URI (RFC 3986 §3.2), without user information. */
public final class Authority {
  /**
   * What {@link #parse} accepts at the most: a DNS name has no more than 253 octets, and a port 5.
   */
  private static final int MAX_LENGTH = 300;

  private final String host;
  private final int port;
  private final String text;

  /** An authority of these parts, which {@link #parse} would accept. */
  public Authority(String host, int port) {
    this.host = host;
    this.port = port;
    this.text = port < 0 ? host : host + ":" + port;
  }

  /**
   * Parses {@code host [":" port]}.
   *
   * @throws BadMessageException if it is anything else, holds user information or a port above
   *     65535
   */
  public static Authority parse(String text) throws BadMessageException {
    if (text.length() > MAX_LENGTH) {
      throw BadMessageException.syntax("authority too long");
    }
    int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
    if (hostEnd == 0 && text.startsWith("[")) {
      throw BadMessageException.syntax("unclosed bracket in authority");
    }
    hostEnd = hostEnd < 0 ? text.length() : hostEnd;
    String host = text.substring(0, hostEnd);
    boolean valid = host.startsWith("[") ? Ip.isBracketed(host) : isRegName(host);
    if (!valid) {
      throw BadMessageException.syntax("invalid host");
    }
    return new Authority(lowerCase(host), port(text, hostEnd));
  }

  private static String lowerCase(String host) {
    for (int i = 0; i < host.length(); i++) {
      if (host.charAt(i) >= 'A' && host.charAt(i) <= 'Z') {
        return host.toLowerCase(Locale.ROOT);
      }
    }
    return host;
  }

  private static int port(String text, int hostEnd) throws BadMessageException {
    if (hostEnd == text.length()) {
      return -1;
    }
    int digits = text.length() - hostEnd - 1;
    if (text.charAt(hostEnd) != ':' || digits > 5) {
      throw BadMessageException.syntax("invalid port");
    }
    int port = 0;
    for (int i = hostEnd + 1; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw BadMessageException.syntax("invalid port");
      }
      port = port * 10 + digit;
    }
    if (port > 65535) {
      throw BadMessageException.syntax("invalid port");
    }
    return digits == 0 ? -1 : port;
  }

  private static boolean isRegName(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '%') {
        if (i + 2 >= host.length()
            || Ascii.hex(host.charAt(i + 1)) < 0
            || Ascii.hex(host.charAt(i + 2)) < 0) {
          return false;
        }
        i += 2;
      } else if (!Ascii.isRegName(c)) {
        return false;
      }
    }
    return true;
  }

  /** The port, or the default one of {@code scheme} if none was given. */
  public int portOr(String scheme) {
    return port >= 0 ? port : defaultPort(scheme);
  }

  /** This authority, its port left out if {@code scheme} has it anyway (RFC 9110 §4.2.3). */
  public Authority withoutDefaultPort(String scheme) {
    return port == defaultPort(scheme) ? new Authority(host, -1) : this;
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** The host without brackets. */
  public String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** This authority if {@code text} is one, or null. */
  public static @Nullable Authority parseOrNull(String text) {
    try {
      return parse(text);
    } catch (BadMessageException e) {
      return null;
    }
  }

  /**
   * The host: a registered name or IPv4 address in lower case, or an IPv6 address in brackets; may
   * be empty.
   */
  public String host() {
    return host;
  }

  /** The port, or -1 if none was given. */
  public int port() {
    return port;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Authority authority && authority.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** {@code host} or {@code host:port}. */
  @Override
  public String toString() {
    return text;
  }
}
