package io.tidegate.core;

import io.tidegate.core.connect.AddressResolver;
import io.tidegate.core.connect.Connector;
import io.tidegate.core.connect.OwnListeners;
import io.tidegate.core.connect.UpstreamPool;
import io.tidegate.core.connect.UpstreamSettings;
import io.tidegate.core.exchange.Pipeline;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.log.AccessLog;
import io.tidegate.core.server.Listener;
import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Guard;
import io.tidegate.core.spi.InvalidSettingsException;
import io.tidegate.core.spool.Spools;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/**
 * What a proxy works with from its beginning to its end, whatever it serves by: a pipeline on each
 * IO thread, the way to upstreams, temporary files, and what is done beside. It is started, changed
 * and stopped by one thread at a time, and serves on any.
 */
final class Engine {
  /** Runs each step of an end, whatever became of those before. */
  static final Guard ENDING =
      new Guard(
          System.getLogger(Engine.class.getName()),
          Level.ERROR,
          "a part of the proxy could not be stopped for an internal error");

  private volatile Serving serving;
  private final BooleanSupplier stopped;
  private final WorkerThreads workers = new WorkerThreads();
  private final OwnListeners ownListeners = new OwnListeners();
  private final AddressResolver resolver;
  private final Spools spools;
  private final Connector connector;
  private final BackgroundWork work;
  private final List<Background> always = new CopyOnWriteArrayList<>();
  private final Map<XnioIoThread, Pipeline> pipelines = new ConcurrentHashMap<>();
  private final RetiredListeners retired = new RetiredListeners();
  private volatile @Nullable XnioWorker ioThreads;

  /**
   * An engine without IO threads as yet.
   *
   * @param stopped whether nothing is to begin any more
   */
  Engine(Proxy.Parts parts, BooleanSupplier stopped) {
    this.stopped = stopped;
    this.serving = Serving.first(parts, workers.files());
    UpstreamSettings upstream = parts.settings.upstream();
    this.spools = new Spools(parts.settings.spool(), workers.files(), new SecureRandom());
    this.resolver =
        new AddressResolver(
            parts.names,
            workers.names(),
            WorkerThreads.NAME_THREADS,
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
            upstream.nameTtl(),
            upstream.maxLookupsPerClient());
    this.connector =
        new Connector(resolver, parts.tls.own(), workers.ofUpstreams(), serving.via().entry());
    this.work = new BackgroundWork(connector, resolver);
    wantWork();
  }

  // ---- IO threads of its own, and those that others give

  /** Makes the IO threads of a proxy that listens itself. */
  XnioWorker start() throws IOException {
    XnioWorker threads =
        Xnio.getInstance(Engine.class.getClassLoader())
            .createWorker(
                OptionMap.builder()
                    .set(Options.WORKER_NAME, "tidegate")
                    .set(Options.WORKER_IO_THREADS, serving.ioThreads())
                    .set(Options.WORKER_TASK_CORE_THREADS, 1)
                    .set(Options.WORKER_TASK_MAX_THREADS, 1)
                    .set(Options.THREAD_DAEMON, false)
                    .getMap());
    ioThreads = threads;
    return threads;
  }

  /** The IO threads; null as long as it has none of its own. */
  @Nullable XnioWorker ioThreads() {
    return ioThreads;
  }

  /** What a connection on {@code thread} is served with; on that thread. */
  Listener.Context context(XnioIoThread thread) {
    Pipeline pipeline = pipeline(thread);
    return new Listener.Context(pipeline.loop(), pipeline, workers.ofClients());
  }

  private Pipeline pipeline(XnioIoThread thread) {
    Pipeline known = pipelines.get(thread);
    return known == null ? begin(thread) : known;
  }

  private Pipeline begin(XnioIoThread thread) {
    IoLoop loop =
        new IoLoop(thread, InstantSource.system(), System::nanoTime, RandomGenerator.getDefault());
    UpstreamPool pool = new UpstreamPool(loop, connector, serving.settings().upstream());
    Pipeline pipeline = new Pipeline(loop, pool, ownListeners, spools, () -> serving.snapshot());
    pipelines.put(thread, pipeline);
    pool.change(serving.settings().upstream()); // should they have been reloaded meanwhile
    work.begin(loop);
    return pipeline;
  }

  // ---- what is done beside

  /** Does this too from now on, whatever is served by. */
  void always(Background task) {
    always.add(task);
    wantWork();
    startWork();
  }

