package io.tidegate.examples;

import static io.tidegate.forward.Requests.any;
import static io.tidegate.forward.Requests.to;

import io.tidegate.core.Proxy;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Secret;
import io.tidegate.forward.ForwardProxy;
import java.util.function.Consumer;

/** The way out for builds: package registries and nothing else, and word of what was refused. */
public final class BuildEgress {
  private BuildEgress() {}

  /** Listens on all addresses, for builds that know the token in the file that is named. */
  public static void main(String[] arguments) {
    start("0.0.0.0", 3128, Secret.file(arguments[0]), "10.20.0.5", System.out::println);
  }

  static Proxy start(String host, int port, Secret token, String mirror, Consumer<String> report) {
    // region builds
    return ForwardProxy.builder()
        .listen(host, port)
        .authentication(a -> a.realm("builds").user("build", token)) // http://build:token@host:3128
        .allow(to("repo.maven.apache.org").to("plugins.gradle.org").port(443))
        .allow(to("registry.npmjs.org").port(443))
        .allow(to("pypi.org").to("files.pythonhosted.org").port(443))
        .allow(to("deb.debian.org").ports(80, 443))
        .allow(to(mirror))
        .allowAddresses(mirror) // a server of the own network
        .tlsTunnels(any()) // what a tunnel carries is TLS, for the host that was asked for
        .listener(reporting(report))
        .start();
    // endregion
  }

  // region report
  private static ExchangeListener reporting(Consumer<String> report) {
    return new ExchangeListener() {
      @Override
      public void completed(Outcome outcome) {
        if (outcome.request() != null && outcome.failure() != null && outcome.status() == 403) {
          report.accept("refused " + outcome.request().authority());
        }
      }
    };
  }
  // endregion
}
