package io.tidegate.core.server;

import io.undertow.server.RenegotiationRequiredException;
import io.undertow.server.SSLSessionInfo;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What the client of a TLS connection has proved itself with. */
final class PeerCertificates {
  private PeerCertificates() {}

  /** The chain, the client's own certificate first; empty without TLS, or without a certificate. */
  static List<X509Certificate> of(@Nullable SSLSessionInfo session) {
    if (session == null) {
      return List.of();
    }
    try {
      return of(session.getPeerCertificates());
    } catch (SSLPeerUnverifiedException | RenegotiationRequiredException e) {
      return List.of(); // it has shown none
    }
  }

  /** The chain, the client's own certificate first; empty without a certificate. */
  static List<X509Certificate> of(SSLSession session) {
    try {
      return of(session.getPeerCertificates());
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // it has shown none
    }
  }

  private static List<X509Certificate> of(Certificate @Nullable [] chain) {
    return chain == null
        ? List.of()
        : Arrays.stream(chain)
            .filter(X509Certificate.class::isInstance)
            .map(X509Certificate.class::cast)
            .toList();
  }
}
