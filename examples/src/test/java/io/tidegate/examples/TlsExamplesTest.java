package io.tidegate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.Proxy;
import io.tidegate.core.testkit.Http2Client;
import io.tidegate.core.testkit.Http2Origin;
import io.tidegate.core.testkit.Messages;
import io.tidegate.core.testkit.OriginConnection;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import io.tidegate.core.testkit.Tls;
import io.tidegate.core.testkit.TlsDialogue;
import io.tidegate.core.testkit.TlsFiles;
import io.tidegate.core.wire.ProxyHeader;
import io.tidegate.core.wire.ProxyHeaderReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example about what comes before a request starts and does what it says. */
class TlsExamplesTest {
  @TempDir private Path directory = Path.of("");
  private OriginServer origin;
  private TlsFiles files;

  @BeforeEach
  void start() throws IOException {
    origin = OriginServer.start();
    files = new TlsFiles(directory);
  }

  @AfterEach
  void stop() throws Exception {
    origin.close();
  }

  private String uri() {
    return "http://" + origin.authority();
  }

  @Test
  void httpsGatewaySpeaksHttp2AndSendsOthersThere() throws Exception {
    try (Proxy proxy =
        HttpsGateway.start(
            new int[] {0, 0},
            files.file("b-ec.pem"),
            files.file("b-ec.key"),
            files.file("both.pem"),
            uri())) {
      int secure = proxy.addresses().get(0).getPort();
      try (Http2Client client = Http2Client.connectTls(secure, TlsDialogue.trustful())) {
        Http2Client.Response answer = client.handshake().get(1, "/x").readResponse(1);
        assertEquals("ok", answer.text());
        assertTrue(
            answer.fields().contains("strict-transport-security: max-age=31536000"),
            answer.fields().toString());
      }
      int plain = proxy.addresses().get(1).getPort();
      RawResponse answer = RawClient.ask(plain, Messages.get("/x", "b.test"));
      assertEquals(308, answer.status());
      assertEquals("https://b.test/x", answer.field("Location"));
    }
  }

  @Test
  void clientCertificatesLetsInWhoHasOneAndTellsWhose() throws Exception {
    try (Proxy proxy =
        ClientCertificates.start(
            0, files.file("both.pem"), files.file("ca.pem"), files.file("ca.crl"), uri())) {
      assertEquals("ok", getOverTls(proxy, "both.test", files.client("client")));
      String told = String.valueOf(origin.lastRequest().field("Client-Cert"));
      assertTrue(told.matches(":[A-Za-z0-9+/=]+:"), told);
      SSLContext revoked = files.client("revoked");
      assertThrows(IOException.class, () -> getOverTls(proxy, "both.test", revoked));
    }
  }

  @Test
  void passthroughLeavesTlsToTheEndpointsOfSomeHosts() throws Exception {
    try (OriginServer database = secureOrigin("the database");
        OriginServer tenants = secureOrigin("a tenant");
        Proxy proxy =
            Passthrough.start(
                0,
                files.file("both.pem"),
                uri(),
                "https://" + database.authority(),
                "https://" + tenants.authority())) {
      assertEquals("ok", getOverTls(proxy, "www.example.com"));
      assertEquals("the database", getOverTls(proxy, "db.example.com"));
      assertEquals("a tenant", getOverTls(proxy, "acme.tenants.example.com"));
    }
  }

  /** An origin that answers one request of each connection over TLS. */
  static OriginServer secureOrigin(String content) throws IOException {
    return OriginServer.startTls(Tls.server())
        .onConnection(
            connection -> {
              connection.readHead();
              connection.send(Messages.ok(content));
            });
  }

  @Test
  void grpcGatewaySpeaksHttp2OnBothSides() throws Exception {
    origin.onConnection(Http2Origin.answering("a reply"), Http2Origin.answering("a reply"));
    try (Proxy proxy = GrpcGateway.start(0, 0, files.file("both.pem"), uri());
        Http2Client over =
            Http2Client.connectTls(proxy.addresses().get(0).getPort(), TlsDialogue.trustful());
        Http2Client inside = Http2Client.connect(proxy.addresses().get(1).getPort())) {
      over.handshake().headers(1, true, Http2Client.request("GET", "/shop.Orders/Get"));
      assertEquals("a reply", over.readResponse(1).text());
      String[] plain = Http2Client.request("GET", "/shop.Orders/Get");
      plain[3] = "http";
      inside.handshake().headers(1, true, plain);
      assertEquals("a reply", inside.readResponse(1).text());
    }
  }

