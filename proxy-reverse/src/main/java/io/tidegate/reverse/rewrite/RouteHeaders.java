package io.tidegate.reverse.rewrite;

import io.tidegate.core.header.FieldRules;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.reverse.affinity.AffinityCookie;
import io.tidegate.reverse.balance.LoadReport;
import java.util.Optional;

/**
 * How a route rewrites fields: our own first, then the user's rules, so that those have the last
 * word.
 */
public final class RouteHeaders implements HeaderPolicy {
  private final UpstreamHost upstreamHost;
  private final ForwardedFields forwarded;
  private final ResponseMapping mapping;
  private final Optional<AffinityCookie> affinity;
  private final FieldRules requestRules;
  private final FieldRules responseRules;

  /** The rules of one route; {@code paths} are mapped back in responses. */
  public RouteHeaders(
      UpstreamHost upstreamHost,
      ForwardedFields forwarded,
      PathMapping paths,
      Optional<AffinityCookie> affinity,
      FieldRules requestRules,
      FieldRules responseRules) {
    this.upstreamHost = upstreamHost;
    this.forwarded = forwarded;
    this.mapping = new ResponseMapping(paths, hostName(upstreamHost));
    this.affinity = affinity;
    this.requestRules = requestRules;
    this.responseRules = responseRules;
  }

  private static Optional<Authority> hostName(UpstreamHost host) {
    return host instanceof UpstreamHost.Named named
        ? Optional.ofNullable(Authority.parseOrNull(named.name()))
        : Optional.empty();
  }

  @Override
  public String host(ClientRequest request, Destination destination) {
    if (upstreamHost instanceof UpstreamHost.Named named) {
      return named.name();
    }
    boolean ofClient =
        upstreamHost instanceof UpstreamHost.OfClient && !request.authority().host().isEmpty();
    return ofClient ? request.authority().toString() : destination.hostField();
  }

  @Override
  public void upstreamRequest(ClientRequest request, Destination destination, FieldEdits fields) {
    // The scheme of an absolute-form target is the client's claim; only the connection tells the
    // truth.
    forwarded.apply(
        fields, request.clientAddress().getAddress(), request.secure(), request.authority());
    requestRules.apply(fields);
  }

  @Override
  public boolean treatsAllAlike(Fields upstreamResponse) {
    return !ResponseMapping.concerns(upstreamResponse);
  }

  @Override
  public void clientResponse(
      ClientRequest request,
      Destination destination,
      ResponseHead upstreamResponse,
      FieldEdits fields) {
    if (ResponseMapping.concerns(fields.received())) {
      mapping.apply(fields, destination, origin(request));
    }
    fields.remove(LoadReport.FIELD).remove(LoadReport.BINARY_FIELD);
    if (affinity.isPresent()) {
      affinity.get().addTo(request, destination, fields);
    }
    responseRules.apply(fields);
  }

  /**
   * {@code scheme://authority} as the client sees it. Behind a trusted proxy that is for the proxy
   * to know, and after a request without Host nobody knows: then empty.
   */
  private String origin(ClientRequest request) {
    boolean unknown =
        request.authority().host().isEmpty()
            || forwarded.trusts(request.clientAddress().getAddress());
    return unknown ? "" : (request.secure() ? "https://" : "http://") + request.authority();
  }
}
