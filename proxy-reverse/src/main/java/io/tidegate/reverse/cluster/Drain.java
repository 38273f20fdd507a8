package io.tidegate.reverse.cluster;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The drain of one endpoint, until it is idle. Under the lock of its cluster. */
final class Drain {
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private boolean last;
  private boolean listed = true;
  private boolean over;

  /** Completes when the endpoint is idle; fails if it gets requests again before. */
  CompletionStage<Void> whenIdle() {
    return idle.minimalCompletionStage();
  }

  /** The endpoint is to be removed when it is idle. */
  void makeLast() {
    last = true;
  }

  boolean isLast() {
    return last;
  }

  /** The endpoint is no longer one of the cluster's. */
  void unlist() {
    listed = false;
  }

  boolean isListed() {
    return listed;
  }

  /** The endpoint is idle; whether that is new. */
  boolean end() {
    boolean isNew = !over;
    over = true;
    return isNew;
  }

  boolean isOver() {
    return over;
  }

  /** Tells those who wait; without the lock. */
  void complete() {
    idle.complete(null);
  }

  /** Tells those who wait that it has been called off; without the lock. */
  void cancel() {
    idle.completeExceptionally(new CancellationException("the endpoint gets requests again"));
  }
}
