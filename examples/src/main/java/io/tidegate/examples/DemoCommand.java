package io.tidegate.examples;

import io.tidegate.core.Proxy;
import io.tidegate.forward.ForwardProxy;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.ReverseProxy;
import java.io.IOException;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows both directions at work. */
@Command(
    name = "demo",
    description = "Shows both directions at work on this machine.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--exit", description = "Ends after the tour; else all keeps running.")
  private boolean exit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Origin a = Origin.start("server a", 0);
    Origin b = Origin.start("server b", 0);
    DemoCertificate certificate = DemoCertificate.make();
    Proxy reverse = reverse(a, b, certificate);
    Proxy forward = forward(a, b);
    SSLContext trusted = certificate.trusted();
    certificate.close(); // all has been read
    System.out.println(
        """

        Two servers, a reverse proxy in front of them, a forward proxy beside them.

          server a        %s
          server b        %s
          reverse proxy   http://%s   leads to server a and server b
                          https://%s  likewise
          forward proxy   http://%s   leads to where its clients ask, if it may
        """
            .formatted(
                a.uri(),
                b.uri(),
                CommonOptions.text(reverse.address()),
                CommonOptions.text(reverse.addresses().get(1)),
                CommonOptions.text(forward.address())));

    DemoTour tour = new DemoTour(reverse.addresses(), forward.address());
    tour.reverse(b);
    b = Origin.start("server b", b.port());
    tour.secure(trusted);
    tour.forward(a);

    if (exit) {
      reverse.close();
      forward.close();
      a.close();
      b.close();
    } else {
      tour.linesToTry(a);
      stopAtExit(reverse, forward);
    }
    return 0;
  }

  private static Proxy reverse(Origin a, Origin b, DemoCertificate certificate) {
    return ReverseProxy.builder()
        .listen(Origin.HOST, 0)
        .alsoListen(Origin.HOST, 0, also -> also.tls(certificate::apply))
        .viaName("demo-reverse")
        .cluster(
            "servers",
            cluster ->
                cluster
                    .endpoint(a.uri())
                    .endpoint(b.uri())
                    .loadBalancer(LoadBalancers.roundRobin()))
        .route("/**", "servers")
        .start();
  }

  /** The servers are on loopback, which is refused like every private address unless allowed. */
  private static Proxy forward(Origin a, Origin b) {
    return ForwardProxy.builder()
        .listen(0)
        .viaName("demo-forward")
        .allowAddresses(Origin.HOST)
        .connectPorts(443, a.port(), b.port())
        .start();
  }

  private static void stopAtExit(Proxy reverse, Proxy forward) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  reverse.close();
                  forward.close();
                },
                "demo-stop"));
  }
}
