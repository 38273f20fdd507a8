package io.tidegate.core.spi;

import io.tidegate.core.http.RequestTarget;
import org.jspecify.annotations.Nullable;

/** Whom a proxy stands for. */
public enum Direction {
  /** For the client: takes absolute-form and CONNECT. */
  FORWARD,
  /**
   * For the servers: takes every form but CONNECT (RFC 9112 §3.2.2 has servers accept
   * absolute-form).
   */
  REVERSE;

  /**
   * Why this direction does not take such a target, or null if it does. Of a forward proxy, some
   * clients ask for a WebSocket ({@code upgrades}) in origin-form, and name the server in Host
   * only. A gateway answers for the scheme of the connection alone (RFC 9110 §7.4).
   *
   * @param secure whether the client's connection is TLS
   */
  public @Nullable Failure refuses(RequestTarget target, boolean upgrades, boolean secure) {
    if (this == REVERSE) {
      return ofGateway(target, secure ? "https" : "http");
    }
    if (target instanceof RequestTarget.AbsoluteForm absolute) {
      return absolute.scheme().equals("http")
          ? null
          : Failure.badRequest(400, "only http URIs and CONNECT can be asked of this proxy");
    }
    boolean named = target instanceof RequestTarget.OriginForm && upgrades;
    return named || target instanceof RequestTarget.AuthorityForm
        ? null
        : Failure.badRequest(400, "this is a proxy: the request target must be a full URI");
  }

  private static @Nullable Failure ofGateway(RequestTarget target, String scheme) {
    if (target instanceof RequestTarget.AuthorityForm) {
      return Failure.badRequest(405, "CONNECT is not offered here");
    }
    return target instanceof RequestTarget.AbsoluteForm absolute
            && !absolute.scheme().equals(scheme)
        ? Failure.badRequest(421, "the connection does not fit the scheme of the request target")
        : null;
  }
}
