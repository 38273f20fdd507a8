package io.tidegate.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Tls;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

class ConnectorTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private XnioWorker io;
  private OriginServer origin;

  @BeforeEach
  void start() throws Exception {
    io = Xnio.getInstance().createWorker(OptionMap.create(Options.WORKER_IO_THREADS, 1));
    origin = OriginServer.startTls(Tls.server());
  }

  @AfterEach
  void stop() throws Exception {
    io.shutdownNow();
    io.awaitTermination(10, TimeUnit.SECONDS);
    threads.shutdownNow();
    origin.close();
  }

  /** How a connection to {@code host} fails if it resolves to the origin. */
  private Failure failure(String host) {
    AddressResolver resolver =
        new AddressResolver(
            name -> new InetAddress[] {InetAddress.getLoopbackAddress()},
            threads,
            System::currentTimeMillis,
            UpstreamSettings.DEFAULT.nameTtl());
    Connector connector = new Connector(resolver, UpstreamSettings.DEFAULT, Tls.client(), threads);
    Destination destination = new Destination(true, host, origin.port(), null);
    CompletableFuture<Failure> failed = new CompletableFuture<>();
    XnioIoThread thread = io.getIoThread();
    thread.execute(
        () ->
            connector.connect(
                new IoLoop(thread, InstantSource.system(), System::nanoTime),
                destination,
                address -> null,
                new Completion<>() {
                  @Override
                  public void completed(UpstreamConnection connection) {
                    failed.completeExceptionally(new AssertionError("connected"));
                  }

                  @Override
                  public void failed(Failure failure) {
                    failed.complete(failure);
                  }
                }));
    return failed.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Its certificate is looked at like any other: it is one for another host. */
  @Test
  void aNameThatCannotBeSaidInTheHandshakeIsDialledWithoutSayingIt() {
    assertEquals(ProxyError.TLS_CERTIFICATE_ERROR, failure("a_b.example").error());
  }
}
