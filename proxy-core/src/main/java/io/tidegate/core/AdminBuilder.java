package io.tidegate.core;

import io.tidegate.core.admin.AdminSettings;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Says where the admin listener is and who may use it. It needs a token. It speaks no TLS: from
 * elsewhere it is reached through who does, a route of this proxy for instance.
 */
public final class AdminBuilder {
  private String host = AdminSettings.DEFAULT.host();
  private int port = AdminSettings.DEFAULT.port();
  private Optional<Secret> token = Optional.empty();
  private boolean withoutToken;
  private final List<String> hosts = new ArrayList<>();
  private final List<String> clients = new ArrayList<>();
  private boolean readOnly;
  private boolean openMetrics;
  private boolean showClients;

  AdminBuilder() {}

  /** Says what {@code settings} say. */
  AdminBuilder settings(AdminSettings settings) {
    this.host = settings.host();
    this.port = settings.port();
    this.token = settings.token();
    this.withoutToken = settings.withoutToken();
    hosts.addAll(settings.hosts());
    settings.clients().forEach(range -> clients.add(range.toString()));
    this.readOnly = settings.readOnly();
    this.openMetrics = settings.openMetrics();
    this.showClients = settings.showClients();
    return this;
  }

  /** Listens on this port, 0 for any free one; 9901 unless called. */
  public AdminBuilder listen(int listenPort) {
    this.port = listenPort;
    return this;
  }

  /**
   * Listens on this address and port; 127.0.0.1 unless called. Beyond loopback, {@link #clients}
   * has to name who may ask.
   */
  public AdminBuilder listen(String listenHost, int listenPort) {
    this.host = listenHost;
    return listen(listenPort);
  }

  /**
   * What clients have to know: at least {@value AdminSettings#SHORTEST_TOKEN} characters. They send
   * it as {@code Authorization: Bearer …}.
   */
  public AdminBuilder token(Secret secret) {
    this.token = Optional.of(secret);
    return this;
  }

  /** As {@link #token}, from a file that holds nothing else. */
  public AdminBuilder tokenFile(Path file) {
    return token(Secret.file(file.toString()));
  }

  /**
   * Lets everybody on this machine look at and change everything, without a token; on loopback
   * only.
   */
  public AdminBuilder withoutToken() {
    this.withoutToken = true;
    return this;
  }

  /**
   * Names by which clients may ask for the listener, without ports, besides localhost and IP
   * addresses; others get 421, as anybody can have a name that leads to us. Repeated calls
   * accumulate.
   */
  public AdminBuilder hosts(String... names) {
    hosts.addAll(List.of(names));
    return this;
  }

  /**
   * Clients, as addresses or ranges like {@code 10.0.0.0/8}, that may ask; only this machine unless
   * called. Repeated calls accumulate.
   */
  public AdminBuilder clients(String... ranges) {
    clients.addAll(List.of(ranges));
    return this;
  }

  /** Lets nobody change anything. */
  public AdminBuilder readOnly() {
    this.readOnly = true;
    return this;
  }

  /** Serves {@code /metrics} without a token. */
  public AdminBuilder openMetrics() {
    this.openMetrics = true;
    return this;
  }

  /** Tells which clients have the most connections, by their addresses. */
  public AdminBuilder showClients() {
    this.showClients = true;
    return this;
  }

  /**
   * What was said.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  AdminSettings settings() {
    Checks checks = new Checks();
    List<AddressRange> ranges = AddressRange.parse("clients", clients, checks);
    AdminSettings settings =
        checks.collect(
            () ->
                new AdminSettings(
                    host,
                    port,
                    token,
                    withoutToken,
                    hosts,
                    ranges,
                    readOnly,
                    openMetrics,
                    showClients));
    checks.done();
    return Objects.requireNonNull(settings);
  }
}
