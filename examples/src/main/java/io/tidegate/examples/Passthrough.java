package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;

/** Some hosts keep their keys to themselves: what is for them is passed on undecrypted. */
public final class Passthrough {
  private Passthrough() {}

  /** Runs it with a database beside a site. */
  public static void main(String[] arguments) {
    start(
        443,
        Path.of("/etc/gate/example.com.pem"),
        "http://127.0.0.1:9001",
        "https://10.0.0.1:5433",
        "https://10.0.1.1:443");
  }

  static Proxy start(int port, Path pem, String site, String database, String tenants) {
    // region passthrough
    return ReverseProxy.builder()
        .listen(port)
        .tls(tls -> tls.certificate(pem)) // for all other hosts
        .cluster("site", cluster -> cluster.endpoint(site))
        .route("/**", "site")
        .cluster("db", cluster -> cluster.endpoint(database))
        .passthrough("db.example.com", "db")
        .cluster("tenants", cluster -> cluster.endpoint(tenants))
        .passthrough("*.tenants.example.com", "tenants")
        .start();
    // endregion
  }
}
