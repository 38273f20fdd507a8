package io.tidegate.forward;

import io.tidegate.core.Proxy;
import io.tidegate.core.ProxyBuilder;
import io.tidegate.core.ProxySettings;
import io.tidegate.core.admin.AdminResource;
import io.tidegate.core.admin.FigureRecorder;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.tidegate.forward.access.AccessListener;
import io.tidegate.forward.access.AccessReport;
import io.tidegate.forward.access.AccessRule;
import io.tidegate.forward.access.AccessRuleList;
import io.tidegate.forward.access.DestinationSettings;
import io.tidegate.forward.access.PortRange;
import io.tidegate.forward.access.RequestPattern;
import io.tidegate.forward.access.WouldBeRefusals;
import io.tidegate.forward.auth.AuthenticationBuilder;
import io.tidegate.forward.auth.AuthenticationPlugins;
import io.tidegate.forward.auth.AuthenticationSettings;
import io.tidegate.forward.egress.EgressBuilder;
import io.tidegate.forward.egress.EgressSettings;
import io.tidegate.forward.privacy.Anonymity;
import io.tidegate.forward.privacy.PrivacyBuilder;
import io.tidegate.forward.quota.BandwidthBuilder;
import io.tidegate.forward.quota.LimitSettings;
import io.tidegate.forward.quota.LimitsBuilder;
import io.tidegate.forward.quota.QuotaBuilder;
import io.tidegate.forward.setup.ClientSetupBuilder;
import io.tidegate.forward.setup.ClientSetupSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A forward proxy: for clients that say where they want to go, with a full http URI or with
 * CONNECT.
 *
 * <pre>{@code
 * import static io.tidegate.forward.Requests.to;
 *
 * ForwardProxy egress = ForwardProxy.builder()
 *     .listen("127.0.0.1", 3128)
 *     .allow(to("*.example.com"))
 *     .connectTimeout(Duration.ofSeconds(3))
 *     .start();
 * }</pre>
 */
public final class ForwardProxy extends Proxy {
  /** What has been said so far; for whoever reloads. */
  private Builder builder;

  private volatile Serving serving;

  /** What it goes by at one moment. */
  private record Serving(
      ForwardProxySettings settings, WouldBeRefusals wouldBe, Explainer explainer) {}

  private ForwardProxy(Parts parts, Serving serving, Builder builder) {
    super(parts);
    this.serving = serving;
    this.builder = builder;
  }

  /** What it was told, but for behaviour. */
  public ForwardProxySettings settings() {
    return serving.settings();
  }

  @Override
  protected Record shownConfiguration() {
    return settings();
  }

  /**
   * Goes by {@code settings} from now on: exchanges that begin later are decided about by them,
   * those under way end as they have begun. What was said on the builder and is no part of settings
   * stays. What users have used of quotas and bandwidth, what has been proved and has failed, what
   * is known of parent proxies and what rules would have refused goes on, unless that is what the
   * settings change; users, their files and secrets are read again. It blocks: not for an IO
   * thread.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong; then
   *     nothing has changed
   * @throws IllegalStateException if the proxy has been stopped
   */
  public void reload(ForwardProxySettings settings) {
    reload(() -> parts(settings));
  }

  /**
   * {@linkplain #reload(ForwardProxySettings) Reloads} what {@code file} says in JSON, as {@link
   * ForwardProxySettings#fromJson(Path)} reads it, now unless that is what it goes by, and whenever
   * it changes, or a file of a secret that it names: they are looked at once a second as long as
   * the proxy runs. A file that is wrong changes nothing.
   *
   * @return this proxy
   */
  public ForwardProxy watch(Path file) {
    return watch(file, "$", ForwardProxySettings::fromJson);
  }

  /**
   * The same for a file that {@code reader} reads, on a thread that may block; what is wrong with
   * it is an {@link io.tidegate.core.spi.InvalidSettingsException}.
   *
   * @param path where in the file the settings stand, {@code $.forward}: in front of what turns out
   *     to be wrong with them when they are put to use
   */
  public ForwardProxy watch(Path file, String path, Function<Path, ForwardProxySettings> reader) {
    watch(file, path, () -> reader.apply(file), this::settings, this::parts);
    return this;
  }

  /**
   * {@linkplain #reload(ForwardProxySettings) Reloads} what {@code reader} reads of {@code file}
   * now, by the rules of {@link #watch(Path, String, Function)}, whether that has changed or not.
   */
  public void reload(Path file, String path, Function<Path, ForwardProxySettings> reader) {
    reload(path, () -> reader.apply(file), this::parts);
  }

