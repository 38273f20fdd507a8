package io.tidegate.core.spi;

import io.tidegate.core.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Why an exchange, or one attempt of it, failed.
 *
 * @param error the RFC 9209 error type
 * @param status the status code for the client, if a response can still be sent
 * @param detail one phrase for the client and the log; made by us, holds nothing that was received
 * @param cause the exception behind it, for listeners only, or null
 * @param fields what the client is told besides, like Retry-After
 */
public record Failure(
    ProxyError error, int status, String detail, @Nullable Throwable cause, Fields fields)
    implements Resolution {
  /** A failure with the usual status code of {@code error}. */
  public static Failure of(ProxyError error, String detail) {
    return new Failure(error, error.status(), detail, null, Fields.empty());
  }

  /** A failure with the usual status code of {@code error}, caused by {@code cause}. */
  public static Failure of(ProxyError error, String detail, Throwable cause) {
    return new Failure(error, error.status(), detail, cause, Fields.empty());
  }

  /** A request that breaks the rules of HTTP, to be answered with {@code status}. */
  public static Failure badRequest(int status, String detail) {
    return of(ProxyError.HTTP_REQUEST_ERROR, detail).withStatus(status);
  }

  /** A request that our policy refuses. */
  public static Failure denied(String detail) {
    return of(ProxyError.HTTP_REQUEST_DENIED, detail);
  }

  /** The same, for which a client gets {@code code}. */
  public Failure withStatus(int code) {
    return new Failure(error, code, detail, cause, fields);
  }

  /** The same, of which a client is told {@code names and values} besides. */
  public Failure with(String... namesAndValues) {
    return new Failure(error, status, detail, cause, Fields.of(namesAndValues));
  }
}
