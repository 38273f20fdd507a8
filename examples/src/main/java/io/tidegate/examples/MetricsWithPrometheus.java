package io.tidegate.examples;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.core.Proxy;
import io.tidegate.core.metrics.PrometheusText;
import io.tidegate.reverse.ReverseProxy;
import java.util.function.Supplier;

/** A gateway whose requests, endpoints and connections Prometheus can read. */
public final class MetricsWithPrometheus implements AutoCloseable {
  final Proxy gateway;

  /** What Prometheus reads. */
  final Supplier<String> text;

  private MetricsWithPrometheus(int port, String server) {
    // region metrics
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Proxy gateway =
        ReverseProxy.builder()
            .listen("127.0.0.1", port)
            .cluster("shop", cluster -> cluster.endpoint(server))
            .route("/shop/**", "shop")
            .metrics(registry)
            .start();
    // endregion
    this.gateway = gateway;
    this.text = PrometheusText.of(registry).orElseThrow();
  }

  /** Runs it, and prints the figures once a minute. */
  public static void main(String[] arguments) throws InterruptedException {
    MetricsWithPrometheus measured = start(8080, "http://127.0.0.1:9001");
    while (!Thread.interrupted()) {
      Thread.sleep(60_000);
      System.out.println(measured.text.get());
    }
  }

  static MetricsWithPrometheus start(int port, String server) {
    return new MetricsWithPrometheus(port, server);
  }

  @Override
  public void close() {
    gateway.close();
  }
}
