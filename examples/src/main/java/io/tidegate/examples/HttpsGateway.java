package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;
import java.time.Duration;

/** Sites over https, with HTTP/2 for clients that speak it; who comes over http is sent there. */
public final class HttpsGateway {
  private HttpsGateway() {}

  /** Two sites in front of one server. */
  public static void main(String[] arguments) {
    Path files = Path.of("/etc/gate");
    start(
        new int[] {443, 80},
        files.resolve("example.com.pem"),
        files.resolve("example.com.key"),
        files.resolve("example.org.pem"),
        "http://127.0.0.1:9001");
  }

  static Proxy start(int[] ports, Path com, Path comKey, Path org, String server) {
    return ReverseProxy.builder()
        // region tls
        .listen(ports[0])
        .tls(
            tls ->
                tls.certificate(com, comKey) // the certificate with its chain, and the key
                    .certificate(org)) // with its key in the same file
        .alsoListen("0.0.0.0", ports[1]) // without TLS
        // endregion
        // region https
        .redirectToHttps() // or .https(h -> h.redirectStatus(301).redirectPort(8443))
        .protect(
            guard ->
                guard.securityFields(
                    fields -> fields.strictTransportSecurity(Duration.ofDays(365), false)))
        // endregion
        .cluster("sites", cluster -> cluster.endpoint(server))
        .route("/**", "sites")
        .start();
  }
}
