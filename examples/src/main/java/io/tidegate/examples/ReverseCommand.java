package io.tidegate.examples;

import io.tidegate.reverse.ReverseProxy;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A reverse proxy in front of one or more endpoints. */
@Command(
    name = "reverse",
    description = "Stands for servers: balances requests over them.",
    mixinStandardHelpOptions = true)
final class ReverseCommand implements Runnable {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "URL",
      description = "An endpoint; repeat the option to balance over several.")
  private List<String> endpoints = new ArrayList<>();

  @Override
  public void run() {
    ReverseProxy.Builder builder =
        ReverseProxy.builder()
            .cluster("endpoints", cluster -> endpoints.forEach(cluster::endpoint))
            .route("/**", "endpoints");
    common.run(builder, "reverse");
  }
}
