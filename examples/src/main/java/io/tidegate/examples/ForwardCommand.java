package io.tidegate.examples;

import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.Requests;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A forward proxy for the clients that can reach it. */
@Command(
    name = "forward",
    description = "Stands for clients: they reach the world through it.",
    mixinStandardHelpOptions = true)
final class ForwardCommand implements Runnable {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--allow-private",
      description = "Lets clients reach private addresses, this machine included.")
  private boolean allowPrivate;

  @Option(
      names = "--connect-port",
      paramLabel = "PORT",
      description = "A port that CONNECT may go to instead of 443; repeatable, '*' for all.")
  private List<String> connectPorts = new ArrayList<>();

  @Option(
      names = "--nat64-prefix",
      paramLabel = "PREFIX",
      description = "A prefix of this network's own NAT64 translators; repeatable.")
  private List<String> nat64Prefixes = new ArrayList<>();

  @Option(
      names = "--tls-tunnels",
      description = "Tunnels must begin with TLS for the host that CONNECT names.")
  private boolean tlsTunnels;

  @Override
  public void run() {
    ForwardProxy.Builder builder = ForwardProxy.builder();
    if (allowPrivate) {
      builder.allowPrivateDestinations();
    }
    builder.nat64Prefixes(nat64Prefixes.toArray(String[]::new));
    if (tlsTunnels) {
      builder.tlsTunnels(Requests.any());
    }
    for (String port : connectPorts) {
      if (port.equals("*")) {
        builder.anyConnectPort();
      } else if (port.matches("\\d{1,5}")) {
        builder.connectPorts(Integer.parseInt(port));
      } else {
        throw new IllegalArgumentException("--connect-port: " + port + " (expected: a port or *)");
      }
    }
    common.run(builder, "forward");
  }
}
