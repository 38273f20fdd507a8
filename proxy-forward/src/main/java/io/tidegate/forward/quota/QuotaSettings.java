package io.tidegate.forward.quota;

import io.tidegate.core.spi.Checks;
import io.tidegate.forward.access.RequestPattern;
import java.util.Optional;

/**
 * A quota, as data.
 *
 * @param key which requests are counted together
 * @param only the requests it is about; they are told by everything but the address that is dialled
 * @param requests how many may come in a time
 * @param octets how many may pass in a time, both ways together
 * @param cutsOff whether what is under way when the octets are used up is cut, rather than finished
 * @param maxActiveRequests how many requests may be under way at once, tunnels among them
 * @param maxTunnels how many tunnels may be open at once
 */
public record QuotaSettings(
    QuotaKey key,
    RequestPattern only,
    Optional<Allowance> requests,
    Optional<Allowance> octets,
    boolean cutsOff,
    Optional<Integer> maxActiveRequests,
    Optional<Integer> maxTunnels) {
  /** Rejects what cannot work. */
  public QuotaSettings {
    Checks checks = new Checks();
    Pattern.check(checks, "quota", only);
    requests.ifPresent(allowance -> allowance.check(checks, "quota requests"));
    octets.ifPresent(allowance -> allowance.check(checks, "quota octets"));
    maxActiveRequests.ifPresent(most -> checks.atLeast("quota maxActiveRequests", most, 1));
    maxTunnels.ifPresent(most -> checks.atLeast("quota maxTunnels", most, 1));
    if (cutsOff && octets.isEmpty()) {
      checks.problem("quota cutOff: (expected: octets beside it)");
    }
    if (requests.isEmpty()
        && octets.isEmpty()
        && maxActiveRequests.isEmpty()
        && maxTunnels.isEmpty()) {
      checks.problem(
          "quota: nothing (expected: requests, octets, maxActiveRequests or maxTunnels)");
    }
    checks.done();
  }
}
