package io.tidegate.reverse.protect;

import io.tidegate.core.limit.ActiveCount;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import org.jspecify.annotations.Nullable;

/** How many requests may be under way at once, those of one key together. */
final class ActiveRequests {
  static final Failure ROUTE_BUSY =
      Failure.of(ProxyError.CONNECTION_LIMIT_REACHED, "too many requests are under way")
          .with("Retry-After", "1");
  static final Failure CLIENT_BUSY =
      Refusals.denied(429, "too many requests of this client are under way")
          .with("Retry-After", "1");

  private final ActiveCount count;
  private final KeyReader keys;
  private final Failure refusal;

  /** As many as {@code count} has room for, by {@code keys}; beyond it there is {@code refusal}. */
  ActiveRequests(ActiveCount count, KeyReader keys, Failure refusal) {
    this.count = count;
    this.keys = keys;
    this.refusal = refusal;
  }

  Failure refusal() {
    return refusal;
  }

  /** What {@code request} is counted by. */
  Object key(ClientRequest request) {
    return keys.key(request);
  }

  /** Counts one more of {@code key}, unless there are too many. */
  boolean begin(Object key) {
    return count.begin(key);
  }

  /** One of {@code key} that was counted is over. */
  void end(Object key) {
    count.end(key);
  }

  /** Why {@code request} would not be counted, or null. */
  @Nullable Failure wouldRefuse(ClientRequest request) {
    return count.isFull(keys.key(request)) ? refusal : null;
  }
}
