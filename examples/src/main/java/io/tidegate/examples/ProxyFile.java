package io.tidegate.examples;

import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.forward.ForwardProxySettings;
import io.tidegate.reverse.ReverseProxySettings;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A file that describes proxies: {@code {"reverse": {…}, "forward": {…}}}, or one of them.
 *
 * @param reverse the reverse proxy, if there is one
 * @param forward the forward proxy, if there is one
 */
record ProxyFile(Optional<ReverseProxySettings> reverse, Optional<ForwardProxySettings> forward) {
  static final String REVERSE = "reverse";
  static final String FORWARD = "forward";
  private static final String LISTENERS =
      "a list of where to listen, [{\"host\": \"127.0.0.1\", \"port\": 8080}]";

  /**
   * What {@code file} says.
   *
   * @throws InvalidSettingsException with everything that is wrong, each with its path
   */
  static ProxyFile read(Path file) {
    JsonDocument config = JsonDocument.read(file);
    Checks checks = new Checks();
    Set<String> others = new LinkedHashSet<>(config.keys());
    others.removeAll(List.of(REVERSE, FORWARD));
    if (config.keys().isEmpty() || !others.isEmpty()) {
      String said = others.isEmpty() ? "nothing" : String.join(", ", others);
      checks.reject("$", said, "reverse, forward or both");
    }
    ProxyFile proxies =
        new ProxyFile(
            part(config, REVERSE, ReverseProxySettings::fromJson, checks),
            part(config, FORWARD, ForwardProxySettings::fromJson, checks));
    checks.done();
    return proxies;
  }

  /** Where in the file a proxy stands. */
  static String path(String name) {
    return "$." + name;
  }

  /** The proxies that it describes. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    reverse.ifPresent(said -> names.add(REVERSE));
    forward.ifPresent(said -> names.add(FORWARD));
    return names;
  }

  private static <T> Optional<T> part(
      JsonDocument config, String key, Function<JsonDocument, T> reader, Checks checks) {
    Optional<JsonDocument> part = config.find(key);
    part.ifPresent(there -> requireListeners(there, checks));
    return part.flatMap(there -> Optional.ofNullable(checks.collect(() -> reader.apply(there))));
  }

  /** A port that nobody has chosen is of no use to whoever is to connect. */
  private static void requireListeners(JsonDocument part, Checks checks) {
    if (part.find("proxy").flatMap(proxy -> proxy.find("listeners")).isEmpty()) {
      checks.reject(part.path() + ".proxy.listeners", "missing", LISTENERS);
    }
  }
}
