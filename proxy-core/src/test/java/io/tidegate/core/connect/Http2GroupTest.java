package io.tidegate.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UpstreamHttp;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.testkit.Http2Origin;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Tls;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/** Requests that may not go to the same addresses, and connections that they share. */
class Http2GroupTest {
  private static final Failure REFUSAL =
      Failure.of(ProxyError.DESTINATION_IP_PROHIBITED, "not there");

  private static final Connector.AddressCheck ANYWHERE = address -> null;
  private static final Connector.AddressCheck NOWHERE = address -> REFUSAL;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private XnioWorker io;
  private XnioIoThread thread;
  private IoLoop loop;
  private OriginServer origin;
  private UpstreamPool pool;
  private Destination destination;

  @BeforeEach
  void start() throws Exception {
    io = Xnio.getInstance().createWorker(OptionMap.create(Options.WORKER_IO_THREADS, 1));
    thread = io.getIoThread();
    origin = OriginServer.start();
    origin.onConnection(Http2Origin.answering("ok"));
    destination =
        new Destination(false, "a.example", origin.port(), null).speaking(UpstreamHttp.HTTP_2);
    AddressResolver resolver =
        new AddressResolver(
            NameResolver.blocking(name -> new InetAddress[] {InetAddress.getLoopbackAddress()}),
            threads,
            4,
            System::currentTimeMillis,
            UpstreamSettings.DEFAULT.nameTtl(),
            10);
    Connector connector =
        new Connector(resolver, UpstreamTls.of(Tls.client()), threads, "1.1 gate");
    on(
        () -> {
          loop =
              new IoLoop(
                  thread, InstantSource.system(), System::nanoTime, RandomGenerator.getDefault());
          pool = new UpstreamPool(loop, connector, oneConnection());
          return loop;
        });
  }

  private static UpstreamSettings oneConnection() {
    UpstreamSettings usual = UpstreamSettings.DEFAULT;
    return new UpstreamSettings(
        1,
        usual.maxPending(),
        Duration.ofSeconds(10),
        usual.maxIdle(),
        usual.idleTimeout(),
        usual.maxAge(),
        usual.maxRequests(),
        usual.nameTtl(),
        usual.maxLookupsPerClient(),
        usual.maxStreamsPerConnection(),
        Optional.empty());
  }

  @AfterEach
  void stop() throws Exception {
    on(
        () -> {
          pool.closeIdle();
          loop.close();
          return loop;
        });
    io.shutdownNow();
    io.awaitTermination(10, TimeUnit.SECONDS);
    threads.shutdownNow();
    origin.close();
  }

  private <T> T on(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, thread::execute)
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  /** For the thread of the loop. */
  private CompletableFuture<UpstreamConnection> connect(
      boolean fresh, Connector.AddressCheck check) {
    CompletableFuture<UpstreamConnection> outcome = new CompletableFuture<>();
    pool.connect(
        destination,
        fresh,
        Duration.ofSeconds(10),
        check,
        new Completion<>() {
          @Override
          public void completed(UpstreamConnection connection) {
            outcome.complete(connection);
          }

          @Override
          public void failed(Failure failure) {
            outcome.completeExceptionally(new IllegalStateException(failure.error().token()));
          }
        });
    return outcome;
  }

  private static UpstreamConnection made(CompletableFuture<UpstreamConnection> outcome) {
    return outcome.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static void assertRefused(CompletableFuture<UpstreamConnection> outcome) {
    CompletionException failure = assertThrows(CompletionException.class, () -> made(outcome));
    assertEquals("destination_ip_prohibited", failure.getCause().getMessage());
  }

  @Test
  void whatOneIsRefusedForIsNoMatterOfTheOthers() {
    var both =
        on(
            () -> {
              var refused = connect(false, NOWHERE);
              var permitted = connect(false, ANYWHERE);
              return List.of(refused, permitted);
            });
    assertRefused(both.get(0));
    assertNotNull(made(both.get(1)));
    assertEquals(1, origin.connections());
  }

  @Test
  void aPlaceIsForThoseWhoMayGoThere() {
    UpstreamConnection first = made(on(() -> connect(false, ANYWHERE)));
    assertNull(on(() -> Optional.ofNullable(pool.poll(destination, false, NOWHERE))).orElse(null));
    assertNotNull(
        on(() -> Optional.ofNullable(pool.poll(destination, false, ANYWHERE))).orElse(null));
    assertNotNull(first);
  }

  @Test
  void whoMayNotGoThereHoldsUpNobody() {
    UpstreamConnection first = made(on(() -> connect(false, ANYWHERE)));
    var waits = on(() -> connect(false, NOWHERE)); // for a connection that there may not be
    assertNotNull(
        on(() -> Optional.ofNullable(pool.poll(destination, false, ANYWHERE))).orElse(null));
    assertNotNull(first);
    assertEquals(false, waits.isDone());
  }

  @Test
  void aConnectionOfNoUseMakesRoomForANewOne() {
    UpstreamConnection first = made(on(() -> connect(false, ANYWHERE)));
    on(
        () -> {
          first.close();
          return first;
        });
    assertNotNull(made(on(() -> connect(true, ANYWHERE))));
    assertEquals(2, origin.connections());
  }
}
