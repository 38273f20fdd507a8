package io.tidegate.core.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tidegate.core.figures.FiguresWatcher;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.Stage;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one proxy. It is given to the builder of the proxy and bound to a registry, in any
 * order; what happens before it is both is not counted. When the proxy is closed, its meters are
 * removed from the registry.
 *
 * <p>Tags have values out of settings and of fixed sets alone, never what a client sends. Proxies
 * that share a registry need tags that set them apart: one that starts while another has the same
 * is not measured, nor is one whose names the registry has given to meters of another kind; the log
 * says so. Thread-safe.
 */
public final class ProxyMetrics
    implements MeterBinder, ExchangeListener, EventListener, FiguresWatcher {
  private static final System.Logger LOG = System.getLogger(ProxyMetrics.class.getName());

  private final Tags common;
  private @Nullable MeterRegistry registry;
  private @Nullable Supplier<ProxyFigures> figures;
  private volatile @Nullable Meters meters;

  private ProxyMetrics(Tags common) {
    this.common = common;
  }

  /** Everything about one proxy in one registry. */
  private static final class Meters {
    private final OwnMeters own;
    private final Gauges gauges;
    private final UpstreamMeters upstreams;
    private final Map<String, RouteMeters> routes = new ConcurrentHashMap<>();
    private final RouteMeters others;
    private final Supplier<ProxyFigures> figures;
    private volatile Set<String> routeNames = Set.of();
    private final AtomicBoolean stale = new AtomicBoolean(true);
    private final ReentrantLock updating = new ReentrantLock();

    Meters(OwnMeters own, Supplier<ProxyFigures> figures) {
      this.own = own;
      this.figures = figures;
      this.gauges = new Gauges(own, figures);
      this.upstreams = new UpstreamMeters(own, gauges);
      this.others = new RouteMeters(own, Words.OTHER);
      update();
    }

    /**
     * Clusters, endpoints, routes and the cache may have come or gone. Nobody waits for who is
     * looking already: they look once more, for all that has happened meanwhile.
     */
    void update() {
      stale.set(true);
      while (stale.get() && updating.tryLock()) {
        try {
          if (stale.getAndSet(false)) {
            look();
          }
        } finally {
          updating.unlock();
        }
      }
    }

    private void look() {
      ProxyFigures now = figures.get();
      upstreams.update(now.clusters());
      gauges.updateCache(now.cache().isPresent());
      Set<String> names = new HashSet<>(now.routes());
      names.add("");
      routeNames = names;
      routes.entrySet().removeIf(known -> isGone(known.getKey(), known.getValue()));
    }

    private boolean isGone(String name, RouteMeters known) {
      boolean gone = !routeNames.contains(name);
      if (gone) {
        known.remove();
      }
      return gone;
    }

    RouteMeters route(String name) {
      RouteMeters known = routes.get(name);
      if (known != null) {
        return known;
      }
      return routeNames.contains(name)
          ? routes.computeIfAbsent(name, key -> new RouteMeters(own, key))
          : others; // under way on a route that is gone, or that has just come
    }
  }

  /**
   * Meters that all have these tags besides their own.
   *
   * @param tags names and values in turns: {@code "proxy", "edge"}
   * @throws IllegalArgumentException if the last name has no value
   */
  public static ProxyMetrics of(String... tags) {
    return new ProxyMetrics(Tags.of(tags));
  }

  /**
   * Registers the meters there.
   *
   * @throws IllegalStateException if they are registered elsewhere
   */
  @Override
  public synchronized void bindTo(MeterRegistry to) {
    if (registry != null && registry != to) {
      throw new IllegalStateException("the metrics of a proxy belong to one registry");
    }
    registry = to;
    register();
  }

  @Override
  public synchronized void begin(Supplier<ProxyFigures> asked) {
    if (figures == null) {
      figures = asked;
      register();
    }
  }

  private void register() {
    if (registry != null && figures != null && meters == null) {
      OwnMeters own = new OwnMeters(registry, common);
      try {
        register(own, figures);
      } catch (RuntimeException e) {
        own.removeAll();
        LOG.log(Level.WARNING, "metrics: the registry does not take them; nothing is measured", e);
      }
    }
  }

  private void register(OwnMeters own, Supplier<ProxyFigures> asked) {
    if (own.isTaken(Names.ACTIVE_REQUESTS)) {
      LOG.log(
          Level.WARNING,
          "metrics: another proxy is measured in this registry with the same tags; this one is"
              + " not (expected: tags that set them apart)");
    } else {
      meters = new Meters(own, asked);
    }
  }

  /** All that is in the registry these are bound to, which may be about more than this proxy. */
  @Override
  public Optional<String> exposition() {
    MeterRegistry bound;
    synchronized (this) {
      bound = registry;
    }
    return bound == null ? Optional.empty() : PrometheusText.of(bound).map(Supplier::get);
  }

  @Override
  public synchronized void end() {
    Meters known = meters;
    meters = null;
    figures = null;
    if (known != null) {
      known.own.removeAll();
    }
  }

  @Override
  public void happened(ProxyEvent event) {
    Meters known = meters;
    if (known != null) {
      known.update(); // whichever event it is
    }
  }

  @Override
  public void attempted(Attempt attempt) {
    Meters known = meters;
    if (known != null) {
      known.upstreams.record(attempt);
    }
  }

  @Override
  public void completed(Outcome outcome) {
    Meters known = meters;
    if (known == null || outcome.isOwn()) {
      return;
    }
    RouteMeters route = known.route(outcome.route() == null ? "" : outcome.route().name());
    if (outcome.stage() == Stage.TUNNEL) {
      route.tunnel(outcome);
    } else {
      route.request(outcome);
    }
  }
}
