package io.tidegate.core;

import io.tidegate.core.admin.AdminResource;
import io.tidegate.core.admin.FigureRecorder;
import io.tidegate.core.cache.CacheExplanation;
import io.tidegate.core.exchange.Pipeline;
import io.tidegate.core.exchange.ResponseCache;
import io.tidegate.core.figures.ClusterFigures;
import io.tidegate.core.figures.ProxyFigures;
import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.log.AccessLog;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.server.MountedHandler;
import io.tidegate.core.server.Server;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ExchangeObserver;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Guard;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.LifecycleEvent;
import io.tidegate.core.spi.ListenerEvent;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.Outbox;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.SettingsEvent;
import io.tidegate.core.tls.ServerTls;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioWorker;

/**
 * A proxy, forward or reverse: with a listener of its own ({@link #start}), or mounted in an
 * application's Undertow ({@link #handler}), or both. Thread-safe.
 */
public class Proxy implements AutoCloseable {
  /** It serves requests, and wants more. */
  static final String READY = "ready";

  private static final Guard TELLING =
      new Guard(
          System.getLogger(Proxy.class.getName()),
          Level.ERROR,
          "what has changed could not be told for an internal error");

  private static final long STOP_POLL_MILLIS = 20;

  private final Engine engine;
  private final Server server;
  private final Reloads reloads = new Reloads(this);
  private final ProxyReport report;
  private final @Nullable AdminListener admin;
  private final List<MountedHandler> handlers = new CopyOnWriteArrayList<>();
  private final AtomicInteger mounted = new AtomicInteger();

  /** What has happened, filled by who holds the monitor, or has stopped the proxy. */
  private final Outbox outbox = new Outbox(TELLING);

  /** Whether it listens, or has. */
  private volatile boolean started;

  private volatile boolean stopped;
  private volatile boolean draining;

  /** A stopped proxy, made of what its builder has put together. */
  protected Proxy(Parts parts) {
    this.engine = new Engine(parts, () -> stopped);
    this.server = new Server(parts.settings.server(), Proxy::resolved, engine::context);
    this.report = new ProxyReport(this, engine, server);
    this.admin = parts.admin;
  }

  // ---- the beginning

  /**
   * Binds the listeners and serves.
   *
   * @return this proxy
   * @throws UncheckedIOException if an address cannot be listened on; the message says which and
   *     why. Then none is, and the proxy is stopped; one that is mounted serves as before, and may
   *     be started once more
   */
  public Proxy start() {
    try {
      startUntold();
    } finally {
      deliver();
    }
    return this;
  }

  private synchronized void startUntold() {
    if (engine.ioThreads() != null || stopped) {
      throw new IllegalStateException(
          stopped ? "the proxy has been stopped" : "the proxy is running already");
    }
    try {
      listen();
    } catch (IOException e) {
      undoStart();
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      undoStart();
      throw e;
    }
    started = true;
    tell(new LifecycleEvent(LifecycleEvent.Kind.STARTED));
  }

  /** Nobody is served before all can be had that may fail, the admin listener among it. */
  private void listen() throws IOException {
    XnioWorker threads = engine.start();
    engine.ownListeners().readInterfaces();
    report.show();
    Server.Change listeners = bound(threads, parts());
    try {
      startAdmin();
      listenOn(listeners);
      engine.startWork();
    } catch (IOException | RuntimeException | Error e) {
      listeners.giveUp();
      throw e;
    }
  }

  private void undoStart() {
    if (handlers.isEmpty()) {
      stopNow();
    } else {
      Engine.ENDING.run(engine::stopIoThreads);
    }
  }

  private Server.Change bound(XnioWorker threads, Parts parts) throws IOException {
    ProxySettings settings = parts.settings;
    return server.prepare(threads, settings.server(), settings.listeners(), parts.serverTls);
  }

  private static InetSocketAddress resolved(ListenerSettings listener) {
    return listener
        .host()
        .map(host -> new InetSocketAddress(host, listener.port()))
        .orElseGet(() -> new InetSocketAddress(listener.port()));
  }

  private void startAdmin() throws IOException {
    if (admin != null) {
      List<AdminResource> resources = new ProxyResources(this, report, admin).all();
      resources.addAll(new CacheResources(this::httpCache).all());
      resources.addAll(adminResources(admin.figures()));
      admin.start(resources);
    }
  }

