package io.tidegate.core.connect;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.core.http.Ip;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnListenersTest {
  private static final InetSocketAddress ELSEWHERE = at("192.0.2.1", 9999);

  private final OwnListeners own = new OwnListeners();

  @BeforeEach
  void read() throws Exception {
    own.readInterfaces();
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(Ip.parse(address), port);
  }

  private boolean contain(String address, int port, InetSocketAddress local) {
    return own.contain(Ip.parse(address), port, local);
  }

  @Test
  void aListenerOnOneAddressIsThereAlone() {
    own.listenOn(List.of(at("127.0.0.1", 3128)));
    assertTrue(contain("127.0.0.1", 3128, ELSEWHERE));
    assertFalse(contain("127.0.0.2", 3128, ELSEWHERE));
    assertFalse(contain("127.0.0.2", 3128, at("127.0.0.1", 3128)));
    assertFalse(contain("127.0.0.1", 3129, ELSEWHERE));
  }

  @Test
  void aListenerOnAllAddressesIsAtEveryOneOfTheMachine() throws Exception {
    own.listenOn(List.of(at("127.0.0.1", 3127), at("::", 3128)));
    List<InetAddress> machine =
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
    assertFalse(machine.isEmpty());
    for (InetAddress address : machine) {
      assertTrue(own.contain(address, 3128, ELSEWHERE), address::toString);
      assertFalse(own.contain(address, 3129, ELSEWHERE), address::toString);
    }
    assertTrue(contain("127.9.8.7", 3128, ELSEWHERE));
    assertTrue(contain("::1", 3128, ELSEWHERE));
    assertFalse(contain("192.0.2.77", 3128, ELSEWHERE));
  }

  @Test
  void whereAClientReachesUsWeAreEvenIfTheAddressIsNew() {
    own.listenOn(List.of(at("0.0.0.0", 3128)));
    assertTrue(contain("192.0.2.77", 3128, at("192.0.2.77", 3128)));
    assertFalse(contain("192.0.2.77", 3129, at("192.0.2.77", 3128)));
    assertFalse(contain("192.0.2.78", 3128, at("192.0.2.77", 3128)));
  }

  @Test
  void aServerThatTheProxyIsMountedOnMayBeAtEveryAddress() {
    own.listenOn(List.of(at("127.0.0.1", 3128)));
    InetSocketAddress mounted = at("127.0.0.1", 8080);
    assertTrue(contain("127.0.0.1", 8080, mounted));
    assertTrue(contain("127.0.0.2", 8080, mounted));
    assertFalse(contain("192.0.2.77", 8080, mounted));
    assertFalse(contain("127.0.0.1", 8081, mounted));
  }
}
