package io.tidegate.reverse;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.tidegate.core.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An ordinary client and an ordinary server, with nothing but the proxy between them. */
class OrdinaryOriginTest {
  private final WireMockServer server =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());
  private final HttpClient client = HttpClient.newHttpClient();
  private Proxy proxy;

  @BeforeEach
  void start() {
    server.start();
    proxy =
        ReverseProxy.builder()
            .listen("127.0.0.1", 0)
            .cluster("app", cluster -> cluster.endpoint(server.baseUrl()))
            .route("/**", "app")
            .start();
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + proxy.address().getPort() + path));
  }

  @Test
  void aPageIsServed() throws Exception {
    server.stubFor(
        get(urlEqualTo("/page?x=1"))
            .willReturn(aResponse().withBody("hello").withHeader("X-Page", "7")));
    HttpResponse<String> response =
        client.send(request("/page?x=1").build(), BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    assertEquals("hello", response.body());
    assertEquals("7", response.headers().firstValue("X-Page").orElseThrow());
  }

  @Test
  void aFormIsPosted() throws Exception {
    server.stubFor(post(urlEqualTo("/form")).willReturn(aResponse().withStatus(201)));
    HttpRequest posted =
        request("/form").POST(BodyPublishers.ofString("a=b")).setHeader("X-Form", "1").build();
    assertEquals(201, client.send(posted, BodyHandlers.discarding()).statusCode());
    server.verify(
        postRequestedFor(urlEqualTo("/form"))
            .withRequestBody(equalTo("a=b"))
            .withHeader("X-Form", equalTo("1")));
  }
}
