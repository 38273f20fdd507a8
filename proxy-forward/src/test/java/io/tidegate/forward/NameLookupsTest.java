package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.tidegate.core.testkit.RawResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How names that clients want are looked up. */
class NameLookupsTest {
  private final BlockingQueue<Completion<List<InetAddress>>> asked = new LinkedBlockingQueue<>();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
  }

  @AfterEach
  void closeOrigin() throws Exception {
    origin.close();
  }

  private static ForwardProxy.Builder builder(NameResolver resolver) {
    return ForwardProxy.builder()
        .listen("127.0.0.1", 0)
        .ioThreads(1)
        .viaName("gate")
        .allowPrivateDestinations()
        .nameResolver(resolver);
  }

  private String want(String name) {
    String authority = name + ":" + origin.port();
    return get("http://" + authority + "/", authority);
  }

  @Test
  void aResolverMayAnswerLaterAndOnAnyThread() throws Exception {
    try (Proxy proxy = builder((host, completion) -> asked.add(completion)).start();
        RawClient client = RawClient.connect(proxy.address().getPort())) {
      client.send(want("n.example"));
      asked.poll(10, TimeUnit.SECONDS).completed(List.of(Sample.ip("127.0.0.1")));
      assertEquals("ok", client.readResponse().text());
    }
  }

  @Test
  void aClientThatWantsTooManyNamesIsToldToWait() throws Exception {
    try (Proxy proxy =
            builder((host, completion) -> asked.add(completion)).maxLookupsPerClient(2).start();
        RawClient first = RawClient.connect(proxy.address().getPort());
        RawClient second = RawClient.connect(proxy.address().getPort())) {
      first.send(want("a.example"));
      second.send(want("b.example"));
      Completion<List<InetAddress>> one = asked.poll(10, TimeUnit.SECONDS);
      asked.poll(10, TimeUnit.SECONDS);
      RawResponse refused = RawClient.ask(proxy.address().getPort(), want("c.example"));
      assertEquals(429, refused.status());
      assertEquals("1", refused.field("Retry-After"));
      assertEquals("gate; error=http_request_denied", refused.field("Proxy-Status"));
      one.completed(List.of(Sample.ip("127.0.0.1")));
      try (RawClient third = RawClient.connect(proxy.address().getPort())) {
        third.send(want("c.example"));
        asked.poll(10, TimeUnit.SECONDS).completed(List.of(Sample.ip("127.0.0.1")));
        assertEquals("ok", third.readResponse().text());
      }
    }
  }

  @Test
  void aQuestionThatIsNotAnsweredIsATimeout() throws Exception {
    try (Proxy proxy =
        builder((host, completion) -> {}).connectTimeout(Duration.ofMillis(300)).start()) {
      RawResponse late = RawClient.ask(proxy.address().getPort(), want("n.example"));
      assertEquals(504, late.status());
      assertEquals("gate; error=dns_timeout", late.field("Proxy-Status"));
    }
  }

  @Test
  void aResolverThatThrowsIsAFailure() throws Exception {
    NameResolver broken =
        (host, completion) -> {
          throw new IllegalStateException();
        };
    try (Proxy proxy = builder(broken).start()) {
      RawResponse failed = RawClient.ask(proxy.address().getPort(), want("n.example"));
      assertEquals("gate; error=dns_error", failed.field("Proxy-Status"));
    }
  }
}
