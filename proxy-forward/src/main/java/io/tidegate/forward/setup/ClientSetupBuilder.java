package io.tidegate.forward.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says how clients find the proxy. */
public final class ClientSetupBuilder {
  private Optional<String> publicAddress;
  private final List<String> direct;
  private boolean fromRules;

  /** A builder that starts from {@code settings}. */
  public ClientSetupBuilder(ClientSetupSettings settings) {
    this.publicAddress = settings.publicAddress();
    this.direct = new ArrayList<>(settings.direct());
    this.fromRules = settings.fromRules();
  }

  /**
   * Clients reach the proxy by this host and port, {@code proxy.example.com:3128}. Unless called,
   * they are told what they have put into Host when they asked.
   */
  public ClientSetupBuilder publicAddress(String hostAndPort) {
    this.publicAddress = Optional.of(hostAndPort);
    return this;
  }

  /**
   * Clients reach these hosts without the proxy; {@link
   * io.tidegate.forward.access.RequestPattern#to} has the forms. Repeated calls accumulate.
   */
  public ClientSetupBuilder direct(String... hosts) {
    direct.addAll(List.of(hosts));
    return this;
  }

  /**
   * Clients use the proxy only for hosts that its rules name, and go directly to all others. That
   * tells these names to everyone who asks.
   */
  public ClientSetupBuilder fromRules() {
    this.fromRules = true;
    return this;
  }

  /** What was said so far. */
  public ClientSetupSettings settings() {
    return new ClientSetupSettings(publicAddress, direct, fromRules);
  }
}
