package io.tidegate.reverse;

import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.route.HostPattern;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Connections of TLS clients that are passed on undecrypted.
 *
 * @param name the host that such clients want: {@code db.example.com}, or {@code *.example.com} for
 *     every name below that
 * @param cluster where they are passed on to
 */
public record PassthroughSettings(String name, String cluster) {
  /** Rejects what is no host. */
  public PassthroughSettings {
    HostPattern pattern = HostPattern.parse(name);
    Checks checks = new Checks();
    if (pattern == null || pattern.kind() == HostPattern.Kind.ANY || name.contains("[")) {
      checks.reject("passthrough", name, "a host like db.example.com or *.example.com");
    }
    checks.done();
  }

  HostPattern host() {
    return Objects.requireNonNull(HostPattern.parse(name));
  }

  /** Notes hosts that are named twice, and clusters that are not there. */
  static void check(Checks checks, List<PassthroughSettings> all, Collection<String> clusters) {
    Set<HostPattern> hosts = new HashSet<>();
    for (PassthroughSettings one : all) {
      if (!hosts.add(one.host())) {
        checks.reject("passthrough", one.name, "each host once");
      }
      if (!clusters.contains(one.cluster)) {
        String known =
            clusters.isEmpty() ? "a declared one" : "one of " + String.join(", ", clusters);
        checks.reject("passthrough " + one.name + ": cluster", one.cluster, known);
      }
    }
  }
}
