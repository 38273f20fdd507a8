package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;

/** Two access logs: one for a program to read, and one for people. */
public final class AccessLogs {
  private AccessLogs() {}

  /** Runs it before a server of this machine. */
  public static void main(String[] arguments) {
    start(8080, "http://127.0.0.1:9000", Path.of("."));
  }

  static Proxy start(int port, String server, Path directory) {
    return ReverseProxy.builder()
        .listen(port)
        .cluster("app", cluster -> cluster.endpoint(server))
        .route("/**", "app")
        // region logs
        .accessLog(
            log ->
                log.file(directory.resolve("access.json"))
                    .json("time", "client", "method", "path", "status", "ms.total", "endpoint")
                    .maskClients()
                    .rotateBytes(100 << 20))
        .accessLog(
            log ->
                log.file(directory.resolve("access.log"))
                    .pattern("{client} {user} [{time}] \"{request}\" {status} {bytes} {ms.total}")
                    .redactParameters("token", "session")
                    .rotateDaily()
                    .keepFiles(30))
        // endregion
        .start();
  }
}
