package io.tidegate.core;

import io.tidegate.core.cache.CacheExplanation;
import io.tidegate.core.exchange.CacheLook;
import io.tidegate.core.exchange.Pipeline;
import io.tidegate.core.exchange.ResponseCache;
import io.tidegate.core.exchange.Traffic;
import io.tidegate.core.figures.CacheFigures;
import io.tidegate.core.figures.FiguresWatcher;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.server.ListenerConnections;
import io.tidegate.core.server.Server;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * What a proxy tells of itself and of what it would do, on any thread and without waiting for any.
 */
final class ProxyReport {
  private final Proxy proxy;
  private final Engine engine;
  private final Server server;

  ProxyReport(Proxy proxy, Engine engine, Server server) {
    this.proxy = proxy;
    this.engine = engine;
    this.server = server;
  }

  /** What the proxy is doing and has done, as numbers. */
  ProxyFigures figures() {
    Serving serving = engine.serving();
    Collection<Pipeline> pipelines = engine.pipelines();
    List<Traffic> traffic = pipelines.stream().map(Pipeline::traffic).toList();
    return new ProxyFigures(
        new ProxyFigures.Clients(
            server.connections(), Traffic.active(traffic), Traffic.tunnels(traffic)),
        Traffic.requests(traffic),
        new ProxyFigures.Upstreams(
            pipelines.stream().mapToLong(each -> each.pool().connections()).sum(),
            pipelines.stream().mapToLong(each -> each.pool().resting()).sum(),
            Traffic.pending(traffic),
            engine.resolver().underWay(),
            engine.resolver().made()),
        new ProxyFigures.Buffered(engine.spools().memoryUsed(), engine.spools().filesUsed()),
        Optional.ofNullable(serving.snapshot().cache()).map(ProxyReport::figures),
        proxy.clusterFigures(),
        proxy.routeNames(),
        engine.retired().dropped(serving.listeners()));
  }

  private static CacheFigures figures(ResponseCache cache) {
    return new CacheFigures(
        cache.store().entries(),
        cache.store().octets(),
        HttpCache.statistics(cache.counters(), cache.invalidator()));
  }

  /** Shows the figures to those who want to see them. */
  void show() {
    engine.serving().watchers().forEach(watcher -> watcher.begin(proxy::figures));
  }

  /** What Prometheus reads, if the proxy is measured by who can say it. */
  Optional<String> exposition() {
    return engine
        .serving()
        .watchers()
        .map(FiguresWatcher::exposition)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** The connections of clients, by listener: of at most {@code most} listeners. */
  List<ListenerConnections> connectionsByListener(int most) {
    return server.connectionsByListener(most);
  }

  /** Those clients that have the most connections: how many, by address. */
  Map<String, Integer> busiestClients(int most) {
    return server.busiestClients(most);
  }

  /** How many connections clients may have together. */
  int maxConnections() {
    return engine.serving().settings().server().maxConnections();
  }

  /** Whom the proxy stands for. */
  String direction() {
    return engine.serving().snapshot().plugins().direction().name().toLowerCase(Locale.ROOT);
  }

  /** As {@link Proxy#explainCache}. */
  CompletionStage<CacheExplanation> explainCache(ClientRequest request, Route route) {
    ResponseCache asked = engine.serving().snapshot().cache();
    CompletableFuture<CacheExplanation> told = new CompletableFuture<>();
    if (asked == null) {
      told.complete(CacheExplanation.without(CacheExplanation.Outcome.OFF, ""));
      return told.minimalCompletionStage();
    }
    new CacheLook(asked, InstantSource.system()::millis).explain(request, route, told::complete);
    Duration most = asked.settings().fillTimeout();
    CacheExplanation late =
        CacheExplanation.without(CacheExplanation.Outcome.MISS, "the store has not answered");
    return told.completeOnTimeout(late, most.toMillis(), TimeUnit.MILLISECONDS)
        .minimalCompletionStage();
  }
}
