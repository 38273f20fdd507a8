package io.tidegate.forward.auth;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.access.RequestMatcher;
import io.tidegate.forward.access.RequestMatchers;
import io.tidegate.forward.access.RequestPattern;
import io.tidegate.forward.address.TargetHost;
import java.util.List;

/** The requests of which nobody need say whose they are. */
final class Exemptions {
  private final List<RequestMatcher> matchers;

  /** These, which have been checked. */
  Exemptions(List<RequestPattern> patterns, RequestMatchers made) {
    this.matchers = made.of(patterns);
  }

  /**
   * Whether {@code request} is one. What only an address could tell is none. One that names no host
   * stands for all that the client may ask for.
   */
  boolean exempt(ClientRequest request) {
    return !matchers.isEmpty() && matches(request);
  }

  private boolean matches(ClientRequest request) {
    TargetHost host = TargetHost.of(request.authority());
    for (RequestMatcher matcher : matchers) {
      if (host == null ? matcher.matchesAllOf(request) : matches(matcher, request, host)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(RequestMatcher matcher, ClientRequest request, TargetHost host) {
    return matcher.matches(request, host, host.address()) == RequestMatcher.Match.YES;
  }
}
