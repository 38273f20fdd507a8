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
   * only.
   */
  public @Nullable Failure refuses(RequestTarget target, boolean upgrades) {
    if (this == REVERSE) {
      return target instanceof RequestTarget.AuthorityForm
          ? Failure.badRequest(405, "CONNECT is not offered here")
          : null;
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
}
