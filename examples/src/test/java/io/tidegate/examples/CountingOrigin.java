package io.tidegate.examples;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback whose answers say how often it has been asked. */
final class CountingOrigin implements AutoCloseable {
  private final HttpServer server;
  private volatile Headers lastFields = new Headers();
  private final AtomicInteger asked = new AtomicInteger();

  /** Its answers have these fields. */
  CountingOrigin(Map<String, String> fields) throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", exchange -> answer(exchange, fields));
    server.start();
  }

  private void answer(HttpExchange exchange, Map<String, String> fields) throws IOException {
    try (exchange) {
      lastFields = exchange.getRequestHeaders();
      fields.forEach(exchange.getResponseHeaders()::set);
      byte[] content = ("answer " + asked.incrementAndGet()).getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  /** Those of the request that came last. */
  Headers lastFields() {
    return lastFields;
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