  private Optional<HttpCache> httpCache() {
    return Optional.ofNullable(parts().httpCache);
  }

  private void listenOn(Server.Change listeners) {
    engine.ownListeners().listenOn(listeners.addresses());
    listeners.commit();
    tell(ListenerEvent.Kind.CLOSED, listeners.closed());
    tell(ListenerEvent.Kind.OPENED, listeners.opened());
  }

  private void tell(ListenerEvent.Kind kind, List<InetSocketAddress> addresses) {
    addresses.forEach(at -> tell(new ListenerEvent(kind, at)));
  }

  /** Has this told with the next {@link #deliver}. */
  private void tell(ProxyEvent event) {
    outbox.add(() -> parts().events.happened(event));
  }

  /** Tells what has happened, without any lock: whoever is told may reload or stop the proxy. */
  void deliver() {
    outbox.deliver();
  }

  /** What it is made of at present. */
  private Parts parts() {
    return engine.serving().parts();
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
      engine.ownListeners().readInterfaces();
      startAdmin();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    report.show();
    MountedHandler handler = new MountedHandler(engine::context, mounted, () -> stopped);
    handlers.add(handler);
    return handler;
  }

  // ---- while it runs

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

  /** Where it listens; nowhere if it is only mounted. */
  List<InetSocketAddress> boundAddresses() {
    return started ? server.addresses() : List.of();
  }

  /** Where the admin listener listens; empty if there is none, or not yet. */
  public Optional<InetSocketAddress> adminAddress() {
    return admin == null ? Optional.empty() : admin.address();
  }

  /** Our name in Via and Proxy-Status. */
  public String viaName() {
    return engine.serving().via().name();
  }

