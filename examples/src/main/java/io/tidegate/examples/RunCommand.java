package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The proxies that a file describes; see {@link ProxyFile}. */
@Command(
    name = "run",
    description = "Runs the proxies that a JSON file describes.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Runnable {
  @Parameters(
      paramLabel = "FILE",
      description = "The settings in JSON: {\"reverse\": {...}}, {\"forward\": {...}} or both.")
  private Path file = Path.of("");

  @Override
  public void run() {
    ProxyFile config = ProxyFile.read(file);
    Map<String, Proxy> proxies = new LinkedHashMap<>();
    config
        .reverse()
        .ifPresent(said -> proxies.put(ProxyFile.REVERSE, ReverseProxy.builder(said).build()));
    config
        .forward()
        .ifPresent(said -> proxies.put(ProxyFile.FORWARD, ForwardProxy.builder(said).build()));
    start(proxies);
    proxies.forEach((what, proxy) -> CommonOptions.serve(proxy, what));
  }

  /** All of them, or none. */
  private static void start(Map<String, Proxy> proxies) {
    try {
      proxies.values().forEach(Proxy::start);
    } catch (RuntimeException e) {
      proxies.values().forEach(Proxy::close);
      throw e;
    }
  }
}
