package io.tidegate.reverse;

import io.tidegate.reverse.route.RouteAction;
import java.util.Optional;

/** Describes where a redirect leads. What is not said stays as the client asked for it. */
public final class RedirectBuilder {
  private String scheme = "";
  private String host = "";
  private int port;
  private String path = "";
  private Optional<String> query = Optional.empty();

  RedirectBuilder() {}

  /** To this scheme, http or https, and to its default port unless {@link #port} is called. */
  public RedirectBuilder scheme(String scheme) {
    this.scheme = scheme;
    return this;
  }

  /** To this host, or host and port. */
  public RedirectBuilder host(String host) {
    this.host = host;
    return this;
  }

  /** To this port, 1 to 65,535. */
  public RedirectBuilder port(int port) {
    this.port = port;
    return this;
  }

  /**
   * To this path: a template like {@code /new/{id}/**}, filled with what the route's path names.
   */
  public RedirectBuilder path(String template) {
    this.path = template;
    return this;
  }

  /** With this query, without its question mark, in place of the client's; empty for none. */
  public RedirectBuilder query(String query) {
    this.query = Optional.of(query);
    return this;
  }

  RouteAction.Redirect action(int status) {
    return new RouteAction.Redirect(status, scheme, host, port, path, query);
  }
}
