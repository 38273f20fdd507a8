package io.tidegate.reverse.rewrite;

import io.tidegate.core.header.ClientCertificateFields;
import io.tidegate.core.header.FieldRules;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.reverse.affinity.AffinityCookie;
import io.tidegate.reverse.balance.LoadReport;
import java.net.InetAddress;
import java.util.Optional;

/**
 * How a route rewrites fields: our own first, then the user's rules, so that those have the last
 * word.
 */
public final class RouteHeaders implements HeaderPolicy {
  private final UpstreamHost upstreamHost;
  private final ForwardedFields forwarded;
  private final ClientCertificateFields clientCertificates;
  private final ResponseMapping mapping;
  private final HiddenNames hidden;
  private final Optional<AffinityCookie> affinity;
  private final FieldRules requestRules;
  private final FieldRules responseRules;

  /**
   * The rules of one route.
   *
   * @param space all routes and servers
   * @param own the route, which responses are mapped back through
   * @param secureCookies whether cookies get Secure if the client's side is https
   */
  public RouteHeaders(
      UpstreamHost upstreamHost,
      ForwardedFields forwarded,
      ClientCertificateFields clientCertificates,
      UrlSpace space,
      UrlSpace.Way own,
      boolean secureCookies,
      Optional<AffinityCookie> affinity,
      FieldRules requestRules,
      FieldRules responseRules) {
    this.upstreamHost = upstreamHost;
    this.forwarded = forwarded;
    this.clientCertificates = clientCertificates;
    this.mapping = new ResponseMapping(own, hostName(upstreamHost), space, secureCookies);
    this.hidden = new HiddenNames(space);
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
    InetAddress client = request.clientAddress().getAddress();
    forwarded.apply(fields, client, request.secure(), request.authority());
    clientCertificates.apply(fields, forwarded.trusts(client), request.certificates());
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
    map(request, destination, fields);
    if (affinity.isPresent()) {
      affinity.get().addTo(request, destination, fields);
    }
    responseRules.apply(fields);
  }

  /** Rules for fields are about the final response. */
  @Override
  public void interimResponse(ClientRequest request, Destination destination, FieldEdits fields) {
    map(request, destination, fields);
  }

  private void map(ClientRequest request, Destination destination, FieldEdits fields) {
    if (ResponseMapping.concerns(fields.received())) {
      mapping.apply(fields, destination, clientSide(request));
    }
    hidden.apply(fields);
    fields.remove(LoadReport.FIELD).remove(LoadReport.BINARY_FIELD);
  }

  /** Behind a trusted proxy the scheme is for that to tell, and the name for it to know. */
  private ClientSide clientSide(ClientRequest request) {
    if (!forwarded.trusts(request.clientAddress().getAddress())) {
      String scheme = request.secure() ? "https" : "http";
      return new ClientSide(scheme, request.authority(), request.secure());
    }
    String told = request.head().fields().first(FieldName.X_FORWARDED_PROTO);
    boolean secure = told == null ? request.secure() : told.equalsIgnoreCase("https");
    return new ClientSide("", request.authority(), secure);
  }
}
