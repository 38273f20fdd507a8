package io.tidegate.forward.auth;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Identity;

/** Says who a bearer token (RFC 6750) stands for. */
@FunctionalInterface
public interface TokenVerifier {
  /**
   * Tells {@code completion} whose token this is, now or later, on any thread; once. It must not
   * block. A failure with status 407 refuses the token, and the client is told how else to
   * authenticate; any other failure is answered as it is, 503 if the verifier cannot tell. Nothing
   * is remembered: a verifier that asks others keeps what they said as long as it is good.
   *
   * @param token as received, without the scheme; neither valid nor safe to log
   * @param request that carries the token
   */
  void verify(String token, ClientRequest request, Completion<Identity> completion);
}
