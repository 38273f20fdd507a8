package io.tidegate.core;

import io.tidegate.core.admin.AdminResource;
import io.tidegate.core.admin.FigureRecorder;
import io.tidegate.core.cache.CacheExplanation;
import io.tidegate.core.connect.AddressResolver;
import io.tidegate.core.connect.Connector;
import io.tidegate.core.connect.OwnListeners;
import io.tidegate.core.connect.UpstreamPool;
import io.tidegate.core.exchange.CacheLook;
import io.tidegate.core.exchange.Pipeline;
import io.tidegate.core.exchange.ResponseCache;
import io.tidegate.core.exchange.Snapshot;
import io.tidegate.core.exchange.Traffic;
import io.tidegate.core.figures.CacheFigures;
import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.figures.FiguresWatcher;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.header.Tracing;
import io.tidegate.core.header.Via;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.log.AccessLog;
import io.tidegate.core.server.Listener;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.server.MountedHandler;
import io.tidegate.core.server.Server;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ExchangeObserver;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.LifecycleEvent;
import io.tidegate.core.spi.ListenerEvent;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.SettingsEvent;
import io.tidegate.core.spool.Spools;
import io.tidegate.core.tls.CertificateWatch;
import io.tidegate.core.tls.Reloadable;
import io.tidegate.core.tls.ServerTls;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/**
 * A proxy, forward or reverse: with a listener of its own ({@link #start}), or mounted in an
 * application's Undertow ({@link #handler}), or both. Thread-safe.
 */
public class Proxy implements AutoCloseable {
  /** It serves requests, and wants more. */
  static final String READY = "ready";

  private static final int NAME_THREADS = 32;
  private static final int TLS_THREADS = 4;
  private static final int FILE_THREADS = 4;
  private static final int WORKER_QUEUE = 1000;
  private static final int ANY_QUEUE = Integer.MAX_VALUE;
  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
  private static final long STOP_POLL_MILLIS = 20;

  private volatile State state;
  private final ExecutorService names = threads("tidegate-names", NAME_THREADS, WORKER_QUEUE);

  // A connection waits for one computation at a time, and no longer than its handshake may take.
  private final ExecutorService ofClients = threads("tidegate-tls", TLS_THREADS, ANY_QUEUE);
  private final ExecutorService ofUpstreams = threads("tidegate-tls-up", TLS_THREADS, ANY_QUEUE);

  private final ExecutorService files = threads("tidegate-files", FILE_THREADS, ANY_QUEUE);
  private final AddressResolver resolver;
  private final Spools spools;
  private final Connector connector;
  private final BackgroundWork work;
  private final List<SettingsWatch> watches = new CopyOnWriteArrayList<>();
  private final Map<XnioIoThread, Pipeline> pipelines = new ConcurrentHashMap<>();
  private final Server server;
  private final OwnListeners own = new OwnListeners();
  private final RetiredListeners retired = new RetiredListeners();
  private volatile @Nullable XnioWorker worker;
  private final List<MountedHandler> handlers = new CopyOnWriteArrayList<>();
  private final AtomicInteger mounted = new AtomicInteger();

  /** Held by whoever reloads, one at a time. */
  private final Object reloading = new Object();

  private final @Nullable AdminListener admin;

  /** Whether it listens, or has. */
  private volatile boolean started;

  private volatile boolean stopped;
  private volatile boolean draining;

  /** What a proxy is made of; builders put it together. */
  public static final class Parts {
    private final ProxySettings settings;
    private final Plugins plugins;
    private final NameResolver names;
    private final UpstreamTlsSources tls;
    private final @Nullable HttpCache httpCache;
    private final @Nullable ResponseCache cache;
    private final List<Optional<ServerTls>> serverTls;
    private final Kept kept;
    private final EventListener events;
    private final List<AccessLog> logs;
    private final @Nullable ExchangeObserver observer;
    private final @Nullable AdminListener admin;