  @Override
  protected void reload(JsonDocument settings) {
    reload(settings.path(), () -> ForwardProxySettings.fromJson(settings), this::parts);
  }

  private Parts parts(ForwardProxySettings settings) {
    return builder(settings).following(this);
  }

  /**
   * Tells what would become of a request, were it made now: what the rules say of it, and which one
   * does; whether its port and address may be gone to, as far as the description tells the address;
   * and through which parent proxies it would leave. Nothing is sent, counted, reported or looked
   * up; authentication and quotas are not asked. On any thread.
   */
  public Explanation explain(RequestDescription description) {
    return serving.explainer().explain(description);
  }

  @Override
  protected List<AdminResource> adminResources(FigureRecorder figures) {
    return new ForwardResources(this).all();
  }

  /** What the rules would have refused so far; nothing unless they {@link Builder#reportOnly}. */
  public AccessReport accessReport() {
    return serving.wouldBe().report();
  }

  /**
   * Rules that allow what was asked for so far and no rule names, to be read, corrected and added
   * to those there are ({@link AccessRuleList#toJson} writes them); none unless the rules {@link
   * Builder#reportOnly}. Hosts are named one by one, but from five names below the same one on it
   * becomes {@code *.example.com}. What a rule denies, and what goes to ports or addresses that are
   * not allowed, is not among it.
   */
  public List<AccessRule> learnedRules() {
    ForwardProxySettings settings = serving.settings();
    return serving.wouldBe().learned().stream()
        .filter(rule -> !settings.rules().contains(rule))
        .toList();
  }

  @Override
  public ForwardProxy start() {
    super.start();
    return this;
  }

  /**
   * The first address at which clients may speak SOCKS.
   *
   * @throws IllegalStateException if there is none, or the proxy has not been started
   */
  public InetSocketAddress socksAddress() {
    return address(ListenerProtocol.SOCKS)
        .orElseThrow(() -> new IllegalStateException("the proxy does not speak SOCKS"));
  }

  /** A builder of a proxy that listens on loopback and leads everywhere on the open Internet. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from {@code settings}. */
  public static Builder builder(ForwardProxySettings settings) {
    return new Builder().startFrom(settings);
  }

  /** Builds forward proxies. Repeated calls of what names several things accumulate. */
  public static final class Builder extends ProxyBuilder<Builder> {
    private final List<AccessRule> rules = new ArrayList<>();
    private boolean openToEveryone;
    private @Nullable List<PortRange> connectPorts;
    private @Nullable List<PortRange> httpPorts;
    private boolean allowPrivateDestinations;
    private final List<String> allowAddresses = new ArrayList<>();
    private final List<String> denyAddresses = new ArrayList<>();
    private final List<String> nat64Prefixes = new ArrayList<>();
    private boolean reportOnly;
    private final List<AccessListener> accessListeners = new ArrayList<>();

    /** What {@link #plugins} has made of it. */
    private @Nullable Serving made;

    /** The user's own parts of authentication, should there be none just now. */
    private AuthenticationPlugins taken = AuthenticationPlugins.NONE;

    private final List<RequestPattern> tlsTunnels = new ArrayList<>();
    private EgressBuilder egress = new EgressBuilder(EgressSettings.DEFAULT);
    private final LimitsBuilder limits = new LimitsBuilder();
    private @Nullable AuthenticationBuilder authentication;
    private final PrivacyBuilder privacy = new PrivacyBuilder();

    private @Nullable ClientSetupBuilder clientSetup;

    private Builder() {}

    /**
     * Allows these requests. Of all rules, in the order of the calls, the first that matches
     * decides; as soon as there is a rule, what none matches is refused. A rule lifts no
     * restriction on ports or addresses.
     */
    public Builder allow(RequestPattern requests) {
      rules.add(new AccessRule(AccessRule.Action.ALLOW, requests));
      return this;
    }

    /**
     * Refuses these requests with 403. Without a rule that allows something after it, nothing would
     * be left; {@link #allow} explains the order.
     */
    public Builder deny(RequestPattern requests) {
      rules.add(new AccessRule(AccessRule.Action.DENY, requests));
      return this;
    }

    /**
     * Lets the proxy listen beyond loopback although it has no list of allowed clients or
     * destinations. Whoever can reach it can then hide behind it.
     */
    public Builder openToEveryone() {
      this.openToEveryone = true;
      return this;
    }

