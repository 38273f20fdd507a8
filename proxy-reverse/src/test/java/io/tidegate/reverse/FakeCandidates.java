package io.tidegate.reverse;

import io.tidegate.reverse.balance.Candidates;
import java.util.Arrays;

/** Candidates with given weights and active requests. */
final class FakeCandidates implements Candidates {
  final int[] weights;
  final int[] active;
  final long[] latencies;
  long hash;
  long turn;

  FakeCandidates(int... weights) {
    this.weights = weights;
    this.active = new int[weights.length];
    this.latencies = new long[weights.length];
  }

  FakeCandidates active(int... counts) {
    System.arraycopy(counts, 0, active, 0, counts.length);
    return this;
  }

  @Override
  public int size() {
    return weights.length;
  }

  @Override
  public int weight(int index) {
    return weights[index];
  }

  FakeCandidates latencies(long... nanos) {
    System.arraycopy(nanos, 0, latencies, 0, nanos.length);
    return this;
  }

  @Override
  public boolean equalWeights() {
    return Arrays.stream(weights).distinct().count() == 1;
  }

  @Override
  public long latencyNanos(int index) {
    return latencies[index];
  }

  @Override
  public long identity(int index) {
    return 7919L * index;
  }

  @Override
  public long requestHash() {
    return hash;
  }

  @Override
  public int activeRequests(int index) {
    return active[index];
  }

  @Override
  public long turn() {
    return turn++;
  }
}
