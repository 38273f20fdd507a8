package io.tidegate.core;

import io.tidegate.core.cache.CacheExplanation;
import io.tidegate.core.connect.AddressResolver;
import io.tidegate.core.connect.Connector;
import io.tidegate.core.connect.OwnListeners;
import io.tidegate.core.connect.UpstreamPool;
import io.tidegate.core.exchange.BackgroundUpstreams;
import io.tidegate.core.exchange.Buffering;
import io.tidegate.core.exchange.CacheLook;
import io.tidegate.core.exchange.Pipeline;
import io.tidegate.core.exchange.ResponseCache;
import io.tidegate.core.header.Via;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.server.Listener;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.server.MountedHandler;
import io.tidegate.core.server.Server;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.core.spool.Spools;
import io.tidegate.core.tls.CertificateWatch;
import io.tidegate.core.tls.Reloadable;
import io.tidegate.core.tls.ServerTls;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
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
  private static final int NAME_THREADS = 32;
  private static final int TLS_THREADS = 4;
  private static final int FILE_THREADS = 4;
  private static final int WORKER_QUEUE = 1000;
  private static final int ANY_QUEUE = Integer.MAX_VALUE;
  private static final long STOP_POLL_MILLIS = 20;

  private final ProxySettings settings;
  private final Plugins plugins;
  private final List<Optional<ServerTls>> serverTls;
  private final CertificateWatch certificates;
  private final @Nullable ResponseCache cache;
  private final Via via;
  private final ExecutorService names = threads("tidegate-names", NAME_THREADS, WORKER_QUEUE);

  // A connection waits for one computation at a time, and no longer than its handshake may take.
  private final ExecutorService ofClients = threads("tidegate-tls", TLS_THREADS, ANY_QUEUE);
  private final ExecutorService ofUpstreams = threads("tidegate-tls-up", TLS_THREADS, ANY_QUEUE);

  private final ExecutorService files = threads("tidegate-files", FILE_THREADS, ANY_QUEUE);
  private final AddressResolver resolver;
  private final Spools spools;
  private final Connector connector;
  private final Map<XnioIoThread, Pipeline> pipelines = new ConcurrentHashMap<>();
  private final Server server;
  private final OwnListeners own = new OwnListeners();
  private @Nullable XnioWorker worker;
  private final List<MountedHandler> handlers = new CopyOnWriteArrayList<>();
  private final AtomicInteger mounted = new AtomicInteger();

  /** The loop of the background work, if it has been started. */
  private final AtomicReference<@Nullable IoLoop> working = new AtomicReference<>();

  private volatile boolean stopped;

  /** What a proxy is made of; builders put it together. */
  public static final class Parts {
    private final ProxySettings settings;
    private final Plugins plugins;
    private final NameResolver names;
    private final UpstreamTlsSources tls;
    private final @Nullable ResponseCache cache;
    private final List<Optional<ServerTls>> serverTls;

    /** {@code serverTls} has one for each listener that speaks it, in their order. */
    Parts(
        ProxySettings settings,
        Plugins plugins,
        NameResolver names,
        UpstreamTlsSources tls,
        @Nullable ResponseCache cache,
        List<Optional<ServerTls>> serverTls) {
      this.settings = settings;
      this.plugins = plugins;
      this.names = names;
      this.tls = tls;
      this.cache = cache;
      this.serverTls = List.copyOf(serverTls);
    }
  }

  /** A stopped proxy, made of what its builder has put together. */
  protected Proxy(Parts parts) {
    this.settings = parts.settings;
    this.serverTls = parts.serverTls;
    this.certificates = new CertificateWatch(reloadable(serverTls, parts.tls), files);
    this.plugins = certificates.isNeeded() ? parts.plugins.with(certificates) : parts.plugins;
    this.cache = parts.cache;
    this.spools = new Spools(settings.spool(), files, new SecureRandom());
    this.via = new Via(settings.viaName().orElseGet(Proxy::madeUpName));
    this.resolver =
        new AddressResolver(
            parts.names,
            names,
            NAME_THREADS,
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
            settings.upstream().nameTtl(),
            settings.upstream().maxLookupsPerClient());
    this.connector = new Connector(resolver, parts.tls.own(), ofUpstreams, via.entry());
    this.server = new Server(settings.server(), this::context);
  }

  private static List<Reloadable> reloadable(
      List<Optional<ServerTls>> listeners, UpstreamTlsSources upstreams) {
    Stream<Reloadable> ofListeners =
        listeners.stream()
            .flatMap(Optional::stream)
            .filter(Reloadable.class::isInstance)
            .map(Reloadable.class::cast);
    return Stream.concat(ofListeners, upstreams.files().stream()).toList();
  }

  /**
   * Binds the listeners and serves.
   *
   * @return this proxy
   * @throws UncheckedIOException if an address cannot be listened on; the message says which and
   *     why. Then none is.
   */
  public synchronized Proxy start() {
    if (worker != null || stopped) {
      throw new IllegalStateException(
          stopped ? "the proxy has been stopped" : "the proxy is running already");
    }
    try {
      XnioWorker threads = ioThreads();
      worker = threads;
      own.readInterfaces();
      for (int i = 0; i < settings.listeners().size(); i++) {
        ListenerSettings listener = settings.listeners().get(i);
        server.listen(threads, resolved(listener), listener, serverTls.get(i).orElse(null));
      }
      server.addresses().forEach(own::add);
      XnioIoThread first = threads.getIoThread(0);
      if (!plugins.background().isEmpty()) {
        first.execute(() -> startWork(first)); // it does not wait for a request
      }
    } catch (IOException e) {
      stopNow();
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return this;
  }

  private static InetSocketAddress resolved(ListenerSettings listener) {
    return listener
        .host()
        .map(host -> new InetSocketAddress(host, listener.port()))
        .orElseGet(() -> new InetSocketAddress(listener.port()));
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
    List<InetSocketAddress> bound = addresses();
    return IntStream.range(0, bound.size())
        .filter(i -> settings.listeners().get(i).speaks(protocol))
        .mapToObj(bound::get)
        .findFirst();
  }

  /**
   * Reads the files of certificates, keys, authorities and revocation lists again, as happens by
   * itself when they change: those of listeners and those for upstreams. What is new counts for new
   * handshakes. It blocks.
   *
   * @throws InvalidSettingsException with everything that cannot be read, and stays as it was
   */
  public void reloadCertificates() {
    certificates.reloadAll();
  }

  /** Our name in Via and Proxy-Status. */
  public String viaName() {
    return via.name();
  }

  /**
   * This proxy as a handler for an application's own Undertow. The application's listeners decide
   * about limits and time-outs of client connections and heads; content, upstreams and the exchange
   * itself have ours. A client that goes away while it waits is noticed when it is written to.
   * Close the proxy before the server it is mounted on.
   */
  public HttpHandler handler() {
    try {
      own.readInterfaces();
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
    MountedHandler handler = new MountedHandler(this::context, mounted, () -> stopped);
    handlers.add(handler);
    return handler;
  }

  /** What would be served before anything else is asked, or null. */
  protected final @Nullable OwnResponse page(ClientRequest request) {
    return plugins.pages().page(request);
  }

  /** Why the request would be refused before a route is looked for, or null. */
  protected final @Nullable Failure refuses(ClientRequest request) {
    return plugins.access().refuses(request);
  }

  /**
   * What the cache would do with a request, which has no content, on {@code route}: nothing is
   * counted, and nobody is asked but the store. One that has not answered within {@code
   * fillTimeout} has nothing, as for an exchange.
   */
  protected final CompletionStage<CacheExplanation> explainCache(
      ClientRequest request, Route route) {
    ResponseCache asked = cache;
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
    server.drain();
    awaitConnections(System.nanoTime() + grace.toNanos());
    stopNow();
  }

  /** Stops without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
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
                  stopBackground(pipeline.loop());
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

  private Pipeline pipeline(XnioIoThread thread) {
    return pipelines.computeIfAbsent(
        thread,
        key -> {
          IoLoop loop =
              new IoLoop(
                  key, InstantSource.system(), System::nanoTime, RandomGenerator.getDefault());
          Buffering buffering = new Buffering(settings.buffering(), spools);
          UpstreamPool pool = new UpstreamPool(loop, connector, settings.upstream());
          startBackground(loop);
          return new Pipeline(loop, pool, own, plugins, settings.exchange(), buffering, cache, via);
        });
  }

  private void startWork(XnioIoThread thread) {
    if (!stopped) {
      pipeline(thread);
    }
  }

  /** Starts the background work on the first thread there is. */
  private void startBackground(IoLoop loop) {
    if (!plugins.background().isEmpty() && working.compareAndSet(null, loop)) {
      Upstreams upstreams = new BackgroundUpstreams(loop, connector, resolver);
      plugins.background().forEach(work -> loop.later(() -> work.start(upstreams)));
    }
  }

  private void stopBackground(IoLoop loop) {
    if (working.get() == loop) {
      plugins.background().forEach(Background::stop);
    }
  }

  private XnioWorker ioThreads() throws IOException {
    int count =
        settings.ioThreads() > 0
            ? settings.ioThreads()
            : Runtime.getRuntime().availableProcessors();
    return Xnio.getInstance(Proxy.class.getClassLoader())
        .createWorker(
            OptionMap.builder()
                .set(Options.WORKER_NAME, "tidegate")
                .set(Options.WORKER_IO_THREADS, count)
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

  /** The trust and keys of the platform. */
  static UpstreamTls platformTls() {
    try {
      return UpstreamTls.of(SSLContext.getDefault());
    } catch (NoSuchAlgorithmException e) {
      throw new InvalidSettingsException(
          List.of("upstreamTls: the platform has none (" + e.getMessage() + ")"));
    }
  }

  private static String madeUpName() {
    return "tidegate-" + Long.toString(RandomGenerator.getDefault().nextLong(1L << 40), 36);
  }
}
