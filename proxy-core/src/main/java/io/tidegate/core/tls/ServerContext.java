package io.tidegate.core.tls;

import io.tidegate.core.spi.Checks;
import java.util.List;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Makes the engines of a server that all prove the same: its sessions can be resumed. */
final class ServerContext {
  private static final int HOST_NAME = 0; // RFC 6066 §3
  private static final String[] HTTP_2 = {"h2", "http/1.1", "http/1.0"};
  private static final String[] HTTP_1 = {"http/1.1", "http/1.0"};

  private final SSLContext context;
  private final SSLParameters http1;
  private final SSLParameters http2;

  /**
   * Engines of {@code context} as {@code settings} say, which {@code refuses} all names or none.
   */
  ServerContext(SSLContext context, TlsSettings settings, boolean refuses) {
    this.context = context;
    this.http1 = parameters(settings, refuses);
    this.http2 = parameters(settings, refuses);
    http1.setApplicationProtocols(HTTP_1);
    http2.setApplicationProtocols(HTTP_2);
  }

  private SSLParameters parameters(TlsSettings settings, boolean refuses) {
    SSLParameters parameters = new SSLParameters();
    Checks checks = new Checks();
    String[] supported = context.getSupportedSSLParameters().getCipherSuites();
    parameters.setCipherSuites(CipherSuites.of(settings.ciphers(), supported, checks));
    checks.done();
    parameters.setUseCipherSuitesOrder(true);
    parameters.setProtocols(
        settings.versions().stream().map(TlsVersion::protocol).toArray(String[]::new));
    settings
        .clientCertificates()
        .ifPresent(
            asked -> {
              boolean required = asked.demand() == ClientCertificateSettings.Demand.REQUIRED;
              if (required) {
                parameters.setNeedClientAuth(true);
              } else {
                parameters.setWantClientAuth(true);
              }
            });
    if (refuses) {
      parameters.setSNIMatchers(List.of(new NoName()));
    }
    return parameters;
  }

  /** An engine for one connection. */
  SSLEngine engine(boolean withHttp2) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    TlsProvider.resumable(engine);
    engine.setSSLParameters(withHttp2 ? http2 : http1);
    return engine;
  }

  /** Has the client told that its name is unknown (unrecognized_name, RFC 6066 §3). */
  private static final class NoName extends SNIMatcher {
    NoName() {
      super(HOST_NAME);
    }

    @Override
    public boolean matches(SNIServerName name) {
      return false;
    }
  }
}
