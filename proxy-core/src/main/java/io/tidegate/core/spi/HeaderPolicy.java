package io.tidegate.core.spi;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
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

  /**
   * Whether our entry is added to Via in upstream requests, as RFC 9110 §7.6.3 demands of proxies.
   * Without it, a loop is found only where an address tells.
   */
  default boolean addsVia() {
    return true;
  }

  /** Rewrites the fields of the upstream request. */
  default void upstreamRequest(ClientRequest request, Destination destination, FieldEdits fields) {}

  /**
   * Whether {@link #clientResponse} does the same to a response with these fields whatever the
   * request and the destination are, so that its result may be kept with a stored response.
   */
  default boolean treatsAllAlike(Fields upstreamResponse) {
    return false;
  }

  /** Rewrites the fields of the client response. */
  default void clientResponse(
      ClientRequest request,
      Destination destination,
      ResponseHead upstreamResponse,
      FieldEdits fields) {}

  /** Rewrites the fields of an interim response, 103 (RFC 8297) for example. */
  default void interimResponse(ClientRequest request, Destination destination, FieldEdits fields) {}

  /** Rewrites the fields of a response that the proxy makes itself: an error, a redirect. */
  default void ownResponse(ClientRequest request, FieldEdits fields) {}
}
