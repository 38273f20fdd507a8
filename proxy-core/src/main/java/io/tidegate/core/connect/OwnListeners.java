package io.tidegate.core.connect;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where this proxy can be reached itself, so that it does not become its own upstream. Thread-safe.
 */
public final class OwnListeners {
  private volatile InetSocketAddress[] bound = {};
  private volatile Set<InetAddress> machine = Set.of();

  /** Reads the addresses that this machine has now; it asks the operating system. */
  public void readInterfaces() throws SocketException {
    machine =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * We listen on these, and on no others: on every address of the machine where it is the
   * unspecified one.
   */
  public void listenOn(List<InetSocketAddress> addresses) {
    bound = addresses.toArray(InetSocketAddress[]::new);
  }

  /**
   * Whether we listen there.
   *
   * @param local our end of the connection on which a client asks for it: we are there, even if the
   *     machine has got the address since; if none of our own listeners is on its port, it is one
   *     of a server we are mounted on, which may be bound to every address
   */
  public boolean contain(InetAddress address, int port, InetSocketAddress local) {
    boolean mounted = port == local.getPort();
    if (mounted && address.equals(local.getAddress())) {
      return true;
    }
    for (InetSocketAddress listener : bound) {
      if (listener.getPort() == port) {
        if (isAt(listener, address)) {
          return true;
        }
        mounted = false;
      }
    }
    return mounted && isOfMachine(address);
  }

  private boolean isAt(InetSocketAddress listener, InetAddress address) {
    return listener.getAddress().isAnyLocalAddress()
        ? isOfMachine(address)
        : listener.getAddress().equals(address);
  }

  private boolean isOfMachine(InetAddress address) {
    return address.isLoopbackAddress() || machine.contains(address);
  }
}