  /** What the proxy is doing and has done, as numbers; on any thread, without waiting for any. */
  public ProxyFigures figures() {
    return report.figures();
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
   * What the admin listener tells of this direction, and does with it.
   *
   * @param figures what exchanges had to do with routes and endpoints
   */
  protected List<AdminResource> adminResources(FigureRecorder figures) {
    return List.of();
  }

  /** The settings as the admin listener shows them. */
  protected Record shownConfiguration() {
    return engine.serving().settings();
  }

  /** What would be served before anything else is asked, or null. */
  protected final @Nullable OwnResponse page(ClientRequest request) {
    return engine.serving().snapshot().plugins().pages().page(request);
  }

  /** Why the request would be refused before a route is looked for, or null. */
  protected final @Nullable Failure refuses(ClientRequest request) {
    return engine.serving().snapshot().plugins().access().refuses(request);
  }

  /**
   * What the cache would do with a request, which has no content, on {@code route}: nothing is
   * counted, and nobody is asked but the store. One that has not answered within {@code
   * fillTimeout} has nothing, as for an exchange.
   */
  protected final CompletionStage<CacheExplanation> explainCache(
      ClientRequest request, Route route) {
    return report.explainCache(request, route);
  }

  /**
   * Closes the files of access logs and opens them anew by their names. Whoever moves them away
   * need not call it: that is noticed with the next lines.
   */
  public void reopenLogs() {
    parts().logs.forEach(AccessLog::reopen);
  }

  /**
   * Reads the files of certificates, keys, authorities and revocation lists again, as happens by
   * itself when they change: those of listeners and those for upstreams. What is new counts for new
   * handshakes. It blocks.
   *
   * @throws InvalidSettingsException with everything that cannot be read, and stays as it was
   */
  public void reloadCertificates() {
    engine.serving().certificates().reloadAll();
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

  // ---- other settings while it runs

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
    reloads.reload(described);
  }

  /**
   * {@linkplain #reload(Supplier) Reloads} what {@code said} reads in JSON.
   *
   * @param path where the settings stand there, {@code $} or {@code $.reverse}: that is in front of
   *     what turns out to be wrong when they are put to use
   * @param said reads the settings; it may throw what is wrong with them
   * @param described the parts that settings say
   */
  protected final <S> void reload(String path, Supplier<S> said, Function<S, Parts> described) {
    reloads.reload(path, said, described);
  }

  /**
   * Looks at {@code file} once a second from now on, or from the start of this proxy, and
   * {@linkplain #reload reloads} it: at the first look if it is not what the proxy serves by, and
   * whenever it or a file of a secret that it names has been written, or touched, and has been the
   * same for one more look. A file that is wrong changes nothing; the log says so once. Ends with
   * the proxy. One that is only mounted has no threads of its own, and looks from its first request
   * on.
   *
   * @param path where the settings stand in the file
   * @param said what stands there, read anew each time, on a thread that may block; it may throw
   *     what is wrong with it
   * @param served what the proxy serves by
   * @param described the parts that settings say
   */
  protected final <S extends Record> void watch(
      Path file, String path, Supplier<S> said, Supplier<S> served, Function<S, Parts> described) {
    SettingsWatch<S> watch = reloads.watch(file, path, said, served, described, engine.files());
    synchronized (this) {
      requireNotStopped();
      reloads.add(watch);
      engine.always(watch);
    }
  }

  /**
   * {@linkplain #reload(Supplier) Reloads} the files that are watched, whether they have changed or
   * not.
   *
   * @throws IllegalStateException if there are none
   */
  void reloadWatched() {
    reloads.reloadWatched();
  }

  /**
   * {@linkplain #reload(Supplier) Reloads} what {@code settings} say of this direction.
   *
   * @throws IllegalStateException if this proxy has none in JSON
   */
  protected void reload(JsonDocument settings) {
    throw new IllegalStateException("the settings of this proxy are none in JSON");
  }

  /** Serves by {@code parts} from now on. Whatever may fail comes before the first change. */
  synchronized void change(Parts parts) {
    requireNotStopped();
    Serving next = engine.next(parts);
    Server.Change listeners = listeners(parts);
    parts.kept.afterwards().forEach(outbox::add);
    try {
      engine.become(next);
      takeToken(parts.admin);
      report.show();
    } catch (RuntimeException | Error e) {
      if (listeners != null) {
        listeners.giveUp();
      }
      throw e;
    }
    if (listeners != null) {
      listenOn(listeners);
      engine.startWork();
    }
    tell(new SettingsEvent(SettingsEvent.Kind.RELOADED, List.of()));
  }

  /** Other settings were refused: of one that has been stopped, that is no event. */
  synchronized void refused(List<String> why) {
    if (!stopped) {
      tell(new SettingsEvent(SettingsEvent.Kind.REFUSED, why));
    }
  }

  private void takeToken(@Nullable AdminListener next) {
    if (admin != null && next != null) {
      admin.takeToken(next);
    }
  }

  /** Null if it does not listen itself. */
  private Server.@Nullable Change listeners(Parts parts) {
    XnioWorker threads = engine.ioThreads();
    try {
      return threads == null ? null : bound(threads, parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  void requireNotStopped() {
    if (stopped) {
      throw new IllegalStateException("the proxy has been stopped");
    }
  }

  /** What stays when other settings come. */
  Kept kept() {
    return parts().kept;
  }

  // ---- the end

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
      tell(new LifecycleEvent(LifecycleEvent.Kind.DRAINING));
    }
    try {
      deliver();
      tell(ListenerEvent.Kind.CLOSED, server.drain());
      deliver();
      awaitConnections(grace);
    } finally {
      stopNow();
    }
    tell(new LifecycleEvent(LifecycleEvent.Kind.STOPPED));
    deliver();
  }

  /** Stops without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  private void awaitConnections(Duration grace) {
    long most = TimeUnit.NANOSECONDS.convert(grace); // of what is longer, centuries
    long begun = System.nanoTime();
    try {
      while (isBusy() && System.nanoTime() - begun < most) {
        TimeUnit.MILLISECONDS.sleep(STOP_POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isBusy() {
    return server.connections() + mounted.get() > 0
        || engine.pipelines().stream().anyMatch(Pipeline::isFillRead);
  }

  private void stopNow() {
    synchronized (this) {
      stopped = true;
    }
    Engine.ENDING.run(server::close);
    if (admin != null) {
      Engine.ENDING.run(admin::close);
    }
    Engine.ENDING.run(() -> handlers.forEach(MountedHandler::closeAll));
    Engine.ENDING.run(engine::stop);
  }

  /** What a proxy is made of; builders put it together. */
  public static final class Parts {
    final ProxySettings settings;
    final Plugins plugins;
    final NameResolver names;
    final UpstreamTlsSources tls;
    final @Nullable HttpCache httpCache;
    final @Nullable ResponseCache cache;
    final List<Optional<ServerTls>> serverTls;
    final Kept kept;
    final EventListener events;
    final List<AccessLog> logs;
    final @Nullable ExchangeObserver observer;
    final @Nullable AdminListener admin;

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
  }
}