    /** Lets CONNECT lead to these ports; only to 443 unless called, nowhere if called with none. */
    public Builder connectPorts(int... ports) {
      this.connectPorts = with(connectPorts, ports);
      return this;
    }

    /** Lets CONNECT lead to ports from {@code first} to {@code last}, both included. */
    public Builder connectPortRange(int first, int last) {
      this.connectPorts = with(connectPorts, new PortRange(first, last));
      return this;
    }

    /** Lets CONNECT lead to every port: the proxy then carries any protocol, not only https. */
    public Builder anyConnectPort() {
      this.connectPorts = with(connectPorts, PortRange.ANY);
      return this;
    }

    /**
     * Lets http requests go to these ports; to 80 and from 1024 on unless called, nowhere if called
     * with none.
     */
    public Builder httpPorts(int... ports) {
      this.httpPorts = with(httpPorts, ports);
      return this;
    }

    /** Lets http requests go to ports from {@code first} to {@code last}, both included. */
    public Builder httpPortRange(int first, int last) {
      this.httpPorts = with(httpPorts, new PortRange(first, last));
      return this;
    }

    /** Lets http requests go to every port, those of other protocols too. */
    public Builder anyHttpPort() {
      this.httpPorts = with(httpPorts, PortRange.ANY);
      return this;
    }

    private static List<PortRange> with(@Nullable List<PortRange> ranges, int... ports) {
      List<PortRange> longer = ranges == null ? new ArrayList<>() : ranges;
      for (int port : ports) {
        longer.add(PortRange.of(port));
      }
      return longer;
    }

    private static List<PortRange> with(@Nullable List<PortRange> ranges, PortRange range) {
      List<PortRange> longer = with(ranges);
      longer.add(range);
      return longer;
    }

    /**
     * Lets clients reach every unicast address: private, loopback and link-local ones, and the
     * metadata service of a cloud with this machine's credentials. See {@link #allowAddresses} for
     * less.
     */
    public Builder allowPrivateDestinations() {
      this.allowPrivateDestinations = true;
      return this;
    }

    /**
     * Lets clients reach these addresses or ranges, {@code 10.1.0.0/16}, although they are not
     * public.
     */
    public Builder allowAddresses(String... ranges) {
      allowAddresses.addAll(List.of(ranges));
      return this;
    }

    /** Keeps clients from these addresses or ranges, whatever else allows them. */
    public Builder denyAddresses(String... ranges) {
      denyAddresses.addAll(List.of(ranges));
      return this;
    }

    /**
     * Passes on what the client, or a proxy before this one, says about its address in Forwarded
     * (RFC 7239), X-Forwarded-For and the like. Such fields are removed unless called.
     */
    public Builder keepForwardedFields() {
      return privacy(PrivacyBuilder::keepForwardedFields);
    }

    /** What upstreams learn about clients and this proxy; ANONYMOUS unless called. */
    public Builder anonymity(Anonymity level) {
      return privacy(details -> details.anonymity(level));
    }

    /** Says in detail what upstreams learn about clients; repeated calls accumulate. */
    public Builder privacy(Consumer<PrivacyBuilder> details) {
      details.accept(privacy);
      return this;
    }

    /**
     * Under these prefixes translators of this network show IPv4 addresses to hosts that speak IPv6
     * only (NAT64, RFC 6052): {@code 2001:db8:64::/96}. An address with such a prefix is judged as
     * the IPv4 address it stands for. The well-known prefix {@code 64:ff9b::/96} need not be named;
     * of a prefix within {@code 64:ff9b:1::/48}, it is only then known where the IPv4 address is.
     */
    public Builder nat64Prefixes(String... prefixes) {
      nat64Prefixes.addAll(List.of(prefixes));
      return this;
    }

    /** Serves only clients that say and prove who they are; repeated calls accumulate. */
    public Builder authentication(Consumer<AuthenticationBuilder> details) {
      if (authentication == null) {
        authentication = new AuthenticationBuilder(AuthenticationSettings.DEFAULT);
      }
      details.accept(authentication);
      return this;
    }

    /**
     * Adds rules that are data, after those there are; {@link AccessRuleList} reads them from JSON.
     */
    public Builder rules(List<AccessRule> more) {
      rules.addAll(more);
      return this;
    }

