package io.tidegate.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;

/** The requests of the demo, and a line about each. */
final class DemoTour {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String reverse;
  private final String secure;
  private final InetSocketAddress forward;

  /** For a reverse proxy that speaks TLS at the second of its addresses. */
  DemoTour(List<InetSocketAddress> reverse, InetSocketAddress forward) {
    this.reverse = "http://" + CommonOptions.text(reverse.get(0));
    this.secure = "https://" + CommonOptions.text(reverse.get(1));
    this.forward = forward;
  }

  /** Requests to the reverse proxy; stops {@code b} on the way. */
  void reverse(Origin b) throws IOException, InterruptedException {
    System.out.println("Reverse: the client knows one address, the proxy picks a server.\n");
    HttpClient client = client().build();
    get(client, reverse + "/hello", "GET /hello");
    get(client, reverse + "/hello", "GET /hello");
    get(client, reverse + "/hello", "GET /hello");
    HttpRequest post =
        request(reverse + "/orders").POST(BodyPublishers.ofString("3 barrels")).build();
    tell("POST /orders", client.send(post, BodyHandlers.ofString()));
    b.close();
    System.out.println("  -- server b stops: the proxy turns to the other one --");
    get(client, reverse + "/hello", "GET /hello");
    get(client, reverse + "/hello", "GET /hello");
    System.out.println("  -- server b is back --\n");
  }

  /** A request to the reverse proxy over TLS, of a client that trusts its certificate. */
  void secure(SSLContext trusted) throws IOException, InterruptedException {
    System.out.println("TLS: client and proxy agree on HTTP/2, the server sees none of it.\n");
    HttpClient client = HttpClient.newBuilder().sslContext(trusted).build();
    HttpResponse<String> response =
        client.send(request(secure + "/hello").build(), BodyHandlers.ofString());
    tell("GET " + secure + "/hello", response);
    System.out.printf("  %-36s      %s%n%n", "", response.version());
  }

  /** Requests through the forward proxy. */
  void forward(Origin a) throws IOException, InterruptedException {
    System.out.println("Forward: the client says where to go, the proxy goes there if it may.\n");
    HttpClient client = client().proxy(ProxySelector.of(forward)).build();
    get(client, a.uri() + "/hello", "GET " + a.uri() + "/hello");
    tunnel(a.authority());
    get(client, "http://169.254.169.254/", "GET http://169.254.169.254/");
    get(client, "http://10.0.0.1/", "GET http://10.0.0.1/");
    tunnel(Origin.HOST + ":25");
    System.out.println();
  }

  void linesToTry(Origin a) {
    String proxy = "http://" + CommonOptions.text(forward);
    System.out.println(
        """
        All of it keeps running. Try:

          curl -i %s/hello
          curl -ik %s/hello
          curl -i -x %s %s/hello
          curl -i -x %s http://169.254.169.254/
          curl -i -p -x %s %s/hello

        Ctrl-C ends it."""
            .formatted(reverse, secure, proxy, a.uri(), proxy, proxy, a.uri()));
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
  }

  private static HttpRequest.Builder request(String uri) {
    return HttpRequest.newBuilder(URI.create(uri)).timeout(TIMEOUT);
  }

  private static void get(HttpClient client, String uri, String what)
      throws IOException, InterruptedException {
    tell(what, client.send(request(uri).build(), BodyHandlers.ofString()));
  }

  private static void tell(String what, HttpResponse<String> response) {
    tell(what, response.statusCode(), response.body().strip());
    response.headers().firstValue("Proxy-Status").ifPresent(DemoTour::tellProxyStatus);
  }

  private static void tell(String what, int status, String answer) {
    // The proxy's own answers begin with the status, which stands in a column of its own here.
    System.out.printf("  %-36s %d  %s%n", what, status, answer.replaceFirst("^\\d{3} .*?: ", ""));
  }

  private static void tellProxyStatus(String value) {
    System.out.printf("  %-36s      Proxy-Status: %s%n", "", value);
  }

  /** A tunnel to {@code authority}, as browsers ask for it to speak https, and a request in it. */
  private void tunnel(String authority) throws IOException {
    try (Socket socket = new Socket(forward.getAddress(), forward.getPort())) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      send(socket, "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
      int status = Integer.parseInt(in.readLine().substring(9, 12));
      String proxyStatus = skipFields(in);
      if (status == 200) {
        tell("CONNECT " + authority, status, "a tunnel");
        send(socket, "GET /hello HTTP/1.0\r\n\r\n");
        status = Integer.parseInt(in.readLine().substring(9, 12));
        skipFields(in);
        tell("  GET /hello, in the tunnel", status, in.readLine());
      } else {
        tell("CONNECT " + authority, status, in.readLine());
        tellProxyStatus(proxyStatus);
      }
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads to the end of the head; the value of Proxy-Status, or nothing. */
  private static String skipFields(BufferedReader in) throws IOException {
    String proxyStatus = "";
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      if (line.startsWith("Proxy-Status: ")) {
        proxyStatus = line.substring(14);
      }
    }
    return proxyStatus;
  }
}
