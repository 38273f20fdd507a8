package io.tidegate.core.spi;

/**
 * Finds out who a client is. Asked in {@link Stage#AUTHORIZE}, before anything is decided about the
 * request.
 *
 * <p>What a SOCKS client shows (RFC 1929) is asked about before it is known what the client wants.
 * The request is then {@code OPTIONS *} with an empty host, and has the credentials as {@code
 * Basic} ones in Proxy-Authorization; the answer holds for the whole connection.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * Tells {@code completion} who has sent {@code request}, now or later, on any thread; once. A
   * failure refuses the request: most often with status 407 and a Proxy-Authenticate field, 401 and
   * WWW-Authenticate in a reverse proxy (RFC 9110 §11). It must not block. A question that is not
   * answered within the response time-out fails the exchange.
   */
  void authenticate(ClientRequest request, Completion<Identity> completion);
}