    /**
     * Parts.
     *
     * @param serverTls one for each listener that speaks TLS, in their order
     * @param kept what of it stays when settings change
     * @param events told what happens to the proxy
     * @param observer follows exchanges; null for nobody
     */
    Parts(
        ProxySettings settings,
        Plugins plugins,
        NameResolver names,
        UpstreamTlsSources tls,
        @Nullable HttpCache httpCache,
        @Nullable ResponseCache cache,
        List<Optional<ServerTls>> serverTls,
        Kept kept,
        EventListener events,
        List<AccessLog> logs,
        @Nullable ExchangeObserver observer,
        @Nullable AdminListener admin) {
      this.settings = settings;
      this.plugins = plugins;
      this.names = names;
      this.tls = tls;
      this.httpCache = httpCache;
      this.cache = cache;
      this.serverTls = List.copyOf(serverTls);
      this.kept = kept;
      this.events = events;
      this.logs = List.copyOf(logs);
      this.observer = observer;
      this.admin = admin;
    }

    private List<Reloadable> reloadable() {
      Stream<Reloadable> ofListeners =
          serverTls.stream()
              .flatMap(Optional::stream)
              .filter(Reloadable.class::isInstance)
              .map(Reloadable.class::cast);
      return Stream.concat(ofListeners, tls.files().stream()).distinct().toList();
    }
  }

  /** What serves at present: replaced as a whole. */
  private record State(
      Parts parts, Snapshot snapshot, List<Reloadable> files, CertificateWatch certificates) {
    ProxySettings settings() {
      return parts.settings;
    }

    List<Background> background() {
      List<Background> all = new ArrayList<>(snapshot.plugins().background());
      if (certificates.isNeeded()) {
        all.add(certificates);
      }
      return all;
    }
  }

  /** A stopped proxy, made of what its builder has put together. */
  protected Proxy(Parts parts) {
    ProxySettings settings = parts.settings;
    this.state = state(parts, new Via(settings.viaName().orElseGet(Proxy::madeUpName)), null);
    this.admin = parts.admin;
    this.spools = new Spools(settings.spool(), files, new SecureRandom());
    this.resolver =
        new AddressResolver(
            parts.names,
            names,
            NAME_THREADS,
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
            settings.upstream().nameTtl(),
            settings.upstream().maxLookupsPerClient());
    this.connector = new Connector(resolver, parts.tls.own(), ofUpstreams, via().entry());
    this.work = new BackgroundWork(connector, resolver);
    this.server = new Server(settings.server(), Proxy::resolved, this::context);
    wantWork();
  }

  private State state(Parts parts, Via via, @Nullable State before) {
    List<Reloadable> certificates = parts.reloadable();
    CertificateWatch watch =
        before != null && before.files().equals(certificates)
            ? before.certificates()
            : new CertificateWatch(certificates, files, parts.events);
    Snapshot snapshot =
        new Snapshot(
            parts.plugins,
            parts.settings.exchange(),
            parts.settings.buffering(),
            parts.cache,
            via,
            new Tracing(parts.settings.tracing()),
            parts.observer);
    return new State(parts, snapshot, certificates, watch);
  }

  /**
   * Has this proxy serve by what {@code described} puts together from now on. Exchanges that begin
   * later decide by it, those under way end as they have begun; limits of connections count at
   * once. What was kept goes on, and what is equal to what it was is not touched. Reloads happen
   * one after the other. It blocks, as files are read and addresses bound: not for an IO thread.
   *
   * @param described the parts of a builder that has {@linkplain ProxyBuilder#takeOver taken over}
   *     from the last one; asked when it is the turn of this reload
   * @throws InvalidSettingsException with everything that is wrong; then nothing has changed
   * @throws UncheckedIOException if an address cannot be listened on; the message says which and
   *     why. Then nothing has changed
   * @throws IllegalStateException if the proxy has been stopped
   */
  protected final void reload(Supplier<Parts> described) {
    List<Runnable> afterwards = new ArrayList<>();
    try {
      synchronized (reloading) {
        requireNotStopped();
        change(described, afterwards);
      }
    } finally {
      afterwards.forEach(Runnable::run); // whoever is told may reload again, or stop the proxy
    }
  }

