package io.tidegate.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.Path;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.testkit.Logged;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Tls;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

class ConnectorTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @RegisterExtension private final Logged logged = Logged.by(Connecting.class);
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

  /** The address that a connection to {@code host} of the origin's port was made to. */
  private UpstreamTls tls = UpstreamTls.of(Tls.client());

  private Path path = Path.DIRECT;

  private CompletableFuture<InetAddress> connect(
      NameResolver.Lookup lookup,
      Duration timeout,
      boolean secure,
      String host,
      Connector.AddressCheck check) {
    AddressResolver resolver =
        new AddressResolver(
            NameResolver.blocking(lookup),
            threads,
            4,
            System::currentTimeMillis,
            UpstreamSettings.DEFAULT.nameTtl(),
            10);
    Connector connector = new Connector(resolver, tls, threads, "1.1 gate");
    Destination destination = new Destination(secure, host, origin.port(), null, null, path);
    CompletableFuture<InetAddress> outcome = new CompletableFuture<>();
    XnioIoThread thread = io.getIoThread();
    thread.execute(
        () -> {
          IoLoop loop =
              new IoLoop(
                  thread, InstantSource.system(), System::nanoTime, RandomGenerator.getDefault());
          connector.connect(
              loop,
              destination,
              timeout,
              check,
              new Completion<>() {
                @Override
                public void completed(UpstreamConnection connection) {
                  connection.close();
                  loop.close();
                  outcome.complete(connection.address());
                }

                @Override
                public void failed(Failure failure) {
                  loop.close();
                  outcome.completeExceptionally(new FailedException(failure));
                }
              });
        });
    return outcome.orTimeout(10, TimeUnit.SECONDS);
  }

  private CompletableFuture<InetAddress> connect(NameResolver.Lookup lookup) {
    return connect(lookup, LONG, false, "a.example", address -> null);
  }

  private static final class FailedException extends Exception {
    private static final long serialVersionUID = 1;
    private final ProxyError error;
    private final int status;

    FailedException(Failure failure) {
      super(failure.detail());
      this.error = failure.error();
      this.status = failure.status();
    }
  }

  private static ProxyError failure(CompletableFuture<?> outcome) {
    return failed(outcome).error;
  }

  private static FailedException failed(CompletableFuture<?> outcome) {
    Throwable cause = assertThrows(CompletionException.class, outcome::join).getCause();
    return assertInstanceOf(FailedException.class, cause);
  }

  /** Addresses of the loopback network; the origin listens on 127.0.0.1 alone. */
  private static InetAddress[] loopback(int... last) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[last.length];
    for (int i = 0; i < last.length; i++) {
      addresses[i] = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last[i]});
    }
    return addresses;
  }

  @Test
  void theNextAddressIsDialledWhenOneRefuses() throws Exception {
    assertEquals(loopback(1)[0], connect(name -> loopback(2, 3, 1)).join());
  }

  @Test
  void noAddressIsDialledThatMayNotBe() throws Exception {
    Failure refusal = Failure.of(ProxyError.DESTINATION_IP_PROHIBITED, "not there");
    InetAddress origins = loopback(1)[0];
    Connector.AddressCheck check = address -> address.equals(origins) ? refusal : null;
    assertEquals(
        ProxyError.CONNECTION_REFUSED,
        failure(connect(name -> loopback(1, 2), LONG, false, "a.example", check)));
    assertEquals(
        ProxyError.DESTINATION_IP_PROHIBITED,
        failure(connect(name -> loopback(1), LONG, false, "a.example", check)));
    assertEquals(0, origin.connections());
  }

  /** An interface may have lost it since the proxy was built. */
  @Test
  void anAddressThatIsNoLongerOursCannotBeDialledFrom() throws Exception {
    Inet4Address another =
        (Inet4Address) InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    path = Path.from(new Path.Source(another, null));
    FailedException failed = failed(connect(name -> loopback(1)));
    assertEquals(ProxyError.PROXY_CONFIGURATION_ERROR, failed.error);
    assertEquals(502, failed.status);
  }

  @Test
  void aNameWithoutAnyAddressIsADnsError() {
    assertEquals(ProxyError.DNS_ERROR, failure(connect(name -> loopback())));
  }

  @Test
  void aNameThatIsNotResolvedInTimeIsADnsTimeout() {
    CountDownLatch over = new CountDownLatch(1);
    NameResolver.Lookup silent =
        name -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return loopback(1);
        };
    assertEquals(
        ProxyError.DNS_TIMEOUT,
        failure(connect(silent, Duration.ofMillis(300), false, "a.example", address -> null)));
    over.countDown();
  }

  /** Its certificate is looked at like any other: it is one for another host. */
  @Test
  void aNameThatCannotBeSaidInTheHandshakeIsDialledWithoutSayingIt() {
    assertEquals(
        ProxyError.TLS_CERTIFICATE_ERROR,
        failure(connect(name -> loopback(1), LONG, true, "a_b.example", address -> null)));
  }

  /** Trust that is not there yet. */
  private static UpstreamTls unready(Supplier<SSLContext> made) {
    return new UpstreamTls(
        new UpstreamTls.Source() {
          @Override
          public boolean isReady() {
            return false;
          }

          @Override
          public SSLContext context() {
            return made.get();
          }
        },
        null);
  }

  private CompletableFuture<InetAddress> connectSecurely() {
    return connect(host -> loopback(1), LONG, true, "localhost", address -> null);
  }

  @Test
  void trustThatIsNotReadyIsMadeOffTheIoThread() {
    Queue<Thread> makers = new ConcurrentLinkedQueue<>();
    tls =
        unready(
            () -> {
              makers.add(Thread.currentThread());
              return Tls.client();
            });
    connectSecurely().join();
    assertFalse(makers.remove() instanceof XnioIoThread);
  }

  /** As the platform has it whose file of authorities is not there. */
  private static UpstreamTls trustingNobody() throws GeneralSecurityException, IOException {
    KeyStore nobody = KeyStore.getInstance(KeyStore.getDefaultType());
    nobody.load(null, null);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(nobody);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return UpstreamTls.of(context);
  }

  @Test
  void trustThatCannotBeUsedIsAFaultOfOurOwnAndToldInTheLogOnce() throws Exception {
    UpstreamTls none =
        unready(
            () -> {
              throw new IllegalStateException("none");
            });
    for (UpstreamTls unusable : List.of(none, none, trustingNobody())) {
      tls = unusable;
      assertEquals(ProxyError.PROXY_CONFIGURATION_ERROR, failure(connectSecurely()));
    }
    assertEquals(
        List.of("SEVERE TLS with upstreams is impossible by the trust or keys of our own"),
        logged.lines());
  }
}
