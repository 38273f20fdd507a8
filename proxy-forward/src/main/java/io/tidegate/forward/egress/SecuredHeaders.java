package io.tidegate.forward.egress;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.HeaderPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fields of exchanges that are http for the client and https for the upstream: credentials are
 * added, and references of the response lead back to where the client came from. Cookies stay as
 * they are: one that is for secure connections only is not for this client's.
 */
final class SecuredHeaders implements HeaderPolicy {
  private static final String HTTPS = "https://";

  /** What clients follow, and what tells where the content is (RFC 9110 §10.2.2, §8.7). */
  private static final List<FieldName> REFERENCES =
      List.of(FieldName.LOCATION, FieldName.of("Content-Location"));

  private final HeaderPolicy others;
  private final List<Sending.Credential> credentials;

  SecuredHeaders(HeaderPolicy others, List<Sending.Credential> credentials) {
    this.others = others;
    this.credentials = credentials;
  }

  boolean isBeside(HeaderPolicy policy) {
    return others == policy;
  }

  @Override
  public String host(ClientRequest request, Destination destination) {
    return others.host(request, destination);
  }

  @Override
  public boolean addsVia() {
    return others.addsVia();
  }

  /**
   * Credentials come last: no other rule sends them elsewhere, or something else in their place.
   */
  @Override
  public void upstreamRequest(ClientRequest request, Destination destination, FieldEdits fields) {
    others.upstreamRequest(request, destination, fields);
    if (destination.secure() && !destination.isRelay()) {
      for (Sending.Credential credential : credentials) {
        fields.set(credential.field(), credential.value());
      }
    }
  }

  @Override
  public boolean treatsAllAlike(Fields upstreamResponse) {
    for (FieldName name : REFERENCES) {
      if (upstreamResponse.contains(name)) {
        return false;
      }
    }
    return others.treatsAllAlike(upstreamResponse);
  }

  @Override
  public void clientResponse(
      ClientRequest request,
      Destination destination,
      ResponseHead upstreamResponse,
      FieldEdits fields) {
    for (FieldName name : REFERENCES) {
      String value = fields.first(name);
      String mapped = value == null ? null : mapped(value, request, destination);
      if (mapped != null) {
        fields.set(name, mapped);
      }
    }
    others.clientResponse(request, destination, upstreamResponse, fields);
  }

  /** The reference by way of this proxy, or null if it does not lead to the upstream itself. */
  private static @Nullable String mapped(
      String value, ClientRequest request, Destination destination) {
    if (!value.regionMatches(true, 0, HTTPS, 0, HTTPS.length())) {
      return null;
    }
    int end = HTTPS.length();
    while (end < value.length() && "/?#".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    Authority authority = Authority.parseOrNull(value.substring(HTTPS.length(), end));
    boolean same =
        authority != null
            && authority.host().equals(request.authority().host())
            && isPort(authority.portOr("https"), request, destination);
    return same ? "http://" + request.authority() + value.substring(end) : null;
  }

  /** An upstream that was asked for port 80 names the port it thinks it is asked on, or its own. */
  private static boolean isPort(int port, ClientRequest request, Destination destination) {
    return port == destination.port() || (port == 443 && request.port() == 80);
  }

  @Override
  public void interimResponse(ClientRequest request, Destination destination, FieldEdits fields) {
    others.interimResponse(request, destination, fields);
  }

  @Override
  public void ownResponse(ClientRequest request, FieldEdits fields) {
    others.ownResponse(request, fields);
  }
}