  private void change(Supplier<Parts> described, List<Runnable> afterwards) {
    try {
      change(described.get(), afterwards);
      afterwards.add(() -> tell(new SettingsEvent(SettingsEvent.Kind.RELOADED, List.of())));
    } catch (RuntimeException | Error e) {
      List<String> why = problems(e);
      afterwards.add(() -> tell(new SettingsEvent(SettingsEvent.Kind.REFUSED, why)));
      throw e;
    }
  }

  private static List<String> problems(Throwable refusal) {
    if (refusal instanceof InvalidSettingsException several) {
      return several.problems();
    }
    boolean plain = refusal instanceof UncheckedIOException;
    return List.of(plain ? String.valueOf(refusal.getMessage()) : refusal.toString());
  }

  /**
   * Looks at {@code file} once a second from now on, or from the start of this proxy, and
   * {@linkplain #reload reloads} it: at the first look if it is not what the proxy serves by, and
   * whenever other octets stand in it and it has been the same for one more look. A file that is
   * wrong changes nothing; the log says so once. Ends with the proxy. One that is only mounted has
   * no threads of its own, and looks from its first request on.
   *
   * @param served whether the proxy serves by what the file says; it may throw what is wrong with
   *     it
   * @param described the parts that the file says, read anew each time; it is asked on a thread
   *     that may block
   */
  protected final void watch(Path file, BooleanSupplier served, Supplier<Parts> described) {
    SettingsWatch watch =
        new SettingsWatch(file, WATCH_INTERVAL, served, () -> reload(described), files);
    synchronized (this) {
      requireNotStopped();
      watches.add(watch);
      XnioWorker threads = worker;
      wantWork();
      if (threads != null) {
        startWork(threads);
      }
    }
  }

  /**
   * {@linkplain #reload(Supplier) Reloads} the files that are watched, whether they have changed or
   * not.
   *
   * @throws IllegalStateException if there are none
   */
  void reloadWatched() {
    if (watches.isEmpty()) {
      throw new IllegalStateException("no file is watched (expected: settings)");
    }
    watches.forEach(SettingsWatch::reloadNow);
  }

  /**
   * {@linkplain #reload(Supplier) Reloads} what {@code settings} say of this direction.
   *
   * @throws IllegalStateException if this proxy has none in JSON
   */
  protected void reload(JsonDocument settings) {
    throw new IllegalStateException("the settings of this proxy are none in JSON");
  }

  /** Whatever may fail comes before the first change. */
  private synchronized void change(Parts next, List<Runnable> afterwards) {
    requireNotStopped();
    XnioWorker threads = worker;
    State before = state;
    requireSameAdmin(before.settings(), next.settings);
    State after = state(next, via(next.settings), before);
    if (threads != null) {
      requireSameThreads(before.settings(), after.settings());
    }
    Server.Change listeners = threads == null ? null : listeners(threads, next);
    afterwards.addAll(next.kept.afterwards());
    try {
      become(before, after);
    } catch (RuntimeException | Error e) {
      if (listeners != null) {
        listeners.giveUp();
      }
      throw e;
    }
    if (threads != null && listeners != null) {
      listenOn(listeners, afterwards);
      startWork(threads);
    }
  }

  private void requireNotStopped() {
    if (stopped) {
      throw new IllegalStateException("the proxy has been stopped");
    }
  }

  /** Whoever looks at the proxy there is not to be cut off by what they change. */
  private static void requireSameAdmin(ProxySettings before, ProxySettings after) {
    if (!before.admin().equals(after.admin())) {
      new Checks().reject("admin", "other settings", "those that the proxy was built with").done();
    }
  }

  private static void requireSameThreads(ProxySettings before, ProxySettings after) {
    if (threadCount(before) != threadCount(after)) {
      String expected = threadCount(before) + " as long as the proxy runs";
      new Checks().reject("ioThreads", after.ioThreads(), expected).done();
    }
  }

