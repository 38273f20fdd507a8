package io.tidegate.reverse;

import io.tidegate.reverse.balance.Candidates;

/** Candidates with given weights and active requests. */
final class FakeCandidates implements Candidates {
  final int[] weights;
  final int[] active;
  long turn;

  FakeCandidates(int... weights) {
    this.weights = weights;
    this.active = new int[weights.length];
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

  @Override
  public int activeRequests(int index) {
    return active[index];
  }

  @Override
  public long turn() {
    return turn++;
  }
}
