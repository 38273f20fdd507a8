package io.tidegate.forward.egress;

import io.tidegate.core.UpstreamTlsBuilder;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.forward.access.RequestPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Describes how some requests are sent. Repeated calls of what names several things accumulate. */
public final class EgressRuleBuilder {
  private final RequestPattern requests;
  private final List<String> sourceAddresses = new ArrayList<>();
  private boolean https;
  private Optional<Integer> httpsPort = Optional.empty();
  private final List<EgressRule.Credential> credentials = new ArrayList<>();
  private @Nullable UpstreamTlsBuilder tls;

  EgressRuleBuilder(RequestPattern requests) {
    this.requests = requests;
  }

  /**
   * Makes connections from this address of this machine. Of several of one family, IPv4 or IPv6,
   * each takes its turn; destinations of a family that none belongs to cannot be reached.
   */
  public EgressRuleBuilder sourceAddress(String address) {
    sourceAddresses.add(address);
    return this;
  }

  /**
   * Sends http requests on over TLS: to port 443 in place of 80, else to the port they ask for. So
   * what comes back can be stored in the cache and seen by filters, which what goes through a
   * tunnel cannot. Tunnels stay as they are.
   */
  public EgressRuleBuilder https() {
    this.https = true;
    return this;
  }

  /** As {@link #https()}, to {@code port} in place of 80. */
  public EgressRuleBuilder https(int port) {
    this.httpsPort = Optional.of(port);
    return https();
  }

  /**
   * Sets a field of the upstream request to {@code prefix} and the secret, in place of what the
   * client may have sent. Needs {@link #https()} and requests that name hosts; it is never sent
   * over a connection that is not TLS, nor through a tunnel of the client's. The client never sees
   * it.
   *
   * <p>Of those requests, the ones for port 80 get it, or those for the ports that are named: what
   * else listens on a host may belong to somebody else.
   */
  public EgressRuleBuilder credential(String field, Secret secret, String prefix) {
    credentials.add(new EgressRule.Credential(field, secret, Optional.of(prefix)));
    return this;
  }

  /** As {@link #credential(String, Secret, String)} without a prefix. */
  public EgressRuleBuilder credential(String field, Secret secret) {
    credentials.add(new EgressRule.Credential(field, secret, Optional.empty()));
    return this;
  }

  /**
   * How TLS is spoken, in place of what the proxy does ({@code upstreamTls}); repeated calls
   * accumulate. Needs {@link #https()}.
   */
  public EgressRuleBuilder tls(Consumer<UpstreamTlsBuilder> details) {
    if (tls == null) {
      tls = new UpstreamTlsBuilder();
    }
    details.accept(tls);
    return this;
  }

  @Nullable EgressRule rule(Checks checks) {
    UpstreamTlsBuilder described = tls;
    Optional<UpstreamTlsSettings> secured =
        described == null
            ? Optional.empty()
            : Optional.ofNullable(checks.collect("sending: tls: ", described::settings));
    return checks.collect(
        () -> new EgressRule(requests, sourceAddresses, https, httpsPort, credentials, secured));
  }
}
