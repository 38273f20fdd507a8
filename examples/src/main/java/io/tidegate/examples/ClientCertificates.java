package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.core.tls.ClientCertificateSettings.Demand;
import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;

/** A gateway that serves clients with certificates, and tells its servers who they are. */
public final class ClientCertificates {
  private ClientCertificates() {}

  /** Runs it with the files of one directory. */
  public static void main(String[] arguments) {
    Path files = Path.of("/etc/gate");
    start(
        8443,
        files.resolve("example.com.pem"),
        files.resolve("clients-ca.pem"),
        files.resolve("clients.crl"),
        "http://127.0.0.1:9001");
  }

  static Proxy start(int port, Path pem, Path authority, Path revoked, String server) {
    return ReverseProxy.builder()
        .listen(port)
        // region clients
        .tls(
            tls ->
                tls.certificate(pem)
                    .clientCertificates(Demand.REQUIRED, authority)
                    .revocationLists(revoked))
        .https(told -> told.clientCertificate()) // tells upstreams
        // endregion
        .cluster("orders", cluster -> cluster.endpoint(server))
        .route("/**", "orders")
        .start();
  }
}