    /**
     * Lets pass what the rules refuse, and reports it: in the log once for each kind of request, to
     * {@linkplain #accessListener listeners} each time, and in {@link ForwardProxy#accessReport}
     * and {@link ForwardProxy#learnedRules}. To try rules, or to find out which are needed; none
     * are needed for that. Ports and addresses are refused as ever. Such rules are no list of what
     * is allowed: beyond loopback, there must be authentication, or {@link #openToEveryone}.
     */
    public Builder reportOnly() {
      this.reportOnly = true;
      return this;
    }

    /** Tells {@code listener} what the rules would refuse, if they only report. */
    public Builder accessListener(AccessListener listener) {
      accessListeners.add(listener);
      return this;
    }

    /**
     * These tunnels must begin with TLS, for the host that CONNECT names: the server name of the
     * handshake is compared, the outer one if there are two (ECH). A tunnel to an address must
     * begin with TLS for any host or none. What is refused is cut before the destination gets an
     * octet of it, and listeners are told {@code http_request_denied}: by then the client has its
     * 200.
     */
    public Builder tlsTunnels(RequestPattern... requests) {
      tlsTunnels.addAll(List.of(requests));
      return this;
    }

    /**
     * Lets clients speak SOCKS (5, 4 and 4a) at the address of {@link #listen(String, int)} too:
     * the first octet tells it from HTTP. What they ask for is decided about like CONNECT.
     */
    public Builder socks() {
      return speak(ListenerProtocol.HTTP, ListenerProtocol.SOCKS);
    }

    /**
     * Lets clients speak SOCKS, and nothing else, at this address too; repeated calls accumulate.
     * Without a call of {@link #listen(int)} there is no listener for HTTP then.
     */
    public Builder listenSocks(String host, int port) {
      return listen(host, port, ListenerProtocol.SOCKS);
    }

    /**
     * Says how requests leave: through parent proxies, from certain addresses of this machine, over
     * TLS, with credentials. Straight to the destination unless called; repeated calls accumulate.
     */
    public Builder egress(Consumer<EgressBuilder> more) {
      more.accept(egress);
      return this;
    }

    /**
     * Limits how many requests, tunnels and octets clients may have; 429 or 403 beyond it. Of
     * several quotas, a request must find room in each that is about it.
     */
    public Builder quota(Consumer<QuotaBuilder> details) {
      limits.quota(details);
      return this;
    }

    /** Limits how fast octets may pass. Of several limits, all that are about a request hold. */
    public Builder bandwidth(Consumer<BandwidthBuilder> details) {
      limits.bandwidth(details);
      return this;
    }

    /**
     * Serves the script by which clients find the proxy (proxy auto-configuration), as {@code
     * /proxy.pac} and {@code /wpad.dat}, to whoever can reach the proxy.
     */
    public Builder pac() {
      return clientSetup(setup -> {});
    }

    /** The same, with details; repeated calls accumulate. */
    public Builder clientSetup(Consumer<ClientSetupBuilder> details) {
      if (clientSetup == null) {
        clientSetup = new ClientSetupBuilder(ClientSetupSettings.DEFAULT);
      }
      details.accept(clientSetup);
      return this;
    }

    /**
     * What was said so far, as data. Behaviour is not part of it: listeners and TLS contexts exist
     * only on builders.
     *
     * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
     */
    public ForwardProxySettings settings() {
      Checks checks = new Checks();
      ProxySettings proxy = settings(checks);
      ForwardProxySettings built = settings(proxy, checks);
      checks.done();
      return Objects.requireNonNull(built);
    }

    @Override
    public ForwardProxy build() {
      Parts parts = parts();
      return new ForwardProxy(parts, Objects.requireNonNull(made), this);
    }

