package io.tidegate.examples;

import static io.tidegate.forward.Requests.to;

import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.Requests;

/**
 * A forward proxy for a network of servers: they reach what is on the list and nothing else. It may
 * listen beyond loopback because it has such a list.
 */
public final class LockedDownEgress {
  private LockedDownEgress() {}

  /** Listens on all addresses; {@code registry} stands for a server of the own network. */
  public static void main(String[] arguments) {
    start("0.0.0.0", 3128, "10.20.0.5");
  }

  static Proxy start(String host, int port, String registry) {
    // region allow-list
    return ForwardProxy.builder()
        .listen(host, port)
        .deny(Requests.fromClient("10.9.0.0/16")) // the test machines stay inside
        .allow(to(".example.com").port(443)) // example.com and all below it
        .allow(to("*.example.org").ports(80, 443)) // all below example.org
        .allow(to(registry))
        .allowAddresses(registry) // it is not on the open Internet
        .removeRequestField("User-Agent")
        .start();
    // endregion
  }
}
