package io.tidegate.core;

import io.tidegate.core.exchange.Snapshot;
import io.tidegate.core.figures.FiguresWatcher;
import io.tidegate.core.header.Tracing;
import io.tidegate.core.header.Via;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.tls.CertificateWatch;
import io.tidegate.core.tls.Reloadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy serves by at one moment: replaced as a whole when it is reloaded.
 *
 * @param snapshot what exchanges that begin decide by
 * @param files those of certificates, keys and authorities
 * @param certificates looks at them
 */
record Serving(
    Proxy.Parts parts, Snapshot snapshot, List<Reloadable> files, CertificateWatch certificates) {

  /**
   * What the proxy serves by at first.
   *
   * @param worker reads files: it may block
   */
  static Serving first(Proxy.Parts parts, Executor worker) {
    Via via = new Via(parts.settings.viaName().orElseGet(Serving::madeUpName));
    return of(parts, via, null, worker);
  }

  private static String madeUpName() {
    return "tidegate-" + Long.toString(RandomGenerator.getDefault().nextLong(1L << 40), 36);
  }

  /**
   * What the proxy would serve by after this.
   *
   * @param running whether it has IO threads already
   * @param worker reads files: it may block
   * @throws InvalidSettingsException if {@code parts} want other what has to stay as it is
   */
  Serving next(Proxy.Parts parts, boolean running, Executor worker) {
    Checks checks = new Checks();
    requireSameAdmin(parts.settings, checks.at("proxy"));
    if (running) {
      requireSameThreads(parts.settings, checks.at("proxy"));
    }
    checks.done();
    return of(parts, via(parts.settings), this, worker);
  }

  private static Serving of(Proxy.Parts parts, Via via, @Nullable Serving before, Executor worker) {
    List<Reloadable> files = reloadable(parts);
    CertificateWatch watch =
        before != null && before.files().equals(files)
            ? before.certificates()
            : new CertificateWatch(files, worker, parts.events);
    Snapshot snapshot =
        new Snapshot(
            parts.plugins,
            parts.settings.exchange(),
            parts.settings.buffering(),
            parts.cache,
            via,
            new Tracing(parts.settings.tracing()),
            parts.observer);
    return new Serving(parts, snapshot, files, watch);
  }

  private static List<Reloadable> reloadable(Proxy.Parts parts) {
    Stream<Reloadable> ofListeners =
        parts.serverTls.stream()
            .flatMap(Optional::stream)
            .filter(Reloadable.class::isInstance)
            .map(Reloadable.class::cast);
    return Stream.concat(ofListeners, parts.tls.files().stream()).distinct().toList();
  }

  /** A name that was made up stays as long as no other is given. */
  private Via via(ProxySettings next) {
    return next.viaName().filter(name -> !name.equals(via().name())).map(Via::new).orElse(via());
  }

  /** Whoever looks at the proxy there is not to be cut off by what they change. */
  private void requireSameAdmin(ProxySettings next, Checks checks) {
    if (!settings().admin().equals(next.admin())) {
      checks.reject("admin", "other settings", "those that the proxy was built with");
    }
  }

  private void requireSameThreads(ProxySettings next, Checks checks) {
    if (ioThreads() != ioThreads(next)) {
      String expected = ioThreads() + " as long as the proxy runs";
      checks.reject("ioThreads", next.ioThreads(), expected);
    }
  }

  ProxySettings settings() {
    return parts.settings;
  }

  /** How many IO threads there are to be. */
  int ioThreads() {
    return ioThreads(settings());
  }

  private static int ioThreads(ProxySettings settings) {
    int said = settings.ioThreads();
    return said > 0 ? said : Runtime.getRuntime().availableProcessors();
  }

  Via via() {
    return snapshot.via();
  }

  /** What is done beside the exchanges; a list of its own. */
  List<Background> background() {
    List<Background> all = new ArrayList<>(snapshot.plugins().background());
    if (certificates.isNeeded()) {
      all.add(certificates);
    }
    return all;
  }

  /** Who is told what happens to exchanges. */
  List<ExchangeListener> listeners() {
    return snapshot.plugins().listeners();
  }

  /** Those among them who want to see the figures. */
  Stream<FiguresWatcher> watchers() {
    return listeners().stream()
        .filter(FiguresWatcher.class::isInstance)
        .map(FiguresWatcher.class::cast);
  }
}
