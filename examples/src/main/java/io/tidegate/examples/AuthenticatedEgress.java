package io.tidegate.examples;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.fromClient;
import static io.tidegate.forward.Requests.group;
import static io.tidegate.forward.Requests.to;

import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;

/**
 * A forward proxy that asks its clients who they are, and lets groups of users do different things.
 */
public final class AuthenticatedEgress {
  private AuthenticatedEgress() {}

  /** Listens on all addresses; the files are as {@code htpasswd -B} and docs have them. */
  public static void main(String[] arguments) {
    start("0.0.0.0", 3128, "users.htpasswd", "groups");
  }

  static Proxy start(String host, int port, String users, String groups) {
    // region users
    return ForwardProxy.builder()
        .listen(host, port)
        .authentication(
            a ->
                a.realm("egress")
                    .passwordFile(users) // alice:$2y$10$…
                    .groupFile(groups) // staff: alice bob
                    .exempt(fromClient("10.0.7.0/24"))) // machines without a user
        .allow(group("staff"))
        .deny(any().method("POST")) // from here on, who is not staff
        .allow(to("mirror.example"))
        .start();
    // endregion
  }
}
