package io.tidegate.examples;

import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;

/** A reverse proxy with a page that shows how it fares, for those who know a token. */
public final class Administered {
  private Administered() {}

  /** Begins in front of one server; the token is the content of the file that is named. */
  public static void main(String[] arguments) {
    ReverseProxy proxy = start("http://127.0.0.1:9001", 8080, 9901, Path.of(arguments[0]));
    System.out.println("http:/" + proxy.adminAddress().orElseThrow() + "/");
  }

  static ReverseProxy start(String server, int port, int adminPort, Path token) {
    return ReverseProxy.builder()
        .listen(port)
        .cluster("app", cluster -> cluster.endpoint(server))
        .route("/**", "app")
        // region admin
        .admin(admin -> admin.listen(adminPort).tokenFile(token))
        // endregion
        .start();
  }
}
