package io.tidegate.forward.access;

import io.tidegate.forward.address.EmbeddedIpv4;
import java.time.InstantSource;
import java.util.List;

/**
 * Makes the matchers of one proxy, which all read the same clock and addresses in the same way.
 *
 * @param clock tells the time of day
 * @param embedded tells which IPv4 addresses another one leads to
 */
public record RequestMatchers(InstantSource clock, EmbeddedIpv4 embedded) {
  /** A matcher for {@code pattern}, which has been checked. */
  public RequestMatcher of(RequestPattern pattern) {
    return new RequestMatcher(pattern, clock, embedded);
  }

  /** A matcher for each of {@code patterns}, which have been checked. */
  public List<RequestMatcher> of(List<RequestPattern> patterns) {
    return patterns.stream().map(this::of).toList();
  }
}
