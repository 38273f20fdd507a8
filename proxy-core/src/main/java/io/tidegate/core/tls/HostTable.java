package io.tidegate.core.tls;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What there is for each host: an exact name counts before a wildcard, which stands for a label.
 */
final class HostTable<T> {
  private final Map<String, T> exact = new HashMap<>();

  /** By what follows the first label. */
  private final Map<String, T> wildcards = new HashMap<>();

  /** Changes what there is for {@code pattern}, a name or {@code *.} and a name. */
  void merge(String pattern, Function<@Nullable T, T> change) {
    boolean wildcard = pattern.startsWith("*.");
    Map<String, T> names = wildcard ? wildcards : exact;
    String name = wildcard ? pattern.substring(2) : pattern;
    names.put(name, change.apply(names.get(name)));
  }

  /** What there is for {@code pattern} itself, and not for hosts that it covers. */
  Optional<T> ofPattern(String pattern) {
    return Optional.ofNullable(
        pattern.startsWith("*.") ? wildcards.get(pattern.substring(2)) : exact.get(pattern));
  }

  /** The same hosts with something else for each. */
  <U> HostTable<U> map(Function<T, U> change) {
    HostTable<U> changed = new HostTable<>();
    exact.forEach((name, value) -> changed.exact.put(name, change.apply(value)));
    wildcards.forEach((name, value) -> changed.wildcards.put(name, change.apply(value)));
    return changed;
  }

  /** What there is for {@code host}, in lower case, or null. */
  @Nullable T get(String host) {
    T found = exact.get(host);
    if (found == null && !wildcards.isEmpty()) {
      int dot = host.indexOf('.');
      return dot > 0 ? wildcards.get(host.substring(dot + 1)) : null;
    }
    return found;
  }
}