    @Override
    public ForwardProxy start() {
      return build().start();
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected Optional<String> defaultHost() {
      return Optional.of("127.0.0.1");
    }

    @Override
    protected CacheSettings defaultCache() {
      return CacheSettings.FORWARD;
    }

    @Override
    protected Plugins plugins(
        ProxySettings proxy,
        UpstreamTlsSources tls,
        List<ExchangeListener> listeners,
        Checks checks) {
      ForwardProxySettings checked = settings(proxy, checks);
      ForwardProxySettings built = checked == null ? new Builder().settings() : checked;
      Assembly assembly = new Assembly(built, accessListeners, tls, kept(), checks);
      Plugins plugins = assembly.authenticated(assembly.plugins(listeners), own(), checks);
      made = new Serving(built, assembly.wouldBeRefusals(), assembly.explainer());
      return plugins;
    }

    private AuthenticationPlugins own() {
      return authentication == null ? taken : authentication.plugins().or(taken);
    }

    @Override
    protected void takeOver(ProxyBuilder<?> running) {
      super.takeOver(running);
      Builder before = (Builder) running;
      taken = before.own();
      accessListeners.addAll(before.accessListeners);
    }

    /** The parts of {@code running} by what this was told and what stays of what it is. */
    private Parts following(ForwardProxy running) {
      takeOver(running.builder, running);
      Parts parts = parts();
      Serving now = Objects.requireNonNull(made);
      kept()
          .change(
              () -> {
                running.builder = this;
                running.serving = now;
              });
      return parts;
    }

    private @Nullable ForwardProxySettings settings(ProxySettings proxy, Checks checks) {
      DestinationSettings made = checks.collect(this::destinations);
      DestinationSettings destinations = made == null ? DestinationSettings.DEFAULT : made;
      EgressSettings said = checks.collect(egress::settings);
      EgressSettings leaving = said == null ? EgressSettings.DEFAULT : said;
      LimitSettings madeLimits = checks.collect(limits::settings);
      LimitSettings limited = madeLimits == null ? LimitSettings.NONE : madeLimits;
      Optional<AuthenticationSettings> asked = authentication(checks);
      ClientSetupBuilder described = clientSetup;
      Optional<ClientSetupSettings> setup =
          described == null
              ? Optional.empty()
              : Optional.ofNullable(checks.collect(described::settings));
      return checks.collect(() -> forward(proxy, destinations, leaving, limited, asked, setup));
    }

    /** The default stands in for what is wrong. */
    private Optional<AuthenticationSettings> authentication(Checks checks) {
      if (authentication == null) {
        return Optional.empty();
      }
      AuthenticationSettings made = checks.collect(authentication::settings);
      return Optional.of(made == null ? AuthenticationSettings.DEFAULT : made);
    }

    private DestinationSettings destinations() {
      return new DestinationSettings(nat64Prefixes, tlsTunnels);
    }

    private ForwardProxySettings forward(
        ProxySettings proxy,
        DestinationSettings destinations,
        EgressSettings leaving,
        LimitSettings limited,
        Optional<AuthenticationSettings> asked,
        Optional<ClientSetupSettings> setup) {
      return new ForwardProxySettings(
          proxy,
          rules,
          openToEveryone,
          connectPorts == null ? ForwardProxySettings.DEFAULT_CONNECT_PORTS : connectPorts,
          httpPorts == null ? ForwardProxySettings.DEFAULT_HTTP_PORTS : httpPorts,
          allowPrivateDestinations,
          allowAddresses,
          denyAddresses,
          requestFields(),
          responseFields(),
          destinations,
          reportOnly,
          leaving,
          limited,
          asked,
          privacy.settings(),
          setup);
    }

    private Builder startFrom(ForwardProxySettings from) {
      startFrom(from.proxy());
      rules.addAll(from.rules());
      this.openToEveryone = from.openToEveryone();
      this.connectPorts =
          unlessDefault(from.connectPorts(), ForwardProxySettings.DEFAULT_CONNECT_PORTS);
      this.httpPorts = unlessDefault(from.httpPorts(), ForwardProxySettings.DEFAULT_HTTP_PORTS);
      this.allowPrivateDestinations = from.allowPrivateDestinations();
      allowAddresses.addAll(from.allowAddresses());
      denyAddresses.addAll(from.denyAddresses());
      requestFields().addAll(from.requestFields());
      responseFields().addAll(from.responseFields());
      nat64Prefixes.addAll(from.destinations().nat64Prefixes());
      this.reportOnly = from.reportOnly();
      tlsTunnels.addAll(from.destinations().tlsTunnels());
      this.egress = new EgressBuilder(from.egress());
      limits.add(from.limits());
      this.authentication = from.authentication().map(AuthenticationBuilder::new).orElse(null);
      privacy.settings(from.privacy());
      this.clientSetup = from.clientSetup().map(ClientSetupBuilder::new).orElse(null);
      return this;
    }

    /** A default stays one that the first call replaces. */
    private static @Nullable List<PortRange> unlessDefault(
        List<PortRange> ranges, List<PortRange> byDefault) {
      return ranges.equals(byDefault) ? null : new ArrayList<>(ranges);
    }
  }
}
