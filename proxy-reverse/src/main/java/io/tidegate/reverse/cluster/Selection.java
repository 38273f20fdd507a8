package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Failure;
import io.tidegate.reverse.balance.Candidates;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a cluster that one exchange has tried, uses and may still try. For one thread.
 */
public final class Selection implements Destinations, Candidates {
  private final Cluster cluster;
  private int attempts;

  /** The indices still untried; null during the first attempt, when that is all of them. */
  private int @Nullable [] untried;

  private int chosen;
  private @Nullable Endpoint inUse;

  Selection(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public @Nullable Destination next() {
    if (attempts > 0) {
      dropChosen();
    }
    int size = size();
    if (size == 0) {
      return null;
    }
    chosen = size == 1 ? 0 : cluster.balancer.choose(this, cluster.random);
    Objects.checkIndex(chosen, size);
    attempts++;
    Endpoint endpoint = endpoint(chosen);
    endpoint.begin();
    inUse = endpoint;
    return endpoint.destination();
  }

  /** Takes the choice of the attempt before out of the candidates. */
  private void dropChosen() {
    int size = cluster.endpoints.size() - attempts;
    int[] before = untried;
    if (before != null && before.length == size) {
      return; // asked again after the last one
    }
    int[] rest = new int[size];
    for (int i = 0; i < size; i++) {
      int index = i < chosen ? i : i + 1;
      rest[i] = before == null ? index : before[index];
    }
    untried = rest;
  }

  private Endpoint endpoint(int index) {
    int[] indices = untried;
    return cluster.endpoints.get(indices == null ? index : indices[index]);
  }

  @Override
  public void finished(Destination destination, @Nullable Failure failure) {
    if (inUse != null) {
      inUse.end();
      inUse = null;
    }
  }

  @Override
  public int size() {
    int[] indices = untried;
    return indices == null ? cluster.endpoints.size() : indices.length;
  }

  @Override
  public int weight(int index) {
    return endpoint(index).weight();
  }

  @Override
  public int activeRequests(int index) {
    return endpoint(index).activeRequests();
  }

  @Override
  public long turn() {
    return (attempts == 0 ? cluster.firstTurns : cluster.furtherTurns).getAndIncrement();
  }
}
