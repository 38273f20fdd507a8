package io.tidegate.core.connect;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Framing;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as it is meant, which each version of HTTP writes in its own way.
 *
 * @param method its method
 * @param target its target: origin-form or {@code *}; absolute-form for a parent proxy
 * @param host the authority that is asked: Host, or {@code :authority}
 * @param fields the other fields, without framing and connection-specific ones
 * @param body how its content is framed
 * @param trailersWelcome whether whoever asks takes trailers (RFC 9110 §10.1.4)
 * @param upgrade the protocol that is asked for in place of HTTP, or null
 * @param last whether nothing else will be sent on the same connection
 */
public record UpstreamRequest(
    String method,
    String target,
    String host,
    FieldEdits fields,
    Framing body,
    boolean trailersWelcome,
    @Nullable String upgrade,
    boolean last) {
  /** Method and host only: the rest may hold secrets. */
  @Override
  public String toString() {
    return method + " " + host;
  }
}
