package io.tidegate.examples;

import static io.tidegate.forward.Requests.to;

import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;
import java.time.Duration;

/** A forward proxy of which nobody gets more than a share. */
public final class FairShares {
  private FairShares() {}

  /** Listens on port 3128. */
  public static void main(String[] arguments) {
    start(3128);
  }

  static Proxy start(int port) {
    // region limits
    return ForwardProxy.builder()
        .listen(port)
        .quota(
            q ->
                q.perUser()
                    .requests(1000, Duration.ofMinutes(1))
                    .octets(10L << 30, Duration.ofDays(1)))
        .quota(q -> q.perUser().maxActiveRequests(100).maxTunnels(50))
        .quota(q -> q.only(to("*.video.example")).octets(50L << 30, Duration.ofDays(1)).cutOff())
        .bandwidth(b -> b.perUser(1_000_000).whole(10_000_000)) // octets per second
        .start();
    // endregion
  }
}
