package io.tidegate.reverse.protect;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * How many requests may be under way at once, those of one key together. There is an entry for each
 * key that has a request under way, and for no other.
 */
final class ActiveRequests {
  static final Failure ROUTE_BUSY =
      Failure.of(ProxyError.CONNECTION_LIMIT_REACHED, "too many requests are under way")
          .with("Retry-After", "1");
  static final Failure CLIENT_BUSY =
      Refusals.denied(429, "too many requests of this client are under way")
          .with("Retry-After", "1");

  private final int most;
  private final KeyReader keys;
  private final Failure refusal;
  private final ConcurrentMap<Object, Integer> active = new ConcurrentHashMap<>();

  /** At most {@code most} for each of {@code keys}; beyond it there is {@code refusal}. */
  ActiveRequests(int most, KeyReader keys, Failure refusal) {
    this.most = most;
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

  /** Why {@code request} would not be counted, or null. */
  @Nullable Failure wouldRefuse(ClientRequest request) {
    Integer now = active.get(keys.key(request));
    return now != null && now >= most ? refusal : null;
  }

  /** Counts a request, unless there are too many. */
  boolean begin(Object key) {
    while (true) {
      Integer before = active.get(key);
      if (before != null && before >= most) {
        return false;
      }
      boolean counted =
          before == null
              ? active.putIfAbsent(key, 1) == null
              : active.replace(key, before, before + 1);
      if (counted) {
        return true;
      }
    }
  }

  /** A request that was counted is over. */
  void end(Object key) {
    while (true) {
      Integer before = Objects.requireNonNull(active.get(key));
      boolean counted =
          before == 1 ? active.remove(key, before) : active.replace(key, before, before - 1);
      if (counted) {
        return;
      }
    }
  }

  /** How many keys have requests under way. */
  int keysInUse() {
    return active.size();
  }
}
