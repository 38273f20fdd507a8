package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.privacy.Anonymity;
import io.tidegate.forward.privacy.RefererRule;

/** A forward proxy by which upstreams learn as little as can be of clients, and of itself. */
public final class HiddenClients {
  private HiddenClients() {}

  /** Leads to addresses of this network, and to the Internet. */
  public static void main(String[] arguments) {
    start(3128, "10.0.0.0/8");
  }

  static Proxy start(int port, String reachable) {
    // region hidden
    return ForwardProxy.builder()
        .listen(port)
        .anonymity(Anonymity.HIGH)
        .privacy(p -> p.referer(RefererRule.ORIGIN).userAgent("Mozilla/5.0").removeClientHints())
        // endregion
        .allowAddresses(reachable)
        .start();
  }
}
