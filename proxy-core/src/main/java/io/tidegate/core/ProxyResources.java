package io.tidegate.core;

import io.tidegate.core.admin.AdminException;
import io.tidegate.core.admin.AdminRequest;
import io.tidegate.core.admin.AdminResource;
import io.tidegate.core.admin.EventLog;
import io.tidegate.core.admin.FigureRecorder;
import io.tidegate.core.admin.LogLevels;
import io.tidegate.core.admin.SharedAnswer;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.metrics.PrometheusText;
import io.tidegate.core.server.ListenerConnections;
import io.tidegate.core.spi.InvalidSettingsException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the admin listener tells of any proxy, and does with it. */
final class ProxyResources {
  private static final int MOST_SECONDS = 599;
  private static final int MOST_CLIENTS = 20;
  private static final int MOST_LISTENERS = 50;
  private static final int MOST_EVENTS = 500;
  private static final String SETTINGS = "settings";
  private static final String STAYS = "the proxy stays as it was";

  private final Proxy proxy;
  private final ProxyReport report;
  private final AdminListener admin;
  private final LogLevels levels = new LogLevels();
  private final Instant since = Instant.now();

  ProxyResources(Proxy proxy, ProxyReport report, AdminListener admin) {
    this.proxy = proxy;
    this.report = report;
    this.admin = admin;
  }

  /** All of them; grows by those of a direction, which {@code /v1} names too. */
  List<AdminResource> all() {
    FigureRecorder figures = admin.figures();
    EventLog events = admin.events();
    List<AdminResource> all = new ArrayList<>();
    all.add(AdminResource.get("/health", "whether it lives", asked -> Map.of("status", "up")));
    all.add(AdminResource.get("/ready", "whether it wants requests", asked -> ready()));
    all.add(
        AdminResource.get(
            "/metrics",
            "figures for Prometheus",
            new SharedAnswer(asked -> metrics(), System::nanoTime)));
    all.add(AdminResource.get("/v1", "what there is", asked -> index(all)));
    all.add(AdminResource.get("/v1/overview", "the proxy as a whole", asked -> overview()));
    all.add(
        AdminResource.get(
            "/v1/configuration", "its settings", asked -> proxy.shownConfiguration()));
    all.add(
        AdminResource.get(
            "/v1/figures",
            "exchanges in the last seconds",
            asked -> figures.recent((int) asked.number("seconds", 60, 1, MOST_SECONDS))));
    all.add(
        AdminResource.get(
            "/v1/connections", "connections of clients and to upstreams", asked -> connections()));
    all.add(AdminResource.get("/v1/totals", "what it has done so far", asked -> proxy.figures()));
    all.add(AdminResource.get("/v1/events", "what has happened", asked -> events(events, asked)));
    all.add(AdminResource.get("/v1/events/stream", "the same as it happens", asked -> Map.of()));
    all.add(
        AdminResource.get(
            "/v1/loggers", "levels of loggers", asked -> Map.of("loggers", levels.all())));
    all.add(AdminResource.post("/v1/loggers", "changes the level of a logger", levels::change));
    all.add(
        AdminResource.post("/v1/reload", "serves by other settings", this::reload)
            .withLongContent());
    all.add(AdminResource.post("/v1/drain", "wants no more requests", asked -> drain(true)));
    all.add(AdminResource.post("/v1/resume", "wants requests again", asked -> drain(false)));
    return all;
  }

  /**
   * A resource, to find one's way.
   *
   * @param method how to ask
   * @param path where
   * @param summary what it is
   */
  record Listed(String method, String path, String summary) {}

  private static Object index(List<AdminResource> all) {
    return Map.of(
        "resources",
        all.stream().map(one -> new Listed(one.method(), one.path(), one.summary())).toList());
  }

  private Object ready() {
    String state = proxy.readiness();
    if (!state.equals(Proxy.READY)) {
      throw new AdminException(503, state);
    }
    return Map.of("status", state);
  }

  private Object metrics() {
    return new AdminResource.Text(
        PrometheusText.CONTENT_TYPE,
        report
            .exposition()
            .orElseThrow(() -> AdminException.notFound("there is no registry for Prometheus")));
  }

