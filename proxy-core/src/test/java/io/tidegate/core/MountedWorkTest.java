package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.ProxyEvent;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a proxy does beside the exchanges while servers of the application come and go. */
class MountedWorkTest {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final List<Undertow> servers = new CopyOnWriteArrayList<>();
  private final BlockingQueue<ProxyEvent> events = new LinkedBlockingQueue<>();
  private final Background stays = work("stays");
  private final ReloadableGate proxy =
      new ReloadableGate.Builder()
          .background(stays)
          .background(work("goes"))
          .eventListener(events::add)
          .build();
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
    origin.onRequest(c -> c.send(head("HTTP/1.1 200 OK", "Content-Length: 0")));
  }

  @AfterEach
  void closeAll() throws Exception {
    proxy.close();
    servers.forEach(Undertow::stop);
    origin.close();
  }

  private Background work(String name) {
    return new Background() {
      @Override
      public void start(Upstreams upstreams) {
        told.add(name + " begins");
      }

      @Override
      public void moved(Upstreams upstreams) {
        told.add(name + " goes on");
      }

      @Override
      public void stop() {
        told.add(name + " ends");
      }
    };
  }

  /** A server that the proxy has served a request of. */
  private Undertow serve() throws IOException {
    Undertow server =
        Undertow.builder().setIoThreads(1).addHttpListener(0, "127.0.0.1", proxy.handler()).build();
    server.start();
    servers.add(server);
    var address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    String get =
        head("GET http://" + origin.authority() + "/ HTTP/1.1", "Host: " + origin.authority());
    assertEquals(200, RawClient.ask(address.getPort(), get).status());
    return server;
  }

  private static <T> T take(BlockingQueue<T> from) throws InterruptedException {
    return Objects.requireNonNull(from.poll(10, TimeUnit.SECONDS), "in time");
  }

  /** All of this, in any order. */
  private void assertTold(String... expected) throws InterruptedException {
    Set<String> now = new HashSet<>();
    for (int i = 0; i < expected.length; i++) {
      now.add(take(told));
    }
    assertEquals(Set.of(expected), now);
  }

  @Test
  void itGoesOnWithTheNextServer() throws Exception {
    Undertow first = serve();
    assertTold("stays begins", "goes begins");
    first.stop();
    serve();
    assertTold("stays goes on", "goes goes on");
    proxy.close();
    assertTold("stays ends", "goes ends");
    assertNull(told.poll());
  }

  @Test
  void settingsAreReloadedBetweenTwoServers() throws Exception {
    Undertow first = serve();
    assertTold("stays begins", "goes begins");
    first.stop();
    proxy.reload(gate -> gate.background(stays).background(work("comes")));
    assertEquals("settings-reloaded", take(events).name());
    assertNull(told.poll());
    serve();
    assertTold("goes ends", "stays goes on", "comes begins");
  }

  @Test
  void itMovesToAServerThatHasBeenThereWhenSettingsAreReloaded() throws Exception {
    Undertow first = serve();
    assertTold("stays begins", "goes begins");
    serve();
    first.stop();
    assertNull(told.poll());
    proxy.reload(gate -> gate.background(stays).background(work("comes")));
    assertTold("goes ends", "stays goes on", "comes begins");
  }

  @Test
  void aFileIsWatchedOnTheNextServer(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("name"), "first");
    proxy.watchName(file);
    Undertow first = serve();
    assertEquals("settings-reloaded", take(events).name());
    first.stop();
    serve();
    Files.writeString(file, "second");
    assertEquals("settings-reloaded", take(events).name());
    assertEquals("second", proxy.viaName());
  }
}
