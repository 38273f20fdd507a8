package io.tidegate.core.admin;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.Ip;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The admin listener.
 *
 * @param host the address it listens on, as a name or literal
 * @param port its port, 0 for any free one
 * @param token what clients have to know, at least {@value #SHORTEST_TOKEN} characters
 * @param withoutToken whether everybody on this machine may do everything
 * @param hosts names by which clients may ask for it, besides localhost and IP addresses
 * @param clients who may ask; if empty, only this machine
 * @param readOnly whether nothing can be changed by it
 * @param openMetrics whether figures for Prometheus need no token
 * @param showClients whether addresses of clients are told
 */
public record AdminSettings(
    String host,
    int port,
    Optional<Secret> token,
    boolean withoutToken,
    List<String> hosts,
    List<AddressRange> clients,
    boolean readOnly,
    boolean openMetrics,
    boolean showClients) {
  /** On port 9901 of loopback. It lacks a token. */
  public static final AdminSettings DEFAULT =
      new AdminSettings(
          "127.0.0.1", 9901, Optional.empty(), false, List.of(), List.of(), false, false, false);

  /** The fewest characters of a token. */
  public static final int SHORTEST_TOKEN = 16;

  /** Copies the lists; rejects what cannot work. */
  public AdminSettings {
    hosts = List.copyOf(hosts);
    clients = List.copyOf(clients);
    Checks checks = new Checks().between("port", port, 0, 65535);
    if (host.isEmpty()) {
      checks.reject("host", host, "a name or an IP address");
    }
    for (String name : hosts) {
      Authority authority = Authority.parseOrNull(name);
      if (authority == null || authority.port() >= 0 || name.isEmpty()) {
        checks.reject("hosts", name, "a name without a port");
      }
    }
    if (withoutToken && token.isPresent()) {
      checks.reject("withoutToken", true, "no token beside it");
    }
    boolean local = isLoopback(host);
    if (withoutToken && !local) {
      checks.reject("withoutToken", true, "a token, as " + host + " is no loopback address");
    } else if (!local && clients.isEmpty()) {
      checks.reject("clients", "none", "ranges, as " + host + " is no loopback address");
    }
    checks.done();
  }

  /** Whether only this machine can connect. A name other than localhost may resolve to anything. */
  private static boolean isLoopback(String host) {
    InetAddress address = Ip.parse(host);
    return address == null ? host.equalsIgnoreCase("localhost") : address.isLoopbackAddress();
  }

  /** Notes in {@code checks} what is missing: a token, unless it was said that there is none. */
  public void requireToken(Checks checks) {
    if (token.isEmpty() && !withoutToken) {
      checks.reject("admin: token", "none", "a secret");
    }
  }
}
