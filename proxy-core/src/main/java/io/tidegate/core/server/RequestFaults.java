package io.tidegate.core.server;

import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.spi.Failure;

/** What a client is told about a request that breaks the rules. */
public final class RequestFaults {
  private RequestFaults() {}

  /** The answer to a request with this fault. */
  public static Failure failure(BadMessageException e) {
    int status =
        switch (e.fault()) {
          case SYNTAX, FRAMING -> 400;
          case TARGET_TOO_LONG -> 414;
          case HEAD_TOO_LARGE, TOO_MANY_FIELDS, TRAILERS_TOO_LARGE -> 431;
          case VERSION -> 505;
          case TRANSFER_CODING -> 501;
        };
    return Failure.badRequest(status, e.detail());
  }
}