  private Server.Change listeners(XnioWorker threads, Parts parts) {
    try {
      return bound(threads, parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void become(State before, State after) {
    ProxySettings settings = after.settings();
    after.parts().kept.commit();
    connector.change(after.parts().tls.own(), after.snapshot().via().entry());
    resolver.change(settings.upstream().nameTtl(), settings.upstream().maxLookupsPerClient());
    spools.change(settings.spool());
    retired.change(listeners(before), listeners(after));
    state = after;
    watched();
    retire(before.parts().logs, after.parts().logs);
    boolean otherTls = !before.parts().tls.own().equals(after.parts().tls.own());
    if (otherTls || !before.settings().upstream().equals(settings.upstream())) {
      pipelines.values().forEach(pipeline -> changeLater(pipeline.pool(), pipeline.loop()));
    }
    wantWork();
  }

  private static List<ExchangeListener> listeners(State of) {
    return of.snapshot().plugins().listeners();
  }

  /** Exchanges under way still write to a log that no longer is one of the proxy's. */
  private static void retire(List<AccessLog> before, List<AccessLog> now) {
    before.stream().filter(log -> !now.contains(log)).forEach(AccessLog::retire);
  }

  private void changeLater(UpstreamPool pool, IoLoop loop) {
    try {
      loop.run(() -> pool.change(state.settings().upstream()));
    } catch (RejectedExecutionException e) {
      // the application has stopped its server first, and its threads
    }
  }

  /** A name that was made up stays as long as no other is given. */
  private Via via(ProxySettings settings) {
    Via before = via();
    return settings
        .viaName()
        .filter(name -> !name.equals(before.name()))
        .map(Via::new)
        .orElse(before);
  }

  /** What stays when other settings come. */
  Kept kept() {
    return state.parts().kept;
  }

  private Via via() {
    return state.snapshot().via();
  }

  private void wantWork() {
    work.want(background());
  }

  private List<Background> background() {
    List<Background> all = state.background();
    all.addAll(watches);
    return all;
  }

  private void tell(ProxyEvent event) {
    state.parts().events.happened(event);
  }

  /**
   * Binds the listeners and serves.
   *
   * @return this proxy
   * @throws UncheckedIOException if an address cannot be listened on; the message says which and
   *     why. Then none is.
   */
  public Proxy start() {
    List<Runnable> afterwards = new ArrayList<>();
    try {
      start(afterwards);
    } finally {
      afterwards.forEach(Runnable::run);
    }
    return this;
  }

  private synchronized void start(List<Runnable> afterwards) {
    if (worker != null || stopped) {
      throw new IllegalStateException(
          stopped ? "the proxy has been stopped" : "the proxy is running already");
    }
    try {
      XnioWorker threads = ioThreads();
      worker = threads;
      own.readInterfaces();
      watched();
      Server.Change listeners = bound(threads, state.parts());
      startAdmin(listeners);
      listenOn(listeners, afterwards);
      started = true;
      startWork(threads);
    } catch (IOException e) {
      stopNow();
      throw new UncheckedIOException(e.getMessage(), e);
    }
    afterwards.add(() -> tell(new LifecycleEvent(LifecycleEvent.Kind.STARTED)));
  }

  /** Before anybody is served: if it cannot be had, nobody is. */
  private void startAdmin(Server.Change listeners) throws IOException {
    try {
      startAdmin();
    } catch (IOException | RuntimeException e) {
      listeners.giveUp();
      throw e;
    }
  }

  private static InetSocketAddress resolved(ListenerSettings listener) {
    return listener
        .host()
        .map(host -> new InetSocketAddress(host, listener.port()))
        .orElseGet(() -> new InetSocketAddress(listener.port()));
  }

  private Server.Change bound(XnioWorker threads, Parts parts) throws IOException {
    ProxySettings settings = parts.settings;
    return server.prepare(threads, settings.server(), settings.listeners(), parts.serverTls);
  }

  private void listenOn(Server.Change listeners, List<Runnable> afterwards) {
    own.listenOn(listeners.addresses());
    listeners.commit();
    afterwards.add(() -> tell(ListenerEvent.Kind.CLOSED, listeners.closed()));
    afterwards.add(() -> tell(ListenerEvent.Kind.OPENED, listeners.opened()));
  }

  private void tell(ListenerEvent.Kind kind, List<InetSocketAddress> addresses) {
    addresses.forEach(at -> tell(new ListenerEvent(kind, at)));
  }

  /**
   * The address this proxy listens on; the first, if there are several.
   *
   * @throws IllegalStateException if it has not been started
   */
  public InetSocketAddress address() {
    return addresses().get(0);
  }

  /**
   * The addresses this proxy listens on, in the order of its settings.
   *
   * @throws IllegalStateException if it has not been started
   */
  public List<InetSocketAddress> addresses() {
    return server.addresses();
  }

  /** The first address at which clients may speak {@code protocol}; empty if they may nowhere. */
  protected final Optional<InetSocketAddress> address(ListenerProtocol protocol) {
    return server.address(protocol);
  }

  /**
   * Reads the files of certificates, keys, authorities and revocation lists again, as happens by
   * itself when they change: those of listeners and those for upstreams. What is new counts for new
   * handshakes. It blocks.
   *
   * @throws InvalidSettingsException with everything that cannot be read, and stays as it was
   */
  public void reloadCertificates() {
    state.certificates().reloadAll();
  }

  /** What the proxy is doing and has done, as numbers; on any thread, without waiting for any. */
  public ProxyFigures figures() {
    Snapshot snapshot = state.snapshot();
    List<Traffic> traffic = pipelines.values().stream().map(Pipeline::traffic).toList();
    return new ProxyFigures(
        new ProxyFigures.Clients(
            server.connections(), Traffic.active(traffic), Traffic.tunnels(traffic)),
        Traffic.requests(traffic),
        new ProxyFigures.Upstreams(
            pipelines.values().stream().mapToLong(each -> each.pool().connections()).sum(),
            pipelines.values().stream().mapToLong(each -> each.pool().resting()).sum(),
            Traffic.pending(traffic),
            resolver.underWay(),
            resolver.made()),
        new ProxyFigures.Buffered(spools.memoryUsed(), spools.filesUsed()),
        Optional.ofNullable(snapshot.cache()).map(Proxy::figures),
        clusterFigures(),
        routeNames(),
        retired.dropped(snapshot.plugins().listeners()));
  }

  private static CacheFigures figures(ResponseCache cache) {
    return new CacheFigures(
        cache.store().entries(),
        cache.store().octets(),
        HttpCache.statistics(cache.counters(), cache.invalidator()));
  }

  /** Shows the figures to those who want to see them. */
  private void watched() {
    watchers().forEach(watcher -> watcher.begin(this::figures));
  }

  private Stream<FiguresWatcher> watchers() {
    return state.snapshot().plugins().listeners().stream()
        .filter(FiguresWatcher.class::isInstance)
        .map(FiguresWatcher.class::cast);
  }

  /** What Prometheus reads, if the proxy is measured by who can say it. */
  Optional<String> exposition() {
    return watchers().map(FiguresWatcher::exposition).flatMap(Optional::stream).findFirst();
  }

  /** The clusters as numbers, if the proxy has any. */
  protected List<ClusterFigures> clusterFigures() {
    return List.of();
  }

  /** What logs and metrics call the routes, if the proxy has any that have names. */
  protected List<String> routeNames() {
    return List.of();
  }

  /**
   * Closes the files of access logs and opens them anew by their names. Whoever moves them away
   * need not call it: that is noticed with the next lines.
   */
  public void reopenLogs() {
    state.parts().logs.forEach(AccessLog::reopen);
  }

  /** Our name in Via and Proxy-Status. */
  public String viaName() {
    return via().name();
  }

  /**
   * This proxy as a handler for an application's own Undertow. The application's listeners decide
   * about limits and time-outs of client connections and heads; content, upstreams and the exchange
   * itself have ours. A client that goes away while it waits is noticed when it is written to.
   * Close the proxy before the server it is mounted on. The admin listener, if there is to be one,
   * listens from now on.
   *
   * @throws UncheckedIOException if that cannot be
   */
  public HttpHandler handler() {
    try {
      own.readInterfaces();
      startAdmin();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    watched();
    MountedHandler handler = new MountedHandler(this::context, mounted, () -> stopped);
    handlers.add(handler);
    return handler;
  }

  /** What would be served before anything else is asked, or null. */
  protected final @Nullable OwnResponse page(ClientRequest request) {
    return state.snapshot().plugins().pages().page(request);
  }

  /** Why the request would be refused before a route is looked for, or null. */
  protected final @Nullable Failure refuses(ClientRequest request) {
    return state.snapshot().plugins().access().refuses(request);
  }

  /**
   * What the cache would do with a request, which has no content, on {@code route}: nothing is
   * counted, and nobody is asked but the store. One that has not answered within {@code
   * fillTimeout} has nothing, as for an exchange.
   */
  protected final CompletionStage<CacheExplanation> explainCache(
      ClientRequest request, Route route) {
    ResponseCache asked = state.snapshot().cache();
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

  /**
   * Accepts no more connections, closes idle ones, lets exchanges under way end (their responses
   * say that the connection closes) and what clients of other proxies read from a shared cache as
   * it comes, and after {@code grace} cuts what is left. Returns when all is closed.
   */
  public void stop(Duration grace) {
    synchronized (this) {
      if (stopped) {
        return;
      }
      stopped = true;
    }
    tell(new LifecycleEvent(LifecycleEvent.Kind.DRAINING));
    tell(ListenerEvent.Kind.CLOSED, server.drain());
    awaitConnections(System.nanoTime() + grace.toNanos());
    stopNow();
    tell(new LifecycleEvent(LifecycleEvent.Kind.STOPPED));
  }

  /** Stops without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  /**
   * Says that this proxy wants no more requests: {@code /ready} of the admin listener fails, so
   * that a balancer in front of it sends them elsewhere. Those that come all the same are served.
   * {@link #resume} takes it back.
   */
  public void drain() {
    this.draining = true;
  }

  /** Wants requests again. */
  public void resume() {
    this.draining = false;
  }

  /** Whether this proxy serves requests and wants more of them. */
  public boolean isReady() {
    return readiness().equals(READY);
  }

  /** One word for what {@link #isReady} says, and why. */
  String readiness() {
    if (stopped) {
      return "stopping";
    }
    if (!started && handlers.isEmpty()) {
      return "starting";
    }
    return draining ? "draining" : READY;
  }

  /** Where the admin listener listens; empty if there is none, or not yet. */
  public Optional<InetSocketAddress> adminAddress() {
    return admin == null ? Optional.empty() : admin.address();
  }

  private void startAdmin() throws IOException {
    if (admin != null) {
      List<AdminResource> resources = new ProxyResources(this, admin).all();
      resources.addAll(new CacheResources(this::httpCache).all());
      resources.addAll(adminResources(admin.figures()));
      admin.start(resources);
    }
  }

  private Optional<HttpCache> httpCache() {
    return Optional.ofNullable(state.parts().httpCache);
  }

  /**
   * What the admin listener tells of this direction, and does with it.
   *
   * @param figures what exchanges had to do with routes and endpoints
   */
  protected List<AdminResource> adminResources(FigureRecorder figures) {
    return List.of();
  }

  /** The settings as the admin listener shows them. */
  protected Record shownConfiguration() {
    return state.settings();
  }

  /** Those clients that have the most connections: how many, by address. */
  Map<String, Integer> busiestClients(int most) {
    return server.busiestClients(most);
  }

  /** How many connections clients may have together. */
  int maxConnections() {
    return state.settings().server().maxConnections();
  }

  /** Whom this proxy stands for. */
  String direction() {
    return state.snapshot().plugins().direction().name().toLowerCase(Locale.ROOT);
  }

  /** Where it listens; nowhere if it is only mounted. */
  List<InetSocketAddress> boundAddresses() {
    return started ? server.addresses() : List.of();
  }

  private void awaitConnections(long deadline) {
    try {
      while (isBusy() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(STOP_POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isBusy() {
    return server.connections() + mounted.get() > 0
        || pipelines.values().stream().anyMatch(Pipeline::isFillRead);
  }

  private void stopNow() {
    synchronized (this) {
      stopped = true;
    }
    server.close();
    if (admin != null) {
      admin.close();
    }
    handlers.forEach(MountedHandler::closeAll);
    CountDownLatch closed = stopPipelines();
    names.shutdown();
    ofClients.shutdown();
    ofUpstreams.shutdown();
    XnioWorker threads = worker;
    try {
      closed.await(1, TimeUnit.SECONDS); // a timer that outlives its thread complains in the log
      if (threads != null) {
        threads.shutdown();
        threads.awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      if (threads != null) {
        threads.shutdown();
      }
      Thread.currentThread().interrupt();
    }
    watchers().forEach(FiguresWatcher::end);
    AccessLog.closeAll(
        Stream.concat(state.parts().logs.stream(), retired.logs().stream()).distinct().toList());
    files.shutdown(); // what has been begun ends: temporary files are closed
  }

  /** Counts down to zero when all have stopped. */
  private CountDownLatch stopPipelines() {
    CountDownLatch closed = new CountDownLatch(pipelines.size());
    for (Pipeline pipeline : pipelines.values()) {
      try {
        pipeline
            .loop()
            .run(
                () -> {
                  work.end(pipeline.loop());
                  pipeline.stop();
                  closed.countDown();
                });
      } catch (RejectedExecutionException e) {
        closed.countDown(); // the application has stopped its server first, and its threads
      }
    }
    return closed;
  }

  private Listener.Context context(XnioIoThread thread) {
    Pipeline pipeline = pipeline(thread);
    return new Listener.Context(pipeline.loop(), pipeline, ofClients);
  }

  /** The pipeline of a thread, on that thread. */
  private Pipeline pipeline(XnioIoThread thread) {
    Pipeline known = pipelines.get(thread);
    return known == null ? begin(thread) : known;
  }

  private Pipeline begin(XnioIoThread thread) {
    IoLoop loop =
        new IoLoop(thread, InstantSource.system(), System::nanoTime, RandomGenerator.getDefault());
    UpstreamPool pool = new UpstreamPool(loop, connector, state.settings().upstream());
    Pipeline pipeline = new Pipeline(loop, pool, own, spools, () -> state.snapshot());
    pipelines.put(thread, pipeline);
    pool.change(state.settings().upstream()); // should they have been reloaded meanwhile
    work.begin(loop);
    return pipeline;
  }

  /** What is done beside does not wait for a request. */
  private void startWork(XnioWorker threads) {
    if (!background().isEmpty()) {
      XnioIoThread first = threads.getIoThread(0);
      first.execute(
          () -> {
            if (!stopped) {
              pipeline(first);
            }
          });
    }
  }

  private static int threadCount(ProxySettings settings) {
    int said = settings.ioThreads();
    return said > 0 ? said : Runtime.getRuntime().availableProcessors();
  }

  private XnioWorker ioThreads() throws IOException {
    return Xnio.getInstance(Proxy.class.getClassLoader())
        .createWorker(
            OptionMap.builder()
                .set(Options.WORKER_NAME, "tidegate")
                .set(Options.WORKER_IO_THREADS, threadCount(state.settings()))
                .set(Options.WORKER_TASK_CORE_THREADS, 1)
                .set(Options.WORKER_TASK_MAX_THREADS, 1)
                .set(Options.THREAD_DAEMON, false)
                .getMap());
  }

  /**
   * Threads for what blocks or takes long: name look-ups, the computations of a handshake, files.
   */
  private static ExecutorService threads(String name, int count, int queue) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(queue),
            task -> {
              Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static String madeUpName() {
    return "tidegate-" + Long.toString(RandomGenerator.getDefault().nextLong(1L << 40), 36);
  }
}
