package io.tidegate.examples;

import static io.tidegate.forward.Requests.any;

import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;
import java.nio.file.Path;

/**
 * A forward proxy that is reached over TLS, so that passwords and hosts are not seen on the way.
 */
public final class TlsForward {
  private TlsForward() {}

  /** Clients set {@code https://proxy.example.com:3129} as their proxy. */
  public static void main(String[] arguments) {
    start("0.0.0.0", 3129, Path.of("/etc/gate/proxy.example.com.pem"), "users.htpasswd");
  }

  static Proxy start(String host, int port, Path pem, String users) {
    // region tls
    return ForwardProxy.builder()
        .listen(host, port)
        .tls(tls -> tls.certificate(pem))
        .authentication(a -> a.realm("egress").passwordFile(users))
        .allow(any())
        .start();
    // endregion
  }
}
