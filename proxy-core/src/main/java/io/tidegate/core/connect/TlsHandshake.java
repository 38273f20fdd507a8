package io.tidegate.core.connect;

import io.tidegate.core.http.Ip;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.tls.Handshake;
import io.tidegate.core.tls.TlsConnection;
import io.tidegate.core.tls.UnpinnedCertificateException;
import java.io.IOException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/** Makes a connection a TLS one whose peer has proved to be the host meant (RFC 9110 §4.3.4). */
final class TlsHandshake implements Handshake.Owner {
  private final StreamConnection tcp;
  private final Handshake handshake;
  private final Completion<TlsConnection> completion;

  /**
   * Offers {@code protocols} by ALPN, the best first; nothing if there are none. Which was chosen
   * the connection tells.
   */
  TlsHandshake(
      IoLoop loop,
      StreamConnection tcp,
      String destination,
      int port,
      UpstreamTls how,
      List<String> protocols,
      Executor worker,
      Completion<TlsConnection> completion) {
    this.tcp = tcp;
    this.completion = completion;
    String host = Objects.requireNonNullElse(how.serverName(), destination);
    this.handshake = new Handshake(loop, tcp, engine(how, host, port, protocols), worker, this);
  }

  /** An engine that knows host and port goes on with a session that it has had with them. */
  private static SSLEngine engine(UpstreamTls how, String host, int port, List<String> protocols) {
    SSLEngine engine = how.context().createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    SNIHostName name = serverName(host);
    if (name != null) {
      parameters.setServerNames(List.of(name));
    }
    List<String> versions = how.source().versions();
    if (!versions.isEmpty()) {
      parameters.setProtocols(versions.toArray(String[]::new));
    }
    if (!protocols.isEmpty()) {
      parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /**
   * What can be said in SNI (RFC 6066 §3): a host name, and neither an address nor anything else.
   */
  private static @Nullable SNIHostName serverName(String host) {
    try {
      return Ip.parse(host) == null ? new SNIHostName(host) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  void start() {
    handshake.start(null);
  }

  /** Gives up, silently. */
  void abandon() {
    handshake.abandon();
    IoUtils.safeClose(tcp);
  }

  @Override
  public void secured(TlsConnection connection) {
    completion.completed(connection);
  }

  @Override
  public void failed(IOException cause) {
    IoUtils.safeClose(tcp);
    completion.failed(failure(cause));
  }

  private static Failure failure(Exception cause) {
    for (@Nullable Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof UnpinnedCertificateException) {
        return Failure.of(
            ProxyError.TLS_CERTIFICATE_ERROR,
            "the certificate of the upstream is not a pinned one",
            cause);
      }
      if (t instanceof InvalidAlgorithmParameterException) { // there is no authority to begin with
        return unusable(cause);
      }
      if (t instanceof CertificateException) {
        return Failure.of(
            ProxyError.TLS_CERTIFICATE_ERROR,
            "the certificate of the upstream was not accepted",
            cause);
      }
      if (isAlert(t)) {
        return refusal(cause);
      }
    }
    return Failure.of(
        ProxyError.TLS_PROTOCOL_ERROR, "the TLS handshake with the upstream failed", cause);
  }

  /** Our own trust and keys are such that no handshake with anybody could succeed. */
  static Failure unusable(Throwable cause) {
    return Failure.of(
            ProxyError.PROXY_CONFIGURATION_ERROR, "the trust or keys for TLS are unusable", cause)
        .withStatus(502);
  }

  private static Failure refusal(Exception cause) {
    return Failure.of(
        ProxyError.TLS_ALERT_RECEIVED, "the upstream refused the TLS handshake", cause);
  }

  /**
   * A handshake of TLS 1.3 may be over for us before it is for the upstream, whose refusal comes
   * later (RFC 8446 §4.6.2); null if {@code cause} is none.
   */
  static @Nullable Failure lateRefusal(IOException cause) {
    return isAlert(cause) ? refusal(cause) : null;
  }

  /** There is no other sign of one; each provider has its own. */
  private static boolean isAlert(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("fatal alert") || message.contains("_ALERT_");
  }
}
