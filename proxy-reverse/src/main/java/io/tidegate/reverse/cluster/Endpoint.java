package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destination;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of a cluster, and how many requests it is serving for us. Shared by all IO threads. */
public final class Endpoint {
  private final Destination destination;
  private final int weight;
  private final AtomicInteger activeRequests = new AtomicInteger();

  /** The endpoint at {@code destination}, whose share of the requests is {@code weight}. */
  public Endpoint(Destination destination, int weight) {
    this.destination = destination;
    this.weight = weight;
  }

  Destination destination() {
    return destination;
  }

  int weight() {
    return weight;
  }

  int activeRequests() {
    return activeRequests.get();
  }

  void begin() {
    activeRequests.incrementAndGet();
  }

  void end() {
    activeRequests.decrementAndGet();
  }
}
