package io.tidegate.core.spi;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.ResponseHead;

/**
 * Rewrites fields. Runs after connection-specific fields have been removed, so that its edits
 * stand; framing and Host are written by the engine and cannot be edited here. Pure: it must not
 * block.
 */
public interface HeaderPolicy {
  /**
   * The Host of the upstream request; the authority of the client's request unless a policy says
   * otherwise.
   */
  default String host(ClientRequest request, Destination destination) {
    return request.authority().toString();
  }

  /** Rewrites the fields of the upstream request. */
  default void upstreamRequest(ClientRequest request, Destination destination, FieldEdits fields) {}

  /** Rewrites the fields of the client response. */
  default void clientResponse(
      ClientRequest request,
      Destination destination,
      ResponseHead upstreamResponse,
      FieldEdits fields) {}
}
