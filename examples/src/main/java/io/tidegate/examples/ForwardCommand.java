package io.tidegate.examples;

import io.tidegate.forward.ForwardProxy;
import io.tidegate.forward.Requests;
import io.tidegate.forward.access.AccessRuleList;
import io.tidegate.forward.privacy.Anonymity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** A forward proxy for the clients that can reach it. */
@Command(
    name = "forward",
    description = "Stands for clients: they reach the world through it.",
    mixinStandardHelpOptions = true)
final class ForwardCommand implements Runnable {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Mixin private final UserOptions users = new UserOptions();

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

  @Option(
      names = "--parent",
      paramLabel = "URL",
      description =
          "A proxy to go through: http, https, socks5 or socks4a://[user:password@]host:port;"
              + " repeatable, the first choice first, all with the same credentials, which are"
              + " percent-encoded. Whoever can list this machine's processes sees them: prefer a"
              + " file for 'run'.")
  private List<String> parents = new ArrayList<>();

  @Option(
      names = "--direct",
      paramLabel = "HOST",
      description = "Goes straight there, through no parent; repeatable, '*.corp' for names below.")
  private List<String> direct = new ArrayList<>();

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "Who may ask for what, in JSON: {\"rules\": [...]}; all else is refused.")
  private @Nullable Path rules;

  @Option(
      names = "--report-only",
      description = "Logs what the rules would refuse, and lets it pass.")
  private boolean reportOnly;

  @Option(
      names = "--learn",
      paramLabel = "FILE",
      description =
          "With --report-only: where to write rules that allow what was asked for and no rule"
              + " names, every minute and when the proxy ends.")
  private @Nullable Path learn;

  @Option(
      names = "--bandwidth",
      paramLabel = "RATE",
      description =
          "Octets per second that all clients together may send, and as many that they may get:"
              + " 500k, 10M, 1G, or a number.",
      converter = Rate.class)
  private @Nullable Long bandwidth;

  @Option(
      names = "--max-tunnels",
      paramLabel = "N",
      description = "How many tunnels each user, or address, may have open at once.")
  private @Nullable Integer maxTunnels;

  @Option(
      names = "--anonymity",
      paramLabel = "LEVEL",
      description =
          "What upstreams learn of clients and the proxy: ${COMPLETION-CANDIDATES};"
              + " ${DEFAULT-VALUE} by default.")
  private Anonymity anonymity = Anonymity.ANONYMOUS;

  @Option(
      names = "--socks",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "HOST:PORT",
      description =
          "Speaks SOCKS 5, 4 and 4a: here, which is without TLS, or else at the address of --listen"
              + " too, inside TLS if it has that.")
  private @Nullable String socks;

  @Option(
      names = "--pac",
      description = "Serves /proxy.pac and /wpad.dat, by which clients find the proxy.")
  private boolean pac;

  @Override
  public void run() {
    ForwardProxy.Builder builder = ForwardProxy.builder().anonymity(anonymity);
    users.apply(builder);
    destinations(builder);
    rules(builder);
    limits(builder);
    egress(builder);
    clients(builder);
    LearnedRulesFile learned = learn == null ? null : new LearnedRulesFile(learn);
    ForwardProxy proxy = common.run(builder, builder::start, "forward");
    if (learned != null) {
      learned.keep(proxy);
    }
  }

  private void destinations(ForwardProxy.Builder builder) {
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
  }

  private void rules(ForwardProxy.Builder builder) {
    if (rules != null) {
      builder.rules(AccessRuleList.fromJson(rules).rules());
    }
    if (reportOnly) {
      builder.reportOnly();
    } else if (learn != null) {
      throw new IllegalArgumentException(
          "--learn: " + learn + " (expected: --report-only beside it)");
    }
  }

  private void limits(ForwardProxy.Builder builder) {
    if (bandwidth != null) {
      long rate = bandwidth;
      builder.bandwidth(limit -> limit.whole(rate));
    }
    if (maxTunnels != null) {
      int most = maxTunnels;
      builder.quota(quota -> quota.perUser().maxTunnels(most));
    }
  }

  private void clients(ForwardProxy.Builder builder) {
    if (pac) {
      builder.pac();
    }
    if (socks == null) {
      return;
    }
    if (socks.isEmpty()) {
      builder.socks();
    } else {
      CommonOptions.HostAndPort address = CommonOptions.HostAndPort.parse("--socks", socks);
      builder.listenSocks(address.host(), address.port());
    }
  }

  private void egress(ForwardProxy.Builder builder) {
    if (!parents.isEmpty()) {
      builder.egress(e -> ParentUrl.describe(parents, e));
    } else if (!direct.isEmpty()) {
      throw new IllegalArgumentException(
          "--direct: " + direct.get(0) + " (expected: --parent beside it)");
    }
    for (String host : direct) {
      builder.egress(e -> e.direct(Requests.to(host)));
    }
  }

  /** Octets per second: {@code 1500}, {@code 500k}, {@code 10M}, {@code 1G}, in powers of 1000. */
  static final class Rate implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      if (!value.matches("\\d{1,9}[kMG]?")) {
        throw new TypeConversionException(value + " (expected: a number, perhaps with k, M or G)");
      }
      long number = Long.parseLong(value.replaceAll("\\D", ""));
      return number
          * switch (value.charAt(value.length() - 1)) {
            case 'k' -> 1_000;
            case 'M' -> 1_000_000;
            case 'G' -> 1_000_000_000;
            default -> 1;
          };
    }
  }
}
