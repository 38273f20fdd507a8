package io.tidegate.reverse.protect;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.HeaderPolicy;
import org.jspecify.annotations.Nullable;

/** A header policy, and after it what protection adds to responses and removes from requests. */
final class ProtectedHeaders implements HeaderPolicy {
  private final HeaderPolicy headers;
  private final @Nullable SecurityFields security;
  private final @Nullable Cors cors;
  private final RateLimits limits;
  private final boolean removesOverrides;

  ProtectedHeaders(
      HeaderPolicy headers,
      @Nullable SecurityFields security,
      @Nullable Cors cors,
      RateLimits limits,
      boolean removesOverrides) {
    this.headers = headers;
    this.security = security;
    this.cors = cors;
    this.limits = limits;
    this.removesOverrides = removesOverrides;
  }

  @Override
  public String host(ClientRequest request, Destination destination) {
    return headers.host(request, destination);
  }

  @Override
  public void upstreamRequest(ClientRequest request, Destination destination, FieldEdits fields) {
    if (removesOverrides) {
      OverrideFields.remove(fields);
    }
    headers.upstreamRequest(request, destination, fields);
  }

  @Override
  public boolean treatsAllAlike(Fields upstreamResponse) {
    return (security == null || security.treatsAllAlike())
        && (cors == null || cors.treatsAllAlike())
        && !limits.tells()
        && headers.treatsAllAlike(upstreamResponse);
  }

  @Override
  public void clientResponse(
      ClientRequest request,
      Destination destination,
      ResponseHead upstreamResponse,
      FieldEdits fields) {
    headers.clientResponse(request, destination, upstreamResponse, fields);
    add(request, fields);
    limits.tell(request, fields);
  }

  @Override
  public void interimResponse(ClientRequest request, Destination destination, FieldEdits fields) {
    headers.interimResponse(request, destination, fields);
  }

  @Override
  public void ownResponse(ClientRequest request, FieldEdits fields) {
    headers.ownResponse(request, fields);
    add(request, fields);
    limits.tellUnlessTold(request, fields);
  }

  private void add(ClientRequest request, FieldEdits fields) {
    if (cors != null) {
      cors.addTo(fields, request.head().fields());
    }
    if (security != null) {
      security.apply(fields, request.secure());
    }
  }
}
