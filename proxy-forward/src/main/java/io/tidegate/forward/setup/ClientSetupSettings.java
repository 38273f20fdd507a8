package io.tidegate.forward.setup;

import io.tidegate.core.http.Authority;
import io.tidegate.core.spi.Checks;
import io.tidegate.forward.access.RequestPattern;
import io.tidegate.forward.address.TargetHost;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What clients are told so that they find the proxy.
 *
 * @param publicAddress host and port by which clients reach the proxy; empty for those by which
 *     they have asked
 * @param direct hosts that clients reach without the proxy, as in {@link RequestPattern#to}
 * @param fromRules whether clients use the proxy only for hosts that its rules name
 */
public record ClientSetupSettings(
    Optional<String> publicAddress, List<String> direct, boolean fromRules) {
  /** What uncalled builder methods mean. */
  public static final ClientSetupSettings DEFAULT =
      new ClientSetupSettings(Optional.empty(), List.of(), false);

  /** Copies the list; rejects what cannot work. */
  public ClientSetupSettings {
    direct = List.copyOf(direct);
    Checks checks = new Checks();
    publicAddress
        .filter(address -> !isAddress(Authority.parseOrNull(address)))
        .ifPresent(address -> checks.reject("publicAddress", address, "proxy.example.com:3128"));
    direct.forEach(host -> RequestPattern.ANY.to(host).check(checks, "direct"));
    checks.done();
  }

  private static boolean isAddress(@Nullable Authority authority) {
    return authority != null && authority.port() > 0 && TargetHost.of(authority) != null;
  }
}
