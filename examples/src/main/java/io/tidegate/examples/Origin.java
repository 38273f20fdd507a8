package io.tidegate.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A small server on loopback for the demo to have something to go to: it says who it is. */
final class Origin implements AutoCloseable {
  static final String HOST = "127.0.0.1";

  private final HttpServer server;

  private Origin(HttpServer server) {
    this.server = server;
  }

  /** Starts the server {@code name}; port 0 for any free one. */
  static Origin start(String name, int port) {
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
      server.createContext("/", exchange -> answer(name, exchange));
      server.start();
      return new Origin(server);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on " + HOST + ":" + port + ": " + e.getMessage(), e);
    }
  }

  private static void answer(String name, HttpExchange exchange) throws IOException {
    try (exchange) {
      int octets = exchange.getRequestBody().readAllBytes().length;
      String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      String text = name + " got " + what + (octets > 0 ? ", " + octets + " octets" : "") + "\n";
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  String authority() {
    return HOST + ":" + port();
  }

  String uri() {
    return "http://" + authority();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
