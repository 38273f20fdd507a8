package io.tidegate.examples;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.SettingsEvent;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.ForwardProxySettings;
import io.tidegate.reverse.ReverseProxy;
import io.tidegate.reverse.ReverseProxySettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--no-watch",
      description = "Does not look whether the file changes while the proxies run.")
  private boolean unwatched;

  @Option(
      names = "--metrics",
      description = "Measures, for Prometheus: /metrics of the admin listeners in the file.")
  private boolean metrics;

  @Option(
      names = "--check",
      description =
          "Tells what is wrong with the file, and with those that it names, and runs nothing.")
  private boolean checked;

  /** One for all: whichever admin listener is asked, it tells of all proxies. */
  private @Nullable MeterRegistry registry;

  /** The proxies that run, and how each is reloaded. */
  private final Map<String, Proxy> proxies = new LinkedHashMap<>();

  private final Map<String, Runnable> reloads = new HashMap<>();

  /** Those that the file describes besides, as far as has been told. */
  private Set<String> added = Set.of();

  @Override
  public void run() {
    ProxyFile config = ProxyFile.read(file);
    if (metrics) {
      requireAdmin(config);
      registry = AdminOptions.prometheus();
    }
    build(config);
    if (checked) {
      proxies.values().forEach(Proxy::close);
      System.out.println("tidegate: nothing is wrong with " + file);
      return;
    }
    start();
    proxies.forEach(
        (what, proxy) -> {
          CommonOptions.serve(proxy, what);
          AdminOptions.tell(proxy, "", metrics);
        });
    Hangup.runs(() -> proxies.forEach(this::renew));
  }

  private static void requireAdmin(ProxyFile config) {
    boolean there =
        config.reverse().flatMap(said -> said.proxy().admin()).isPresent()
            || config.forward().flatMap(said -> said.proxy().admin()).isPresent();
    if (!there) {
      throw new IllegalArgumentException("--metrics: true (expected: proxy.admin in the file)");
    }
  }

  /** All of them, or what is wrong with any. */
  private void build(ProxyFile config) {
    Checks checks = new Checks();
    config.reverse().ifPresent(said -> add(ProxyFile.REVERSE, () -> reverse(said), checks));
    config.forward().ifPresent(said -> add(ProxyFile.FORWARD, () -> forward(said), checks));
    if (!checks.passed()) {
      proxies.values().forEach(Proxy::close);
    }
    checks.done();
  }

  private void add(String what, Supplier<Proxy> built, Checks checks) {
    Proxy proxy = checks.at(ProxyFile.path(what)).collect(built);
    if (proxy != null) {
      proxies.put(what, proxy);
    }
  }

  private <B extends ProxyBuilder<B>> B described(B builder, String what) {
    B told = builder.eventListener(event -> tell(what, event));
    return registry == null ? told : AdminOptions.measure(told, registry, what);
  }

  private ReverseProxy reverse(ReverseProxySettings settings) {
    ReverseProxy proxy = described(ReverseProxy.builder(settings), ProxyFile.REVERSE).build();
    String path = ProxyFile.path(ProxyFile.REVERSE);
    Function<Path, ReverseProxySettings> reader =
        at -> there(readAgain(at).reverse(), ProxyFile.REVERSE);
    reloads.put(ProxyFile.REVERSE, () -> proxy.reload(file, path, reader));
    return unwatched ? proxy : proxy.watch(file, path, reader);
  }

  private ForwardProxy forward(ForwardProxySettings settings) {
    ForwardProxy proxy = described(ForwardProxy.builder(settings), ProxyFile.FORWARD).build();
    String path = ProxyFile.path(ProxyFile.FORWARD);
    Function<Path, ForwardProxySettings> reader =
        at -> there(readAgain(at).forward(), ProxyFile.FORWARD);
    reloads.put(ProxyFile.FORWARD, () -> proxy.reload(file, path, reader));
    return unwatched ? proxy : proxy.watch(file, path, reader);
  }

  /** A proxy that is added to the file later is told of once. */
  private synchronized ProxyFile readAgain(Path at) {
    ProxyFile now = ProxyFile.read(at);
    Set<String> others = new LinkedHashSet<>(now.names());
    others.removeAll(proxies.keySet());
    if (!others.equals(added)) {
      added = others;
      others.forEach(
          what ->
              System.err.println(
                  "tidegate: " + what + " proxy is in the file now, and not run before a restart"));
    }
    return now;
  }

  /** A proxy that runs stays, whatever becomes of its part of the file. */
  private static <T> T there(Optional<T> settings, String what) {
    if (settings.isEmpty()) {
      new Checks()
          .reject(ProxyFile.path(what), "nothing", "the settings of the proxy that runs")
          .done();
    }
    return settings.orElseThrow();
  }

  private static void tell(String what, ProxyEvent event) {
    if (event instanceof SettingsEvent settings) {
      boolean good = settings.kind() == SettingsEvent.Kind.RELOADED;
      System.err.println(
          good
              ? "tidegate: " + what + " proxy goes by the file as it is now"
              : "tidegate: " + what + " proxy stays as it was: " + settings.detail());
    }
  }

  /** Goes by the file as it is now, with all that it names, and begins the logs anew. */
  private void renew(String what, Proxy proxy) {
    try {
      Objects.requireNonNull(reloads.get(what)).run();
    } catch (RuntimeException e) {
      // the proxy has told it as an event, and stays as it was
    }
    CommonOptions.renew(proxy, what);
  }

  /** All of them, or none. */
  private void start() {
    try {
      proxies.values().forEach(Proxy::start);
    } catch (RuntimeException e) {
      proxies.values().forEach(Proxy::close);
      throw e;
    }
  }
}
