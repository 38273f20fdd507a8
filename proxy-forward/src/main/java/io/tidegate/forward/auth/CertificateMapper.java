package io.tidegate.forward.auth;

import io.tidegate.core.spi.Identity;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** Says who a client certificate stands for. */
@FunctionalInterface
public interface CertificateMapper {
  /**
   * Whose certificate this is, or null if it says nothing about its owner: then the client has to
   * authenticate otherwise. The listener has verified it. Called for each request, on an IO thread.
   */
  @Nullable Identity identity(X509Certificate certificate);
}
