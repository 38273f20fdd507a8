package io.tidegate.reverse.protect;

import io.tidegate.core.limit.ActiveCount;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import org.jspecify.annotations.Nullable;

/** How many requests may be under way at once, those of one key together. */
final class ActiveRequests extends ActiveCount {
  static final Failure ROUTE_BUSY =
      Failure.of(ProxyError.CONNECTION_LIMIT_REACHED, "too many requests are under way")
          .with("Retry-After", "1");
  static final Failure CLIENT_BUSY =
      Refusals.denied(429, "too many requests of this client are under way")
          .with("Retry-After", "1");

  private final KeyReader keys;
  private final Failure refusal;

  /** At most {@code most} for each of {@code keys}; beyond it there is {@code refusal}. */
  ActiveRequests(int most, KeyReader keys, Failure refusal) {
    super(most);
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
    return isFull(keys.key(request)) ? refusal : null;
  }
}
