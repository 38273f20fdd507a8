package io.tidegate.forward.auth;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.access.RequestMatcher;
import io.tidegate.forward.access.RequestPattern;
import io.tidegate.forward.address.TargetHost;
import java.util.List;

/** The requests of which nobody need say whose they are. */
final class Exemptions {
  private final List<RequestMatcher> matchers;

  /** These, which have been checked. */
  Exemptions(List<RequestPattern> patterns) {
    this.matchers = patterns.stream().map(RequestMatcher::new).toList();
  }

  /** Whether {@code request} is one. What only an address could tell is none. */
  boolean exempt(ClientRequest request) {
    return !matchers.isEmpty() && matches(request);
  }

  private boolean matches(ClientRequest request) {
    TargetHost host = TargetHost.of(request.authority());
    if (host != null) {
      for (RequestMatcher matcher : matchers) {
        if (matcher.matches(request, host, host.address()) == RequestMatcher.Match.YES) {
          return true;
        }
      }
    }
    return false;
  }
}