  @Test
  void behindABalancerTheServerLearnsWhoTheClientIs() throws Exception {
    BlockingQueue<ProxyHeader> told = new LinkedBlockingQueue<>();
    origin.onConnection(
        connection -> {
          told.add(readHeader(connection));
          connection.readHead();
          connection.send(Messages.ok("behind"));
        });
    try (Proxy proxy = BehindABalancer.start(0, "127.0.0.0/8", uri())) {
      String line = "PROXY TCP4 192.0.2.1 198.51.100.7 54321 8080\r\n";
      RawResponse answer =
          RawClient.ask(proxy.address().getPort(), line + Messages.get("/x", "mail.test"));
      assertEquals("behind", answer.text());
      ProxyHeader header = told.poll(10, TimeUnit.SECONDS);
      assertEquals("/192.0.2.1:54321", header == null ? "" : String.valueOf(header.client()));
    }
  }

  private static ProxyHeader readHeader(OriginConnection connection) throws Exception {
    ProxyHeaderReader reader = new ProxyHeaderReader();
    @Nullable ProxyHeader header = null;
    while (header == null) {
      header = reader.read(ByteBuffer.wrap(connection.readBytes(1)));
    }
    return header;
  }

  @Test
  void tlsForwardAsksWhoIsThereOverTls() throws Exception {
    Path users = directory.resolve("users");
    Files.writeString(
        users, "alice:$2y$04$ZP5tQ8U/v6.8.3AKRmvmwOH9HuEDvYvr3daBt80lQbVcRlq2VrTZS\n"); // secret
    try (Proxy proxy = TlsForward.start("127.0.0.1", 0, files.file("both.pem"), users.toString());
        RawClient client =
            RawClient.connectTls(proxy.address().getPort(), TlsDialogue.trustful())) {
      assertEquals(407, client.exchange(Messages.get(uri() + "/", origin.authority())).status());
      String credentials =
          Base64.getEncoder().encodeToString("alice:secret".getBytes(StandardCharsets.US_ASCII));
      RawResponse answer =
          client.exchange(
              Messages.head(
                  "GET " + uri() + "/ HTTP/1.1",
                  "Host: " + origin.authority(),
                  "Proxy-Authorization: Basic " + credentials));
      assertEquals(403, answer.status(), "a private address, for users too");
    }
  }

  @Test
  void tlsUpstreamsBelievesItsOwnAuthorityAndNoOther() throws Exception {
    try (OriginServer first = secureOrigin("never told");
        OriginServer second = secureOrigin("never told");
        Proxy proxy =
            TlsUpstreams.start(
                0,
                files.file("ca.pem"),
                files.file("client.pem"),
                files.file("client.key"),
                "https://" + first.authority(),
                "https://" + second.authority())) {
      RawResponse answer =
          RawClient.ask(proxy.address().getPort(), Messages.get("/x", "orders.test"));
      assertEquals(502, answer.status());
      String status = String.valueOf(answer.field("Proxy-Status"));
      assertTrue(status.endsWith("; error=tls_certificate_error"), status);
    }
  }

  private static String getOverTls(Proxy proxy, String host) throws IOException {
    return getOverTls(proxy, host, TlsDialogue.trustful());
  }

  private static String getOverTls(Proxy proxy, String host, SSLContext context)
      throws IOException {
    return getOverTls(proxy.address().getPort(), host, context);
  }

  /** The content that is answered to whoever asks for {@code host} in the handshake. */
  static String getOverTls(int port, String host, SSLContext context) throws IOException {
    try (Socket raw = new Socket(InetAddress.getLoopbackAddress(), port);
        SSLSocket socket =
            (SSLSocket) context.getSocketFactory().createSocket(raw, host, port, true)) {
      raw.setSoTimeout(20_000);
      String request = Messages.head("GET /x HTTP/1.1", "Host: " + host, "Connection: close");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }
}
