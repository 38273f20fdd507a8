package io.tidegate.core.exchange;

import io.tidegate.core.cache.BodyReader;
import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.Storability;
import org.jspecify.annotations.Nullable;

/** What a response from the upstream comes to, once the store has learned of it. */
sealed interface StoreOutcome {
  /**
   * The client gets the response as it comes; nothing of it is stored.
   *
   * @param why the reason for that
   */
  record Relayed(Storability why) implements StoreOutcome {}

  /**
   * The response goes into the store, and the client gets it from there as it comes.
   *
   * @param behind what of the content is stored already and follows what comes, or null
   */
  record Stored(CacheStore.NewEntry entry, @Nullable BodyReader behind) implements StoreOutcome {}

  /** The client gets a stored response, which the upstream has just said is good. */
  record Validated(CacheStore.Entry entry) implements StoreOutcome {}

  /** The client gets a stale response, for the upstream has sent nothing better than an error. */
  record Stale(CacheStore.Entry entry) implements StoreOutcome {}

  /** The response answers only what the cache has asked; the client's own request is to follow. */
  record Repeated() implements StoreOutcome {}
}
