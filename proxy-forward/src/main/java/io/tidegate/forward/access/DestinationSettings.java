package io.tidegate.forward.access;

import io.tidegate.core.spi.Checks;
import io.tidegate.forward.address.Nat64Prefix;
import java.util.List;

/**
 * What is looked at before a destination gets an octet, beside rules, ports and ranges.
 *
 * @param nat64Prefixes the prefixes of translators in the proxy's own network (RFC 6052), whose
 *     addresses are as good as the IPv4 addresses they stand for
 * @param tlsTunnels the tunnels that must begin with TLS for the host they were asked for
 */
public record DestinationSettings(List<String> nat64Prefixes, List<RequestPattern> tlsTunnels) {
  /** What uncalled builder methods mean. */
  public static final DestinationSettings DEFAULT = new DestinationSettings(List.of(), List.of());

  /** Copies the lists; rejects what cannot work. */
  public DestinationSettings {
    nat64Prefixes = List.copyOf(nat64Prefixes);
    tlsTunnels = List.copyOf(tlsTunnels);
    Checks checks = new Checks();
    for (String prefix : nat64Prefixes) {
      try {
        Nat64Prefix.parse(prefix);
      } catch (IllegalArgumentException e) {
        checks.reject("nat64Prefixes", prefix, Nat64Prefix.EXPECTED);
      }
    }
    tlsTunnels.forEach(tunnels -> tunnels.check(checks, "tlsTunnels"));
    checks.done();
  }
}
