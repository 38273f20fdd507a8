package io.tidegate.reverse;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static io.tidegate.core.testkit.Messages.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.BufferingBuilder;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a route says about buffering, beside what the proxy says. */
class BufferedRouteTest {
  @TempDir private Path directory;
  private OriginServer origin;
  private ReverseProxy proxy;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
  }

  @AfterEach
  void closeAll() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    origin.close();
  }

  private static ReverseProxy.Builder builder(String endpoint) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .cluster("app", c -> c.endpoint(endpoint));
  }

  private RawClient client(Consumer<BufferingBuilder> ofProxy, Consumer<BufferingBuilder> ofRoute)
      throws IOException {
    proxy =
        builder("http://" + origin.authority())
            .route("/**", "app")
            .route(Routes.path("/own"), route -> route.to("app").buffering(ofRoute))
            .buffering(ofProxy)
            .start();
    return RawClient.connect(proxy.address().getPort());
  }

  private static String half(String path) {
    return head("POST " + path + " HTTP/1.1", "Host: a", "Content-Length: 6") + "abc";
  }

  @Test
  void aRouteThatBuffersRequestsLetsNoEndpointWait() throws Exception {
    origin.onRequest(c -> c.send(ok(c.readBodyText())));
    try (RawClient client = client(b -> {}, b -> b.requests())) {
      client.send(half("/own"));
      RawClient.ask(proxy.address().getPort(), get("/", "a"));
      assertEquals(1, origin.heads().size()); // the half request would have been the first
      client.send("def");
      assertEquals("abcdef", client.readResponse().text());
    }
  }

  @Test
  void aRouteThatSpeaksOfBufferingSaysAllOfIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    origin.onRequest(
        c -> {
          begun.countDown();
          c.send(ok(c.readBodyText()));
        });
    try (RawClient client = client(b -> b.requests(), b -> b.replayBytes(1))) {
      client.send(half("/own"));
      assertTrue(begun.await(10, TimeUnit.SECONDS));
      client.send("def");
      assertEquals("abcdef", client.readResponse().text());
    }
  }

  @Test
  void theDirectoryIsMadeIfItIsNotThere() {
    Path inside = directory.resolve("a/b");
    proxy = builder("http://app").route("/**", "app").bufferDirectory(inside).build();
    assertTrue(Files.isDirectory(inside));
  }

  @Test
  void whatIsNoDirectoryIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    for (Path wrong : List.of(file, file.resolve("below"))) {
      assertEquals(
          List.of("proxy.spool.directory: " + wrong + " (expected: a directory to write to)"),
          ReverseProxyBuilderTest.problems(builder("http://app").bufferDirectory(wrong)));
    }
  }
}
