package io.tidegate.examples;

import io.tidegate.reverse.ReverseProxy;
import java.time.Duration;

/** A reverse proxy that finds out which of its endpoints work, and can be told to spare one. */
public final class HealthChecks {
  private HealthChecks() {}

  /** Runs it in front of two servers. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9001", "http://127.0.0.1:9002");
  }

  static ReverseProxy start(int port, String first, String second) {
    return ReverseProxy.builder()
        .listen("127.0.0.1", port)
        // region health
        .cluster(
            "shop",
            cluster ->
                cluster
                    .endpoint(first)
                    .endpoint(second)
                    .health(
                        health ->
                            health
                                .check(
                                    "/healthz",
                                    check -> check.interval(Duration.ofSeconds(2)).fall(2))
                                .ejection(
                                    when ->
                                        when.consecutiveFailures(3)
                                            .failureRate(50, 20, Duration.ofSeconds(10)))))
        // endregion
        .route("/**", "shop")
        .start();
  }
}