  /** What is done beside does not wait for a request, if there are IO threads. */
  void startWork() {
    XnioWorker threads = ioThreads;
    if (threads != null && !background().isEmpty()) {
      XnioIoThread first = threads.getIoThread(0);
      first.execute(() -> beginUnlessStopped(first));
    }
  }

  private void beginUnlessStopped(XnioIoThread thread) {
    try {
      if (!stopped.getAsBoolean()) {
        pipeline(thread);
      }
    } catch (RejectedExecutionException e) {
      if (!stopped.getAsBoolean()) { // else the thread ends meanwhile, and there is nothing to do
        throw e;
      }
    }
  }

  private void wantWork() {
    work.want(background());
  }

  private List<Background> background() {
    List<Background> all = serving.background();
    all.addAll(always);
    return all;
  }

  // ---- what is served by

  /** What is served by now. */
  Serving serving() {
    return serving;
  }

  /**
   * What would be served by if {@code parts} were next; nothing changes.
   *
   * @throws InvalidSettingsException if they cannot be, as long as the proxy runs
   */
  Serving next(Proxy.Parts parts) {
    return serving.next(parts, ioThreads != null, workers.files());
  }

  /** Serves by {@code next} from now on: what is equal to what it was is not touched. */
  void become(Serving next) {
    Serving before = serving;
    UpstreamSettings upstream = next.settings().upstream();
    next.parts().kept.commit();
    connector.change(next.parts().tls.own(), next.via().entry());
    resolver.change(upstream.nameTtl(), upstream.maxLookupsPerClient());
    spools.change(next.settings().spool());
    retired.change(before.listeners(), next.listeners());
    serving = next;
    retire(before.parts().logs, next.parts().logs);
    boolean otherTls = !before.parts().tls.own().equals(next.parts().tls.own());
    if (otherTls || !before.settings().upstream().equals(upstream)) {
      pipelines.values().forEach(pipeline -> changeLater(pipeline.pool(), pipeline.loop()));
    }
    wantWork();
  }

  /** Exchanges under way still write to a log that no longer is one of the proxy's. */
  private static void retire(List<AccessLog> before, List<AccessLog> now) {
    before.stream().filter(log -> !now.contains(log)).forEach(AccessLog::retire);
  }

  private void changeLater(UpstreamPool pool, IoLoop loop) {
    try {
      loop.run(() -> pool.change(serving.settings().upstream()));
    } catch (RejectedExecutionException e) {
      // the application has stopped its server first, and its threads
    }
  }

  // ---- the end

  /** Ends whatever is under way, and all threads; takes some seconds at most. */
  void stop() {
    ENDING.run(this::stopServing);
    ENDING.run(this::stopIoThreads);
    serving.watchers().forEach(watcher -> ENDING.run(watcher::end));
    ENDING.run(this::closeLogs);
    workers.stopFiles();
  }

  /** A timer that outlives its thread complains in the log. */
  private void stopServing() {
    CountDownLatch ended = stopPipelines();
    workers.stopConnecting();
    try {
      ended.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Counts down to zero when all have stopped. */
  private CountDownLatch stopPipelines() {
    CountDownLatch ended = new CountDownLatch(pipelines.size());
    for (Pipeline pipeline : pipelines.values()) {
      try {
        pipeline
            .loop()
            .run(
                () -> {
                  work.end(pipeline.loop());
                  pipeline.stop();
                  ended.countDown();
                });
      } catch (RejectedExecutionException e) {
        ended.countDown(); // the application has stopped its server first, and its threads
      }
    }
    return ended;
  }

  /** Ends the IO threads it has made itself, if any; takes some seconds at most. */
  void stopIoThreads() {
    XnioWorker threads = ioThreads;
    if (threads == null) {
      return;
    }
    ioThreads = null;
    threads.shutdown();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeLogs() {
    AccessLog.closeAll(
        Stream.concat(serving.parts().logs.stream(), retired.logs().stream()).distinct().toList());
  }

  // ---- to look at

  /** The addresses that the proxy listens on itself. */
  OwnListeners ownListeners() {
    return ownListeners;
  }

  /** One for each IO thread that has had something to do. */
  Collection<Pipeline> pipelines() {
    return pipelines.values();
  }

  /** Who reads and writes files: it may block. */
  Executor files() {
    return workers.files();
  }

  AddressResolver resolver() {
    return resolver;
  }

  Spools spools() {
    return spools;
  }

  /** The listeners of what was served by before. */
  RetiredListeners retired() {
    return retired;
  }
}