  private static Object events(EventLog events, AdminRequest request) {
    long after = request.number("after", 0, 0, Long.MAX_VALUE);
    int limit = (int) request.number("limit", 100, 1, MOST_EVENTS);
    return Map.of("events", events.since(after, limit));
  }

  /** By the file that is watched, or by what stands behind {@code settings}. */
  private Object reload(AdminRequest request) {
    JsonDocument content = JsonDocument.parse(request.content());
    Set<String> keys = content.keys();
    if (!Set.of(SETTINGS).containsAll(keys)) {
      throw AdminException.badRequest("(expected: settings, or nothing for the file)");
    }
    try {
      if (keys.isEmpty()) {
        proxy.reloadWatched();
      } else {
        proxy.reload(content.get(SETTINGS));
      }
    } catch (InvalidSettingsException e) {
      throw new AdminException(422, STAYS, e.problems());
    } catch (UncheckedIOException e) {
      throw new AdminException(422, STAYS, List.of(String.valueOf(e.getMessage())));
    } catch (IllegalStateException e) {
      throw new AdminException(409, String.valueOf(e.getMessage()));
    }
    return Map.of("status", "reloaded");
  }

  private Object drain(boolean on) {
    if (on) {
      proxy.drain();
    } else {
      proxy.resume();
    }
    return Map.of("status", proxy.readiness());
  }

  /**
   * The connections of clients to one listener.
   *
   * @param address where it listens
   * @param accepting whether it accepts more; else it ends with the last of them
   * @param http1 those on which HTTP/1.1 or HTTP/1.0 is spoken
   * @param http2 those on which HTTP/2 is spoken
   * @param tunnels those that have become tunnels
   * @param beginning those of which it is not known yet what is spoken
   */
  record ShownListener(
      String address, boolean accepting, int http1, int http2, int tunnels, int beginning) {
    static ShownListener of(ListenerConnections at) {
      return new ShownListener(
          text(at.address()), at.accepting(), at.http1(), at.http2(), at.tunnels(), at.beginning());
    }
  }

  /**
   * Connections.
   *
   * @param clients those of clients
   * @param maxConnections how many clients may have
   * @param listeners those of clients, by where they have connected to
   * @param upstreams those to upstreams
   * @param busiest who has the most, if that may be told: how many, by address
   */
  record Connections(
      ProxyFigures.Clients clients,
      int maxConnections,
      List<ShownListener> listeners,
      ProxyFigures.Upstreams upstreams,
      Optional<Map<String, Integer>> busiest) {}

  private Connections connections() {
    ProxyFigures figures = proxy.figures();
    boolean shown = admin.settings().showClients();
    return new Connections(
        figures.clients(),
        report.maxConnections(),
        report.connectionsByListener(MOST_LISTENERS).stream().map(ShownListener::of).toList(),
        figures.upstreams(),
        shown ? Optional.of(report.busiestClients(MOST_CLIENTS)) : Optional.empty());
  }

  /**
   * The proxy as a whole.
   *
   * @param name its name in Via and Proxy-Status
   * @param direction whom it stands for
   * @param status whether it wants requests
   * @param since since when it is there
   * @param uptime for how long
   * @param listeners where it listens
   * @param readOnly whether nothing can be changed here
   * @param java the version of the platform
   * @param processors how many there are
   * @param heapBytes octets of memory in use
   * @param maxHeapBytes how many there may be
   */
  record Overview(
      String name,
      String direction,
      String status,
      Instant since,
      Duration uptime,
      List<String> listeners,
      boolean readOnly,
      String java,
      int processors,
      long heapBytes,
      long maxHeapBytes) {}

  private Overview overview() {
    Runtime runtime = Runtime.getRuntime();
    return new Overview(
        proxy.viaName(),
        report.direction(),
        proxy.readiness(),
        since,
        Duration.ofSeconds(Duration.between(since, Instant.now()).toSeconds()),
        proxy.boundAddresses().stream().map(ProxyResources::text).toList(),
        admin.settings().readOnly(),
        System.getProperty("java.version", ""),
        runtime.availableProcessors(),
        runtime.totalMemory() - runtime.freeMemory(),
        runtime.maxMemory());
  }

  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
