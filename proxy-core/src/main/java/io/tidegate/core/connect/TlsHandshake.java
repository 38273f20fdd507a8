package io.tidegate.core.connect;

import io.tidegate.core.http.Ip;
import io.tidegate.core.io.IoLoop;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UpstreamTls;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.ssl.SslConnection;

/** Makes a connection a TLS one whose peer has proved to be the host meant (RFC 9110 §4.3.4). */
final class TlsHandshake {
  private final IoLoop loop;
  private final StreamConnection tcp;
  private final SslConnection tls;
  private final SSLEngine engine;
  private final Completion<StreamConnection> completion;
  private boolean done;

  TlsHandshake(
      IoLoop loop,
      StreamConnection tcp,
      String destination,
      int port,
      UpstreamTls how,
      Executor worker,
      Completion<StreamConnection> completion) {
    this.loop = loop;
    this.tcp = tcp;
    this.completion = completion;
    String host = Objects.requireNonNullElse(how.serverName(), destination);
    OptionMap options =
        OptionMap.create(Options.SSL_PEER_HOST_NAME, host, Options.SSL_PEER_PORT, port);
    UndertowXnioSsl ssl =
        new UndertowXnioSsl(Xnio.getInstance(), OptionMap.EMPTY, how.context(), worker);
    this.tls = ssl.wrapExistingConnection(tcp, options, true);
    this.engine = UndertowXnioSsl.getSslEngine(tls);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    SNIHostName name = serverName(host);
    if (name != null) {
      parameters.setServerNames(List.of(name));
    }
    engine.setSSLParameters(parameters);
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
    // Not at once: the conduit that calls back is in the middle of its work.
    tls.getHandshakeSetter().set(connection -> loop.thread().execute(this::completed));
    tls.getSourceChannel().setReadListener(channel -> progress());
    tls.getSinkChannel().setWriteListener(channel -> progress());
    try {
      tls.startHandshake();
    } catch (IOException e) {
      failed(e);
      return;
    }
    tls.getSourceChannel().resumeReads();
    tls.getSinkChannel().resumeWrites();
    progress();
  }

  /** Gives up, silently. */
  void abandon() {
    done = true;
    IoUtils.safeClose(tls);
    IoUtils.safeClose(tcp);
  }

  private void progress() {
    if (done) {
      return;
    }
    try {
      tls.getSinkChannel().flush();
      int n = tls.getSourceChannel().read(ByteBuffer.allocate(1));
      if (n != 0) {
        failed(new SSLException(n < 0 ? "closed during the handshake" : "data before the request"));
      }
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  private void completed() {
    if (!done) {
      done = true;
      tls.getSinkChannel().suspendWrites();
      tls.getSourceChannel().suspendReads();
      tls.getSinkChannel().setWriteListener(null);
      tls.getSourceChannel().setReadListener(null);
      completion.completed(tls);
      loop.flush();
    }
  }

  private void failed(Exception cause) {
    if (!done) {
      done = true;
      Exception reason = reason(cause);
      IoUtils.safeClose(tls);
      IoUtils.safeClose(tcp);
      completion.failed(failure(reason));
      loop.flush();
    }
  }

  /** The engine knows best why it will not go on, and says so if it is asked to start anew. */
  private Exception reason(Exception cause) {
    try {
      engine.beginHandshake();
      return cause;
    } catch (SSLException e) {
      return e.getCause() == null ? cause : e;
    }
  }

  private static Failure failure(Exception cause) {
    for (@Nullable Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateException) {
        return Failure.of(
            ProxyError.TLS_CERTIFICATE_ERROR,
            "the certificate of the upstream was not accepted",
            cause);
      }
      if (String.valueOf(t.getMessage()).contains("fatal alert")) {
        return Failure.of(
            ProxyError.TLS_ALERT_RECEIVED, "the upstream refused the TLS handshake", cause);
      }
    }
    return Failure.of(
        ProxyError.TLS_PROTOCOL_ERROR, "the TLS handshake with the upstream failed", cause);
  }
}
