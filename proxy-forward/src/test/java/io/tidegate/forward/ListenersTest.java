package io.tidegate.forward;

import static io.tidegate.core.testkit.Messages.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy that listens in several places. */
class ListenersTest {
  private OriginServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = OriginServer.start();
  }

  @AfterEach
  void closeOrigin() throws Exception {
    origin.close();
  }

  private static ForwardProxy.Builder two() {
    return ForwardProxy.builder()
        .listen("127.0.0.1", 0)
        .alsoListen("127.0.0.2", 0)
        .ioThreads(1)
        .allowPrivateDestinations();
  }

  private static RawClient client(InetSocketAddress address) throws IOException {
    return RawClient.connect(address);
  }

  private String request() {
    return get("http://" + origin.authority() + "/", origin.authority());
  }

  @Test
  void everyListenerServes() throws Exception {
    try (ForwardProxy proxy = two().start()) {
      List<InetSocketAddress> addresses = proxy.addresses();
      assertEquals(
          List.of("127.0.0.1", "127.0.0.2"),
          addresses.stream().map(address -> address.getAddress().getHostAddress()).toList());
      assertEquals(proxy.address(), addresses.get(0));
      for (InetSocketAddress address : addresses) {
        try (RawClient client = client(address)) {
          assertEquals("ok", client.exchange(request()).text());
        }
      }
    }
  }

  @Test
  void withoutAFirstListenerTheOthersAreAllThereAre() {
    try (ForwardProxy proxy = ForwardProxy.builder().alsoListen("127.0.0.2", 0).start()) {
      assertEquals(1, proxy.addresses().size());
      assertEquals("127.0.0.2", proxy.address().getAddress().getHostAddress());
    }
  }

  @Test
  void theLimitIsForTheClientsOfAllListeners() throws Exception {
    try (ForwardProxy proxy = two().maxConnections(1).start();
        RawClient first = client(proxy.addresses().get(0))) {
      assertEquals("ok", first.exchange(request()).text());
      try (RawClient second = client(proxy.addresses().get(1))) {
        assertTrue(second.atEnd());
      }
    }
  }

  @Test
  void noListenerAcceptsAfterTheEnd() throws Exception {
    ForwardProxy proxy = two().start();
    List<InetSocketAddress> addresses = proxy.addresses();
    proxy.stop(Duration.ZERO);
    for (InetSocketAddress address : addresses) {
      assertThrows(IOException.class, () -> client(address));
    }
  }

  @Test
  void anAddressThatIsTakenIsNamedAndTheOthersAreLeft() throws Exception {
    int free;
    try (ServerSocket found = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      free = found.getLocalPort();
    }
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
      ForwardProxy proxy =
          two().listen("127.0.0.1", free).alsoListen("127.0.0.2", taken.getLocalPort()).build();
      String message = assertThrows(UncheckedIOException.class, proxy::start).getMessage();
      String named = "cannot listen on 127.0.0.2:" + taken.getLocalPort() + ": ";
      assertTrue(message.startsWith(named), message);
      assertThrows(
          IOException.class, () -> client(new InetSocketAddress("127.0.0.1", free)), "still bound");
    }
  }
}
