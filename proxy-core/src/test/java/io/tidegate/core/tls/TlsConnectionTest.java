package io.tidegate.core.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.testkit.Tls;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TlsConnectionTest {
  private static final int SMALL_READS = 300;
  private static final int ANY_READS = 70_000;
  private static final int TIMEOUT = 20_000;

  /** Who has made the engine, and the version that is spoken. */
  record Kind(SSLContext server, String provider, String version) {
    SSLEngine engine() {
      SSLEngine engine = server.createSSLEngine();
      engine.setUseClientMode(false);
      TlsProvider.resumable(engine);
      engine.setEnabledProtocols(new String[] {version});
      return engine;
    }

    @Override
    public String toString() {
      return provider + " " + version;
    }
  }

  static Stream<Kind> kinds() throws GeneralSecurityException {
    SSLContext jdk = TlsProvider.JDK.context(Tls.serverKeys(), null);
    SSLContext fastest = TlsProvider.FASTEST.context(Tls.serverKeys(), null);
    return Stream.of(
        new Kind(jdk, "JDK", "TLSv1.3"),
        new Kind(jdk, "JDK", "TLSv1.2"),
        new Kind(fastest, "Conscrypt", "TLSv1.3"),
        new Kind(fastest, "Conscrypt", "TLSv1.2"));
  }

  static Stream<Kind> kindsOfTls13() throws GeneralSecurityException {
    return kinds().filter(kind -> kind.version.equals("TLSv1.3"));
  }

  static Stream<Kind> kindsOfTls12() throws GeneralSecurityException {
    return kinds().filter(kind -> kind.version.equals("TLSv1.2"));
  }

  private static SSLSocket connect(EchoServer server) throws IOException {
    return over(new Socket(server.address().getAddress(), server.address().getPort()));
  }

  private static SSLSocket over(Socket plain) throws IOException {
    return over(plain, Tls.client());
  }

  private static SSLSocket over(Socket plain, SSLContext clients) throws IOException {
    plain.setSoTimeout(TIMEOUT);
    return (SSLSocket)
        clients.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
  }

  private static EchoServer.End end(EchoServer server) throws InterruptedException {
    return server.ends.poll(20, TimeUnit.SECONDS);
  }

  /** How many buffers of {@code size} are in use. */
  private static int lent(EchoServer server, int size) throws Exception {
    return server.ask(loop -> loop.buffers(size).lent());
  }

  private static byte[] octets(int count) {
    byte[] octets = new byte[count];
    new Random(count).nextBytes(octets);
    return octets;
  }

  private static void send(SSLSocket client, byte[] octets) {
    try {
      OutputStream out = client.getOutputStream();
      Random random = new Random(3);
      for (int at = 0; at < octets.length; ) {
        int n = Math.min(octets.length - at, 1 + random.nextInt(random.nextInt(40_000) + 1));
        out.write(octets, at, n);
        at += n;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void echo(EchoServer server, int count) throws Exception {
    byte[] octets = octets(count);
    try (SSLSocket client = connect(server)) {
      client.startHandshake();
      CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(client, octets));
      assertArrayEquals(octets, client.getInputStream().readNBytes(count));
      sent.get(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void megabytesComeBackAsTheyWere(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS)) {
      echo(server, 5_000_000);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void recordsAreReadInPartsWhereThereIsNoRoom(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, SMALL_READS)) {
      echo(server, 200_000);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void oneWhoReadsLateGetsEverything(Kind kind) throws Exception {
    byte[] octets = octets(4_000_000);
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        SSLSocket client = connect(server)) {
      client.startHandshake();
      CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(client, octets));
      int blocked = lent(server, TlsBuffers.LARGE);
      assertTrue(blocked >= 0 && blocked <= 1, "held: " + blocked);
      assertArrayEquals(octets, client.getInputStream().readNBytes(octets.length));
      sent.get(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anEndIsAnsweredByAnEnd(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        SSLSocket client = connect(server)) {
      client.getOutputStream().write(1);
      assertEquals(1, client.getInputStream().read());
      client.shutdownOutput();
      assertEquals(-1, client.getInputStream().read());
      assertEquals(EchoServer.End.ORDERLY, end(server));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aConnectionThatEndsWithoutAWordIsNoOrderlyEnd(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        Socket plain = new Socket(server.address().getAddress(), server.address().getPort());
        SSLSocket client = over(plain)) {
      client.getOutputStream().write(1);
      assertEquals(1, client.getInputStream().read());
      plain.shutdownOutput();
      assertEquals(EchoServer.End.CUT, end(server));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void octetsThatAreNoRecordEndTheConnectionWithAnAlert(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        Socket plain = new Socket(server.address().getAddress(), server.address().getPort());
        SSLSocket client = over(plain)) {
      client.getOutputStream().write(1);
      assertEquals(1, client.getInputStream().read());
      plain.getOutputStream().write(new byte[] {23, 3, 3, 0, 20});
      plain.getOutputStream().write(octets(20));
      SSLException e = assertThrows(SSLException.class, () -> client.getInputStream().read());
      assertTrue(e.getMessage().contains("bad_record_mac"), e.getMessage());
      assertEquals(EchoServer.End.FAILED, end(server));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aRecordTooLongIsNotWaitedFor(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        Socket plain = new Socket(server.address().getAddress(), server.address().getPort());
        SSLSocket client = over(plain)) {
      client.getOutputStream().write(1);
      assertEquals(1, client.getInputStream().read());
      plain.getOutputStream().write(new byte[] {23, 3, 3, (byte) 0xff, (byte) 0xff});
      assertEquals(EchoServer.End.FAILED, end(server));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anIdleConnectionHoldsNoBuffer(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        SSLSocket client = connect(server)) {
      client.getOutputStream().write(octets(1000));
      client.getInputStream().readNBytes(1000);
      assertEquals(0, lent(server, TlsBuffers.RECORD));
      assertEquals(0, lent(server, TlsBuffers.LARGE));
    }
  }

  @Test
  void theFastestProviderIsConscryptWhereItIs() throws Exception {
    assertEquals("Conscrypt", TlsProvider.FASTEST.context(null, null).getProvider().getName());
    assertEquals("SunJSSE", TlsProvider.JDK.context(null, null).getProvider().getName());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void sessionsAreResumed(Kind kind) throws Exception {
    SSLContext clients = Tls.client();
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS)) {
      long first = createdAt(clients, server);
      assertEquals(first, createdAt(clients, server));
      assertNotEquals(first, createdAt(Tls.client(), server));
    }
  }

  /** When the session of a connection was. */
  private static long createdAt(SSLContext clients, EchoServer server) throws IOException {
    Socket plain = new Socket(server.address().getAddress(), server.address().getPort());
    try (SSLSocket client = over(plain, clients)) {
      client.getOutputStream().write(1);
      assertEquals(1, client.getInputStream().read());
      return client.getSession().getCreationTime();
    }
  }

  @ParameterizedTest
  @MethodSource("kindsOfTls13")
  void keysMayBeUpdated(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        SSLSocket client = connect(server)) {
      for (int i = 0; i < 100; i++) {
        client.startHandshake(); // after the first: an update
        client.getOutputStream().write(i);
        assertEquals(i, client.getInputStream().read());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kindsOfTls13")
  void aFloodOfUpdatesEndsTheConnection(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        SSLSocket client = connect(server)) {
      client.startHandshake();
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 40; i++) {
              client.startHandshake();
            }
            client.getOutputStream().write(1);
            if (client.getInputStream().read() < 0) {
              throw new IOException("closed");
            }
          });
      assertEquals(EchoServer.End.FAILED, end(server));
    }
  }

  @ParameterizedTest
  @MethodSource("kindsOfTls12")
  void nothingIsNegotiatedAgain(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        SSLSocket client = connect(server)) {
      client.getOutputStream().write(1);
      assertEquals(1, client.getInputStream().read());
      client.startHandshake();
      SSLException e = assertThrows(SSLException.class, () -> client.getInputStream().read());
      assertTrue(e.getMessage().contains("Received fatal alert: "), e.getMessage());
      assertEquals(EchoServer.End.FAILED, end(server));
    }
  }

  @Test
  void keysAreNotUsedOnTheIoThread() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    Kind kind =
        new Kind(Tls.server(() -> threads.add(Thread.currentThread().getName())), "", "TLSv1.3");
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        SSLSocket client = connect(server)) {
      client.startHandshake();
      assertEquals(Set.of("computing"), threads);
      assertFalse(threads.contains(server.ioThread()));
    }
  }

  @ParameterizedTest
  @MethodSource("kindsOfTls13")
  void whyAHandshakeFailedIsTold(Kind kind) throws Exception {
    try (EchoServer server = new EchoServer(kind::engine, ANY_READS);
        SSLSocket client = connect(server)) {
      client.setEnabledProtocols(new String[] {"TLSv1.2"});
      SSLException e = assertThrows(SSLException.class, client::startHandshake);
      assertTrue(e.getMessage().contains("protocol_version"), e.getMessage());
      assertEquals(EchoServer.End.REFUSED, end(server));
    }
  }
}
