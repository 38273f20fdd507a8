package io.tidegate.forward.quota;

import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.forward.access.RequestMatcher;
import io.tidegate.forward.access.RequestMatchers;
import io.tidegate.forward.access.RequestPattern;
import io.tidegate.forward.address.TargetHost;
import org.jspecify.annotations.Nullable;

/** Which requests a limit is about, as far as that is known before any name is looked up. */
final class Pattern {
  /** Null if it is about all of them. */
  private final @Nullable RequestMatcher matcher;

  Pattern(RequestPattern pattern, RequestMatchers made) {
    this.matcher = pattern.equals(RequestPattern.ANY) ? null : made.of(pattern);
  }

  boolean matches(ClientRequest request) {
    if (matcher == null) {
      return true;
    }
    TargetHost host = TargetHost.of(request.authority());
    return host != null
        && matcher.matches(request, host, host.address()) != RequestMatcher.Match.NO;
  }

  static void check(Checks checks, String setting, RequestPattern pattern) {
    pattern.check(checks, setting);
    if (!pattern.addresses().isEmpty()) {
      checks.reject(setting + " address", pattern.addresses(), "hosts, which are known earlier");
    }
  }
}
