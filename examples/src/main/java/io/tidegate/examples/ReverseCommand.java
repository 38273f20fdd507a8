package io.tidegate.examples;

import io.tidegate.reverse.ClusterBuilder;
import io.tidegate.reverse.LoadBalancers;
import io.tidegate.reverse.ReverseProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--balance",
      paramLabel = "NAME",
      description = "How to balance: ${COMPLETION-CANDIDATES}; power-of-two-choices by default.",
      completionCandidates = BalancerNames.class)
  private @Nullable String balancer;

  @Option(
      names = "--health",
      paramLabel = "PATH",
      description = "Ask endpoints for this path every 5 s, and leave out those that fail.")
  private @Nullable String healthPath;

  @Option(
      names = "--upstream-ca",
      paramLabel = "FILE",
      description =
          "Trust the authorities in this PEM file, and not the platform's, with https endpoints;"
              + " repeatable.")
  private List<Path> authorities = new ArrayList<>();

  @Option(
      names = "--upstream-http2",
      description =
          "Speak HTTP/2 to https endpoints that choose it; if all are http, to them without asking.")
  private boolean http2;

  @Option(
      names = "--passthrough",
      paramLabel = "NAME=HOST:PORT",
      description =
          "Passes TLS for this name, or '*.example.com', on to this server undecrypted; repeatable,"
              + " several servers of a name share its connections.")
  private List<String> passthroughs = new ArrayList<>();

  @Option(
      names = "--http-redirect",
      paramLabel = "PORT",
      description = "Listens on this port too, without TLS, and sends whoever comes to https.")
  private @Nullable Integer redirectPort;

  @Override
  public void run() {
    ReverseProxy.Builder builder =
        ReverseProxy.builder().cluster("endpoints", this::describe).route("/**", "endpoints");
    redirect(builder);
    passThrough(builder);
    common.run(builder, builder::start, "reverse");
  }

  private void redirect(ReverseProxy.Builder builder) {
    Integer port = redirectPort;
    if (port == null) {
      return;
    }
    common.requireTls("--http-redirect", port);
    builder
        .alsoListen(common.host(), port, also -> common.believe(also::proxyProtocol))
        .redirectToHttps();
  }

  private void passThrough(ReverseProxy.Builder builder) {
    Map<String, List<String>> servers = new LinkedHashMap<>();
    for (String value : passthroughs) {
      common.requireTls("--passthrough", value);
      int sign = value.indexOf('=');
      String server = value.substring(sign + 1);
      if (sign <= 0 || !server.matches(".+:\\d{1,5}")) {
        throw new IllegalArgumentException(
            "--passthrough: " + value + " (expected: NAME=HOST:PORT)");
      }
      servers
          .computeIfAbsent(value.substring(0, sign), name -> new ArrayList<>())
          .add("https://" + server);
    }
    servers.forEach(
        (name, uris) ->
            builder
                .cluster("TLS for " + name, cluster -> uris.forEach(cluster::endpoint))
                .passthrough(name, "TLS for " + name));
  }

  private void describe(ClusterBuilder cluster) {
    endpoints.forEach(cluster::endpoint);
    if (balancer != null) {
      cluster.loadBalancer(balancer);
    }
    if (!authorities.isEmpty()) {
      cluster.tls(tls -> authorities.forEach(tls::trusted));
    }
    if (http2) {
      speakHttp2(cluster);
    }
    String path = healthPath;
    if (path != null) {
      cluster.health(health -> health.check(path));
    }
  }

  /** Who cannot be asked, because there is no TLS handshake, is spoken to in HTTP/2 at once. */
  private void speakHttp2(ClusterBuilder cluster) {
    if (endpoints.stream().allMatch(uri -> uri.regionMatches(true, 0, "http://", 0, 7))) {
      cluster.http2Only();
    } else {
      cluster.http2();
    }
  }

  /** For the help text. */
  static final class BalancerNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LoadBalancers.names().stream().sorted().iterator();
    }
  }
}
