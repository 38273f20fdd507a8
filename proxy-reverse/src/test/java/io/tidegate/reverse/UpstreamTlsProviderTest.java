package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.tls.TlsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS to upstreams is the same whoever computes it. */
class UpstreamTlsProviderTest {
  private static SSLContext clients(TlsProvider provider) throws GeneralSecurityException {
    return provider.context(null, Tls.clientTrust());
  }

  private static Proxy start(String uri, TlsProvider provider) throws GeneralSecurityException {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .viaName("gate")
        .upstreamTls(clients(provider))
        .cluster("app", cluster -> cluster.endpoint(uri))
        .route("/**", "app")
        .start();
  }

  @ParameterizedTest
  @EnumSource
  void largeContentPassesBothWays(TlsProvider provider) throws Exception {
    byte[] content = new byte[5_000_000];
    new Random(1).nextBytes(content);
    try (OriginServer origin = OriginServer.startTls(Tls.server());
        Proxy proxy = start("https://" + origin.authority(), provider);
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      origin.onRequest(
          c -> {
            byte[] body = c.readBody();
            c.send(head("HTTP/1.1 200 OK", "Content-Length: " + body.length));
            c.send(body);
          });
      client.send(head("POST / HTTP/1.1", "Host: a", "Content-Length: " + content.length));
      client.send(content);
      assertArrayEquals(content, client.readResponse().body());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherHostIsNotBelieved(TlsProvider provider) throws Exception {
    SSLContext trusting = provider.context(null, Tls.wrongHostTrust());
    try (OriginServer origin = OriginServer.startTls(Tls.wrongHostServer());
        Proxy proxy =
            ReverseProxy.builder()
                .listen("127.0.0.1", 0)
                .viaName("gate")
                .upstreamTls(trusting)
                .cluster("app", cluster -> cluster.endpoint("https://localhost:" + origin.port()))
                .route("/**", "app")
                .start()) {
      origin.respond(ok("secret"));
      RawResponse response = RawClient.ask(proxy.address().getPort(), get("/", "a"));
      assertEquals(502, response.status());
      assertEquals("gate; error=tls_certificate_error", response.field("Proxy-Status"));
    }
  }

  @ParameterizedTest
  @CsvSource({"JDK,TLSv1.2", "JDK,TLSv1.3", "FASTEST,TLSv1.2", "FASTEST,TLSv1.3"})
  void sessionsAreResumed(TlsProvider provider, String version) throws Exception {
    try (SSLServerSocket server =
        (SSLServerSocket)
            Tls.server()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      server.setEnabledProtocols(new String[] {version});
      CompletableFuture<List<Long>> sessions =
          CompletableFuture.supplyAsync(() -> serve(server, 2));
      try (Proxy proxy = start("https://localhost:" + server.getLocalPort(), provider)) {
        assertEquals("a", RawClient.ask(proxy.address().getPort(), get("/", "a")).text());
        assertEquals("a", RawClient.ask(proxy.address().getPort(), get("/", "a")).text());
      }
      List<Long> made = sessions.get(20, TimeUnit.SECONDS);
      assertEquals(made.get(0), made.get(1));
    }
  }

  /** Answers one request on each of so many connections; tells when their sessions were made. */
  private static List<Long> serve(SSLServerSocket server, int connections) {
    List<Long> made = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
          socket.setSoTimeout(20_000);
          byte[] request = new byte[2000];
          int n = 0;
          while (n < 4 || request[n - 3] != '\n' || request[n - 1] != '\n') {
            n += socket.getInputStream().read(request, n, request.length - n);
          }
          made.add(socket.getSession().getCreationTime());
          String answer = head("HTTP/1.1 200 OK", "Content-Length: 1", "Connection: close") + "a";
          socket.getOutputStream().write(answer.getBytes(US_ASCII));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return made;
  }
}
