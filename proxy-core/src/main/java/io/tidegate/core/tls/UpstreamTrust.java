package io.tidegate.core.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides which upstreams are believed: by who vouches for their certificate and by whether it is
 * for the host, both as the platform does it, and by pins.
 *
 * <p>Pins are compared with the certificate of the upstream itself: what else it sends need not be
 * what vouches for it.
 */
final class UpstreamTrust extends X509ExtendedTrustManager {
  private static final X509Certificate[] NONE = {};

  private final @Nullable X509ExtendedTrustManager chain;
  private final Set<Fingerprint> keys;
  private final Set<Fingerprint> certificates;

  /**
   * Without {@code chain}, nobody is asked to vouch; without pins, any certificate will do.
   *
   * @param keys the pinned keys
   * @param certificates the pinned certificates
   */
  UpstreamTrust(
      @Nullable X509ExtendedTrustManager chain,
      Set<Fingerprint> keys,
      Set<Fingerprint> certificates) {
    this.chain = chain;
    this.keys = Set.copyOf(keys);
    this.certificates = Set.copyOf(certificates);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] sent, String authType, SSLEngine engine)
      throws CertificateException {
    if (chain != null) {
      requireHost(engine.getSSLParameters().getEndpointIdentificationAlgorithm());
      chain.checkServerTrusted(sent, authType, engine);
    }
    checkPins(sent);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] sent, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(sent, authType);
  }

  /** Who asks like this does not say which host is meant. */
  @Override
  public void checkServerTrusted(X509Certificate[] sent, String authType)
      throws CertificateException {
    if (chain != null) {
      requireHost(null);
    }
    checkPins(sent);
  }

  /** A chain that is good for some host or other proves nothing. */
  private static void requireHost(@Nullable String identification) throws CertificateException {
    if (!"HTTPS".equals(identification)) {
      throw new CertificateException("the host is not verified");
    }
  }

  private void checkPins(X509Certificate[] sent) throws CertificateException {
    if (keys.isEmpty() && certificates.isEmpty()) {
      return;
    }
    X509Certificate own = sent[0];
    if (!keys.contains(Fingerprint.of(own.getPublicKey().getEncoded()))
        && !certificates.contains(Fingerprint.of(own.getEncoded()))) {
      throw new UnpinnedCertificateException();
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] sent, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(sent, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] sent, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(sent, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] sent, String authType)
      throws CertificateException {
    throw new CertificateException("this is for upstreams");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chain == null ? NONE : chain.getAcceptedIssuers();
  }
}
