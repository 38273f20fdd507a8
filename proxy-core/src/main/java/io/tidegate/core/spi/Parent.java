package io.tidegate.core.spi;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on the way to a destination.
 *
 * @param kind how one talks to it
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port the port
 * @param tls the trust and keys for TLS to it, or null for the proxy's own
 * @param credentials how we prove who we are, or null if it does not want to know
 */
public record Parent(
    Kind kind,
    String host,
    int port,
    @Nullable UpstreamTls tls,
    @Nullable Credentials credentials) {
  /** The same with TLS spoken like this; null for as the proxy does. */
  public Parent with(@Nullable UpstreamTls other) {
    return new Parent(kind, host, port, other, credentials);
  }

  /** How one talks to a parent proxy. */
  public enum Kind {
    /** HTTP/1.1: requests in absolute-form, tunnels by CONNECT (RFC 9110 §9.3.6). */
    HTTP,
    /** The same over TLS. */
    HTTPS,
    /** SOCKS 5 (RFC 1928), with a user name and a password (RFC 1929) if there are any. */
    SOCKS5,
    /** SOCKS 4 with destinations given by name; there is no password. */
    SOCKS4A;

    /** Whether it takes HTTP requests itself. */
    public boolean speaksHttp() {
      return this == HTTP || this == HTTPS;
    }
  }

  /** A user name and a password; {@link #toString} tells neither. */
  public static final class Credentials {
    private final String user;
    private final String password;
    private final String basic;

    /** These credentials. */
    public Credentials(String user, String password) {
      this.user = user;
      this.password = password;
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      this.basic = "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** The name of the user. */
    public String user() {
      return user;
    }

    /** The password; empty if there is none. */
    public String password() {
      return password;
    }

    /** The two as the value of Proxy-Authorization (RFC 7617), in UTF-8. */
    public String basic() {
      return basic;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Credentials that
          && user.equals(that.user)
          && password.equals(that.password);
    }

    @Override
    public int hashCode() {
      return Objects.hash(user, password);
    }

    @Override
    public String toString() {
      return "credentials";
    }
  }

  /** {@code socks5://host:port}, without the credentials. */
  @Override
  public String toString() {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return kind.name().toLowerCase(Locale.ROOT) + "://" + bracketed + ":" + port;
  }
}
