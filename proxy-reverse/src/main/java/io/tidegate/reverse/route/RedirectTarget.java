package io.tidegate.reverse.route;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.spi.Resolution;
import org.jspecify.annotations.Nullable;

/** Sends clients elsewhere (RFC 9110 §15.4). */
public final class RedirectTarget implements RouteTarget {
  private static final byte[] NO_CONTENT = {};

  private final RouteAction.Redirect redirect;
  private final PathTemplate from;
  private final @Nullable PathTemplate to;
  private final Fields fields;

  /**
   * Redirects as {@code redirect} says, which was checked.
   *
   * @param from the route's template
   * @param fields the fields of the response beside Location
   */
  public RedirectTarget(RouteAction.Redirect redirect, PathTemplate from, Fields fields) {
    this.redirect = redirect;
    this.from = from;
    this.to = PathTemplate.parse(redirect.path());
    this.fields = fields;
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    Fields all = new FieldEdits(fields).set(FieldName.LOCATION, location(request)).toFields();
    return new OwnResponse(redirect.status(), all, NO_CONTENT);
  }

  private String location(ClientRequest request) {
    String path = RequestPath.forwarded(request.pathAndQuery());
    int end = RequestPath.end(path);
    String query =
        redirect.query().map(q -> q.isEmpty() ? "" : "?" + q).orElse(path.substring(end));
    path = path.substring(0, end);
    if (!path.startsWith("/")) {
      path = "/"; // OPTIONS *
    }
    path = to == null ? path : to.filled(from, path);
    String origin = origin(request);
    // Alone, such a path would name a host.
    boolean host = path.startsWith("//") || path.startsWith("/\\");
    return (origin.isEmpty() && host ? "/." + path : origin + path) + query;
  }

  /**
   * {@code scheme://authority}, or empty if neither changes: a proxy in front of us may have
   * changed both.
   */
  private String origin(ClientRequest request) {
    boolean same = redirect.scheme().isEmpty() && redirect.host().isEmpty() && redirect.port() == 0;
    String host = redirect.host().isEmpty() ? request.authority().host() : redirect.host();
    if (same || host.isEmpty()) {
      return "";
    }
    String scheme =
        !redirect.scheme().isEmpty() ? redirect.scheme() : request.secure() ? "https" : "http";
    int port = redirect.port();
    if (port == 0 && redirect.scheme().isEmpty() && redirect.host().isEmpty()) {
      port = request.authority().port();
    }
    Authority authority = port > 0 ? new Authority(host, port) : new Authority(host, -1);
    return scheme + "://" + authority.withoutDefaultPort(scheme);
  }
}
