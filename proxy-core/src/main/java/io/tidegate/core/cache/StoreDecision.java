package io.tidegate.core.cache;

import org.jspecify.annotations.Nullable;

/**
 * Whether a response is stored (RFC 9111 §3).
 *
 * @param storability whether it may be, or why not
 * @param response what is stored; null if it may not be
 */
public record StoreDecision(Storability storability, @Nullable StoredResponse response) {}
