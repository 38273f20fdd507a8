package io.tidegate.examples;

import static io.tidegate.forward.Requests.to;
import static io.tidegate.forward.Requests.toAddress;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.Secret;
import io.tidegate.forward.ForwardProxy;

/**
 * A forward proxy whose requests leave through other proxies, and which knows a secret that its
 * clients do not.
 */
public final class ThroughParents {
  private ThroughParents() {}

  /** Two parent proxies; the secret stands in a file. */
  public static void main(String[] arguments) {
    String first = "http://proxy1.corp.example:3128";
    String second = "socks5://proxy2.corp.example:1080";
    start(3128, first, second, Secret.file("/run/secrets/api"));
  }

  static Proxy start(int port, String first, String second, Secret token) {
    // region parents
    return ForwardProxy.builder()
        .listen(port)
        .egress(
            e ->
                e.direct(to("*.internal"), toAddress("10.0.0.0/8")) // past the parent proxies
                    .parent("corp", p -> p.proxy(first).proxy(second)) // when the first is down
                    .sending(
                        to("api.example.com"),
                        s -> s.https().credential("Authorization", token, "Bearer ")))
        .start();
    // endregion
  }
}
