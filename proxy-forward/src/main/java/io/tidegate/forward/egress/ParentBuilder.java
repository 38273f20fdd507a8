package io.tidegate.forward.egress;

import io.tidegate.core.UpstreamTlsBuilder;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Secret;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.forward.access.RequestPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Describes parent proxies. Repeated calls of what names several things accumulate. */
public final class ParentBuilder {
  private final String name;
  private final List<RequestPattern> requests = new ArrayList<>();
  private final List<String> proxies = new ArrayList<>();
  private Optional<String> user = Optional.empty();
  private Optional<Secret> password = Optional.empty();
  private boolean resolveNames;
  private Supplier<PauseSettings> pause = () -> PauseSettings.DEFAULT;
  private Optional<Duration> checkInterval = Optional.empty();
  private @Nullable UpstreamTlsBuilder tls;

  ParentBuilder(String name) {
    this.name = name;
  }

  /**
   * A parent proxy: {@code http://host:port}, {@code https://…} for an HTTP proxy that is talked to
   * over TLS, {@code socks5://…} or {@code socks4a://…}. Of several, each is tried when those
   * before it cannot be used.
   */
  public ParentBuilder proxy(String uri) {
    proxies.add(uri);
    return this;
  }

  /**
   * What the parent proxies know us by: Basic for HTTP (RFC 7617), a user name and a password for
   * SOCKS 5 (RFC 1929), the user name alone for SOCKS 4a.
   */
  public ParentBuilder credentials(String userName, Secret secret) {
    this.user = Optional.of(userName);
    this.password = Optional.of(secret);
    return this;
  }

  /**
   * Only for these requests; for all unless called. An address is only known here where a client
   * asks for one in place of a name.
   */
  public ParentBuilder forRequests(RequestPattern pattern) {
    requests.add(pattern);
    return this;
  }

  /**
   * Looks names of destinations up here, asks the rules about their addresses, and has the parent
   * proxies go to an address that has passed. All goes through tunnels then, plain http too. Unless
   * called, the parent proxies look names up, and decide which addresses may be gone to.
   */
  public ParentBuilder resolveNames() {
    this.resolveNames = true;
    return this;
  }

  /**
   * How long a parent proxy that could not be used is left out: 5 seconds unless called, twice as
   * long each time it fails again, up to {@code most}, 5 minutes unless called. If all are left
   * out, all are tried.
   */
  public ParentBuilder pause(Duration first, Duration most) {
    this.pause = () -> new PauseSettings(first, most);
    return this;
  }

  /**
   * Tries every {@code interval} whether a connection to each parent proxy can be made; one that
   * has failed is back as soon as it can. Never tried unless called.
   */
  public ParentBuilder checkEvery(Duration interval) {
    this.checkInterval = Optional.of(interval);
    return this;
  }

  /**
   * How TLS is spoken to those with https, in place of what the proxy does ({@code upstreamTls});
   * repeated calls accumulate.
   */
  public ParentBuilder tls(Consumer<UpstreamTlsBuilder> details) {
    if (tls == null) {
      tls = new UpstreamTlsBuilder();
    }
    details.accept(tls);
    return this;
  }

  private Optional<UpstreamTlsSettings> tls(Checks checks) {
    UpstreamTlsBuilder described = tls;
    return described == null
        ? Optional.empty()
        : Optional.ofNullable(checks.collect("parent " + name + ": tls: ", described::settings));
  }

  ParentSettings settings() {
    Checks checks = new Checks();
    Optional<UpstreamTlsSettings> secured = tls(checks);
    PauseSettings made = checks.collect("parent " + name + ": ", pause);
    PauseSettings pauses = made == null ? PauseSettings.DEFAULT : made;
    ParentSettings settings = checks.collect(() -> settings(pauses, secured));
    checks.done();
    return Objects.requireNonNull(settings);
  }

  private ParentSettings settings(PauseSettings pauses, Optional<UpstreamTlsSettings> secured) {
    return new ParentSettings(
        name, requests, proxies, user, password, resolveNames, pauses, checkInterval, secured);
  }
}
