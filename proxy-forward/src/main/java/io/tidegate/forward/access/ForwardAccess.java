package io.tidegate.forward.access;

import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import io.tidegate.forward.access.AccessRules.Decision;
import io.tidegate.forward.access.RequestMatcher.Match;
import io.tidegate.forward.address.AddressRules;
import io.tidegate.forward.address.TargetHost;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Who may go where: the rules about requests, the ports, and the addresses. Each of the three can
 * refuse; none lifts what another one says.
 */
public final class ForwardAccess implements AccessPolicy {
  /** No host that can be gone to. */
  public static final Failure BAD_HOST =
      Failure.badRequest(400, "the host is neither a DNS name nor an IP address");

  static final Failure NOT_ALLOWED = Failure.denied("the rules of this proxy do not allow this");
  static final Failure CONNECT_PORT = Failure.denied("CONNECT to this port is not allowed");
  static final Failure HTTP_PORT = Failure.denied("requests to this port are not allowed");

  private final AccessRules rules;
  private final List<PortRange> connectPorts;
  private final List<PortRange> httpPorts;
  private final AddressRules addresses;
  private final @Nullable WouldBeRefusals wouldBe;
  private final List<RequestMatcher> tlsTunnels;

  /**
   * The access to be had by these.
   *
   * @param connectPorts the ports that CONNECT may name
   * @param httpPorts the ports that requests for http URIs may go to
   * @param wouldBe what is told about requests that the rules refuse and that pass all the same;
   *     null for rules that refuse
   * @param tlsTunnels the tunnels that must begin with TLS
   */
  public ForwardAccess(
      AccessRules rules,
      List<PortRange> connectPorts,
      List<PortRange> httpPorts,
      AddressRules addresses,
      @Nullable WouldBeRefusals wouldBe,
      List<RequestMatcher> tlsTunnels) {
    this.rules = rules;
    this.connectPorts = connectPorts;
    this.httpPorts = httpPorts;
    this.addresses = addresses;
    this.wouldBe = wouldBe;
    this.tlsTunnels = List.copyOf(tlsTunnels);
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    TargetHost host = TargetHost.of(request.authority());
    if (host == null) {
      return BAD_HOST;
    }
    Decision decision = decide(request, host);
    if (isRefused(decision) && wouldBe == null) {
      return NOT_ALLOWED;
    }
    Failure failure = refusesPort(request);
    return report(decision, request, host, failure == null ? refusesHost(host) : failure);
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request, InetAddress address) {
    Failure failure = addresses.refuses(address);
    if (!rules.askForAddress()) {
      return failure;
    }
    TargetHost host = TargetHost.of(request.authority());
    Decision decision = host == null ? Decision.UNNAMED : rules.decide(request, host, address);
    if (host == null || (isRefused(decision) && wouldBe == null)) {
      return NOT_ALLOWED;
    }
    // What was refused without the address has been reported by now.
    return decide(request, host) == Decision.DEPENDS
        ? report(decision, request, host, failure)
        : failure;
  }

  /** What the rules say before anything has been looked up. */
  private Decision decide(ClientRequest request, TargetHost host) {
    return decide(request, host, host.address());
  }

  private Decision decide(ClientRequest request, TargetHost host, @Nullable InetAddress address) {
    return rules.isEmpty() && wouldBe == null
        ? Decision.ALLOWED
        : rules.decide(request, host, address);
  }

  /**
   * What would become of a request.
   *
   * @param decision what the rules say
   * @param rule the number of the rule that says it; empty if none is about it
   * @param failure why it would be refused, null if it would not
   */
  public record Look(Decision decision, OptionalInt rule, @Nullable Failure failure) {}

  /**
   * What would become of a request whose host has {@code address}, null for what is known without a
   * look-up. Nothing is reported.
   */
  public Look look(ClientRequest request, @Nullable InetAddress address) {
    TargetHost host = TargetHost.of(request.authority());
    if (host == null) {
      return new Look(Decision.UNNAMED, OptionalInt.empty(), BAD_HOST);
    }
    InetAddress known = host.address() == null ? address : host.address();
    Decision decision = decide(request, host, known);
    Failure failure = isRefused(decision) && wouldBe == null ? NOT_ALLOWED : refusesPort(request);
    failure = failure == null ? refusesHost(host) : failure;
    if (failure == null && known != null) {
      failure = addresses.refuses(known);
    }
    return new Look(decision, rules.first(request, host, known), failure);
  }

  /** Reports what only the rules refuse; {@code failure} is what else does. */
  private @Nullable Failure report(
      Decision decision, ClientRequest request, TargetHost host, @Nullable Failure failure) {
    if (wouldBe != null && failure == null && isRefused(decision)) {
      wouldBe.add(decision, request, host);
    }
    return failure;
  }

  private @Nullable Failure refusesPort(ClientRequest request) {
    boolean connect = request.head().isConnect();
    return PortRange.contains(connect ? connectPorts : httpPorts, request.port())
        ? null
        : connect ? CONNECT_PORT : HTTP_PORT;
  }

  private @Nullable Failure refusesHost(TargetHost host) {
    InetAddress address = host.address();
    if (address != null) {
      return addresses.refuses(address);
    }
    if (host.isLocalhost()) {
      return addresses.refusesLocalhost();
    }
    return host.isMetadata() ? addresses.refusesMetadata() : null;
  }

  private static boolean isRefused(Decision decision) {
    return decision == Decision.UNNAMED || decision == Decision.DENIED;
  }

  /**
   * Whether the rules have not decided yet about a request that has not been refused: they ask for
   * the address that its host has.
   */
  public boolean isUndecided(ClientRequest request) {
    if (!rules.askForAddress()) {
      return false;
    }
    TargetHost host = TargetHost.of(request.authority());
    return host != null && rules.decide(request, host, host.address()) == Decision.DEPENDS;
  }

  /**
   * Whether a request that has not been refused is, for the address of its host will never be
   * known: {@link #isUndecided} stays. Rules that only report do that, and let it pass.
   */
  public boolean refusesUnresolved(ClientRequest request) {
    if (!isUndecided(request)) {
      return false;
    }
    TargetHost host = TargetHost.of(request.authority());
    if (wouldBe == null || host == null) {
      return true;
    }
    wouldBe.add(Decision.DEPENDS, request, host);
    return false;
  }

  @Override
  public boolean requiresTls(ClientRequest request, @Nullable InetAddress address) {
    if (tlsTunnels.isEmpty()) {
      return false;
    }
    TargetHost host = TargetHost.of(request.authority());
    return host == null
        || tlsTunnels.stream()
            .anyMatch(tunnels -> tunnels.matches(request, host, address) != Match.NO);
  }

  @Override
  public List<InetAddress> leadsTo(InetAddress address) {
    return addresses.embedded().in(address);
  }
}
