package com.example.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.lang.module.ModuleFinder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShopTest {
  @Test
  void theJarIsAModule() {
    Path jar =
        Path.of(URI.create(ReverseProxy.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    assertTrue(ModuleFinder.of(jar).find("io.tidegate.reverse").isPresent(), jar::toString);
  }

  @Test
  void theGatewayLeadsToTheServer() throws Exception {
    byte[] content = "tea".getBytes(StandardCharsets.US_ASCII);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.start();
    try (Proxy gateway = Shop.gateway("http://127.0.0.1:" + server.getAddress().getPort())) {
      URI uri = URI.create("http://127.0.0.1:" + gateway.address().getPort() + "/");
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertEquals(200, response.statusCode());
      assertEquals("tea", response.body());
    } finally {
      server.stop(0);
    }
  }
}
