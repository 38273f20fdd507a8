package io.tidegate.core;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.tidegate.core.admin.AdminSettings;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.connect.AddressResolver;
import io.tidegate.core.connect.UpstreamSettings;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.header.TracingSettings;
import io.tidegate.core.log.AccessLog;
import io.tidegate.core.log.AccessLogSettings;
import io.tidegate.core.metrics.Observations;
import io.tidegate.core.metrics.ProxyMetrics;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.server.ServerSettings;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.EventListener;
import io.tidegate.core.spi.ExchangeFilter;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.ExchangeObserver;
import io.tidegate.core.spi.ExchangeSettings;
import io.tidegate.core.spi.Kept;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.Plugins;
import io.tidegate.core.spool.SpoolSettings;
import io.tidegate.core.tls.ServerTls;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.undertow.server.HttpHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of both directions share. Every method returns the builder; {@link #build}
 * reports all wrong values at once.
 *
 * @param <B> the builder itself
 */
public abstract class ProxyBuilder<B extends ProxyBuilder<B>> {
  private final ListenerBuilders listeners = new ListenerBuilders(this::defaultHost);
  private int ioThreads;
  private Optional<String> viaName = Optional.empty();
  private NameResolver nameResolver = AddressResolver.PLATFORM;
  private final Audience audience = new Audience();
  private @Nullable ExchangeObserver observer;
  private Kept kept = new Kept();
  private final List<MeterRegistry> registries = new ArrayList<>();

  /** Those of the proxy that is being built, and its own. */
  private EventListener events = new EventListeners(List.of());

  private final List<ExchangeFilter> filters = new ArrayList<>();

  private final ServerValues server = new ServerValues();
  private final UpstreamValues upstream = new UpstreamValues();
  private final UpstreamTlsChoice upstreamTls = new UpstreamTlsChoice();
  private final ExchangeValues exchange = new ExchangeValues();
  private final CacheChoice cache = new CacheChoice();
  private final BufferingBuilder buffering = new BufferingBuilder();
  private Optional<String> bufferDirectory = SpoolSettings.DEFAULT.directory();
  private long maxBufferMemoryBytes = SpoolSettings.DEFAULT.maxMemoryBytes();
  private long maxBufferFileBytes = SpoolSettings.DEFAULT.maxFileBytes();

  private final TracingBuilder tracing = new TracingBuilder();
  private @Nullable AdminBuilder admin;

  /** Whether it was described by calls, and not by settings alone. */
  private boolean adminSaid;

  private final List<FieldRule> requestFields = new ArrayList<>();
  private final List<FieldRule> responseFields = new ArrayList<>();

  /** For the builders of the two directions. */
  protected ProxyBuilder() {
    EarlyLoading.begin();
  }

  /** This builder as its own type. */
  protected abstract B self();

  /**
   * The decisions of this direction; what is wrong with them is noted in {@code checks}.
   *
   * @param tls makes trust and keys for upstreams
   */
  protected abstract Plugins plugins(
      ProxySettings settings,
      UpstreamTlsSources tls,
      List<ExchangeListener> listeners,
      Checks checks);

  /**
   * The address a proxy of this direction listens on if {@link #listen(int)} names none; empty for
   * all.
   */
  protected abstract Optional<String> defaultHost();

  /** The rules of a cache of this direction unless told otherwise. */
  protected abstract CacheSettings defaultCache();

  /** Whether some connections of TLS clients are passed on undecrypted. */
  protected boolean passesOn() {
    return false;
  }

  /** Caches responses, by default in a cache of its own; repeated calls accumulate. */
  public B cache(Consumer<CacheBuilder> details) {
    details.accept(cache.rules(defaultCache()));
    return self();
  }

  /**
   * Caches responses in a cache that others may share. Its size was said when it was made; of what
   * {@link #cache(Consumer)} says, the rules count. A forward proxy and a reverse proxy with a
   * route for any host cannot share one: what clients put into Host would poison it.
   */
  public B cache(HttpCache shared) {
    cache.share(shared);
    return cache(rules -> {});
  }

  /** Listens on this port, 0 for any free one. The last call of {@code listen} counts. */
  public B listen(int port) {
    listeners.choose().port(port);
    return self();
  }

  /** Listens on this address (a name or literal) and port, 0 for any free one. */
  public B listen(String host, int port) {
    listeners.choose(host).port(port);
    return self();
  }

  /** Listens on this address and port too; repeated calls accumulate. */
  public B alsoListen(String host, int port) {
    return alsoListen(host, port, listener -> {});
  }

  /** Listens on this address and port too, as {@code details} say; repeated calls accumulate. */
  public B alsoListen(String host, int port, Consumer<ListenerBuilder> details) {
    details.accept(listeners.add(host, port));
    return self();
  }

  /** Has clients speak these on the address that {@link #listen} names. */
  protected final B speak(ListenerProtocol... spoken) {
    listeners.choose().speak(spoken);
    return self();
  }

  /**
   * Has clients speak this on an address of its own, in place of the one of {@link #listen} unless
   * that is called.
   */
  protected final B listen(String host, int port, ListenerProtocol spoken) {
    listeners.add(host, port).speak(spoken);
    return self();
  }

  /**
   * Whose word is taken, on the address that {@link #listen} names, for who a client is: the PROXY
   * protocol. Repeated calls accumulate.
   */
  public B proxyProtocol(Consumer<ProxyProtocolBuilder> details) {
    listeners.choose().proxyProtocol(details);
    return self();
  }

  /** How many IO threads; one per processor unless called. */
  public B ioThreads(int count) {
    this.ioThreads = count;
    return self();
  }

  /** Our name in Via and Proxy-Status; made up for each proxy unless called. */
  public B viaName(String name) {
    this.viaName = Optional.of(name);
    return self();
  }

  /**
   * Trust and keys for TLS to upstreams; the platform's unless called. Host names are always
   * verified. As it is behaviour, it is not part of settings.
   */
  public B upstreamTls(SSLContext context) {
    upstreamTls.context(context);
    return self();
  }

  /**
   * How TLS is spoken to upstreams that nothing else is said of; repeated calls accumulate. Not
   * together with {@link #upstreamTls(SSLContext)}.
   */
  public B upstreamTls(Consumer<UpstreamTlsBuilder> details) {
    details.accept(upstreamTls.details());
    return self();
  }

  /**
   * Asks {@code filter} about requests and responses, after those named before; as they are
   * behaviour, filters are not part of settings.
   */
  public B filter(ExchangeFilter filter) {
    filters.add(filter);
    return self();
  }

  /**
   * Who turns names into addresses; the platform's name service unless called. Its answers are
   * remembered for {@link #nameTtl}.
   */
  public B nameResolver(NameResolver resolver) {
    this.nameResolver = resolver;
    return self();
  }

  /** Tells {@code listener} what happens to exchanges. */
  public B listener(ExchangeListener listener) {
    audience.add(listener);
    return self();
  }

  /** Tells {@code listener} what happens to the proxy, besides exchanges. */
  public B eventListener(EventListener listener) {
    audience.add(listener);
    return self();
  }

  /** Tells all that the proxy which is being built tells of events. */
  protected final EventListener events() {
    return events;
  }

  /** What is kept when settings change. */
  protected final Kept kept() {
    return kept;
  }

  /** How long a request head may take; 15 s unless called. */
  public B headTimeout(Duration timeout) {
    server.headTimeout = timeout;
    return self();
  }

  /** How long a client connection may be idle between requests; 60 s unless called. */
  public B keepAliveTimeout(Duration timeout) {
    server.keepAliveTimeout = timeout;
    return self();
  }

  /** The longest request head in octets, 431 beyond; 32 KiB unless called. */
  public B maxHeadBytes(int bytes) {
    server.maxHeadBytes = bytes;
    return self();
  }

  /** The most field lines in a head, 431 beyond; 100 unless called. */
  public B maxFields(int count) {
    server.maxFields = count;
    return self();
  }

  /** The longest request target in octets, 414 beyond; 16 KiB unless called. */
  public B maxTargetBytes(int bytes) {
    server.maxTargetBytes = bytes;
    return self();
  }

  /** The most client connections in all; 50,000 unless called. */
  public B maxConnections(int count) {
    server.maxConnections = count;
    return self();
  }

  /** The most connections of one client address; 50,000 unless called. */
  public B maxConnectionsPerClient(int count) {
    server.maxConnectionsPerClient = count;
    return self();
  }

  /** How long name look-up, connection and TLS handshake may take together; 5 s unless called. */
  public B connectTimeout(Duration timeout) {
    exchange.connectTimeout = timeout;
    return self();
  }

  /**
   * The most connections to one destination, per IO thread; 1,024 unless called. Those that have
   * become tunnels do not count.
   */
  public B maxUpstreamConnections(int count) {
    upstream.maxConnections = count;
    return self();
  }

  /**
   * The most requests that wait for a connection to one destination, per IO thread, 503 beyond;
   * 1,024 unless called.
   */
  public B maxPendingRequests(int count) {
    upstream.maxPending = count;
    return self();
  }

  /** How long a request waits for a connection; 5 s unless called. */
  public B pendingTimeout(Duration timeout) {
    upstream.pendingTimeout = timeout;
    return self();
  }

  /**
   * The most unused upstream connections to all destinations together, per IO thread, of which the
   * oldest are closed beyond; 2,048 unless called.
   */
  public B maxIdleUpstreamConnections(int count) {
    upstream.maxIdle = count;
    return self();
  }

  /** How long an unused upstream connection is kept; 30 s unless called. */
  public B upstreamIdleTimeout(Duration timeout) {
    upstream.idleTimeout = timeout;
    return self();
  }

  /** How long an upstream connection is used at all; an hour unless called. */
  public B upstreamMaxAge(Duration age) {
    upstream.maxAge = age;
    return self();
  }

  /** How many requests an upstream connection serves; a million unless called. */
  public B upstreamMaxRequests(long count) {
    upstream.maxRequests = count;
    return self();
  }

  /** How long the addresses of a name are remembered; 30 s unless called. */
  public B nameTtl(Duration ttl) {
    upstream.nameTtl = ttl;
    return self();
  }

  /**
   * The most look-ups of names under way that one client of a forward proxy has caused, 429 beyond;
   * 256 unless called. Eight of them are made at a time.
   */
  public B maxLookupsPerClient(int count) {
    upstream.maxLookupsPerClient = count;
    return self();
  }

  /**
   * The most requests at a time on one HTTP/2 connection to an upstream, beyond which there is
   * another connection; 100 unless called, fewer if the server says so.
   */
  public B maxStreamsPerConnection(int count) {
    upstream.maxStreamsPerConnection = count;
    return self();
  }

  /**
   * How long the upstream may take from the end of the request to the head of its response, 504
   * beyond; 60 s unless called.
   */
  public B responseTimeout(Duration timeout) {
    exchange.responseTimeout = timeout;
    return self();
  }

  /** How long either side may neither send nor take an octet of a body; 60 s unless called. */
  public B idleTimeout(Duration timeout) {
    exchange.idleTimeout = timeout;
    return self();
  }

  /** How long an exchange may take in all; 24 hours unless called. Tunnels are exempt. */
  public B exchangeTimeout(Duration timeout) {
    exchange.exchangeTimeout = timeout;
    return self();
  }

  /** The longest request content in octets, 413 beyond; 10 GiB unless called. */
  public B maxBodyBytes(long bytes) {
    exchange.maxBodyBytes = bytes;
    return self();
  }

  /**
   * Octets per second a client must send on average while a body is due, after five seconds; 240
   * unless called, 0 for any.
   */
  public B minBodyRate(int bytesPerSecond) {
    exchange.minBodyRate = bytesPerSecond;
    return self();
  }

  /** How long a tunnel may be silent both ways; 10 minutes unless called. */
  public B tunnelIdleTimeout(Duration timeout) {
    exchange.tunnelIdleTimeout = timeout;
    return self();
  }

  /** How long a tunnel may be silent after one side has closed; 60 s unless called. */
  public B tunnelHalfCloseTimeout(Duration timeout) {
    exchange.tunnelHalfCloseTimeout = timeout;
    return self();
  }

  /** How long a tunnel may last in all, in use or not; as long as it is used unless called. */
  public B tunnelTimeout(Duration timeout) {
    exchange.tunnelTimeout = Optional.of(timeout);
    return self();
  }

  /** Removes Server and X-Powered-By from responses. */
  public B hideServerSoftware() {
    exchange.hideServerSoftware = true;
    return self();
  }

  /**
   * Buffers content for slow clients, on routes that do not say otherwise; repeated calls
   * accumulate.
   */
  public B buffering(Consumer<BufferingBuilder> details) {
    details.accept(buffering);
    return self();
  }

  /**
   * Where temporary files for buffered content are made, each for its owner alone; the platform's
   * directory for them unless called. {@link #build} makes the directory if it is not there.
   */
  public B bufferDirectory(Path directory) {
    this.bufferDirectory = Optional.of(directory.toString());
    return self();
  }

  /**
   * The most memory that buffered content occupies in all, in octets, beyond which it goes to files
   * at once; 64 MiB unless called.
   */
  public B maxBufferMemoryBytes(long bytes) {
    this.maxBufferMemoryBytes = bytes;
    return self();
  }

  /**
   * The most octets of buffered content in files in all; 10 GiB unless called. Beyond, requests get
   * 503, and responses are sent no faster than clients take them.
   */
  public B maxBufferFileBytes(long bytes) {
    this.maxBufferFileBytes = bytes;
    return self();
  }

  /** Sets a field of every upstream request, in place of any of that name. */
  public B requestField(String name, String value) {
    requestFields.add(FieldRule.set(name, value));
    return self();
  }

  /** Removes a field from every upstream request. */
  public B removeRequestField(String name) {
    requestFields.add(FieldRule.remove(name));
    return self();
  }

  /** Sets a field of every client response, in place of any of that name. */
  public B responseField(String name, String value) {
    responseFields.add(FieldRule.set(name, value));
    return self();
  }

  /** Removes a field from every client response. */
  public B removeResponseField(String name) {
    responseFields.add(FieldRule.remove(name));
    return self();
  }

  /** How HTTP/2 is spoken with clients; repeated calls accumulate. */
  public B http2(Consumer<Http2Builder> details) {
    details.accept(server.http2);
    return self();
  }

  /**
   * Lets clients begin with HTTP/2 without TLS, knowing that we speak it (RFC 9113 §3.3), on the
   * address that {@link #listen} names.
   */
  public B http2WithoutTls() {
    listeners.main().http2WithoutTls();
    return self();
  }

  /**
   * Has an admin listener: an API and a page that tell how the proxy fares, and can change some of
   * it. Repeated calls accumulate. There is none unless called.
   */
  public B admin(Consumer<AdminBuilder> details) {
    if (admin == null) {
      admin = new AdminBuilder();
    }
    details.accept(admin);
    this.adminSaid = true;
    return self();
  }

  /** The rules about fields of upstream requests, in the order of the calls; grows with them. */
  protected final List<FieldRule> requestFields() {
    return requestFields;
  }

  /** The rules about fields of client responses, in the order of the calls; grows with them. */
  protected final List<FieldRule> responseFields() {
    return responseFields;
  }

  /**
   * A stopped proxy.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public Proxy build() {
    return new Proxy(parts());
  }

  /** What the proxy is made of; wrong values are reported as by {@link #build}. */
  protected final Proxy.Parts parts() {
    kept = kept.anew(); // a builder may build several proxies
    Checks checks = new Checks();
    ProxySettings settings = settings(checks);
    Checks shared = checks.at("proxy"); // as both directions call this part of their settings
    settings.spool().prepareDirectory(shared.at("spool"));
    UpstreamTlsSources tls = upstreamTls.sources(settings.upstream().tls(), kept, checks);
    AdminListener administered =
        settings.admin().map(one -> AdminListener.of(one, kept, shared.at("admin"))).orElse(null);
    List<ProxyMetrics> metrics = metrics();
    this.events = audience.ofEvents(administered, metrics);
    List<AccessLog> logs = audience.logs(settings, events, kept, shared);
    List<ExchangeListener> told = audience.ofExchanges(administered, metrics, logs);
    Plugins plugins = plugins(settings, tls, told, checks).with(filters);
    List<Optional<ServerTls>> serverTls = listeners.serverTls(kept, shared, passesOn());
    cache.admit(plugins, kept, shared);
    checks.done();
    HttpCache caching = cache.cache(settings, kept);
    return new Proxy.Parts(
        settings,
        plugins,
        nameResolver,
        tls,
        caching,
        cache.attached(caching, settings, kept),
        serverTls,
        kept,
        events,
        logs,
        observer,
        administered);
  }

  /** Those of each proxy are its own, though one builder may build several. */
  private List<ProxyMetrics> metrics() {
    return registries.stream().map(to -> kept.of(ProxyMetrics.class, to, () -> in(to))).toList();
  }

  private static ProxyMetrics in(MeterRegistry registry) {
    ProxyMetrics metrics = ProxyMetrics.of();
    metrics.bindTo(registry);
    return metrics;
  }

  /**
   * What both directions share, as said so far; defaults stand in for what is noted in {@code
   * checks} as wrong.
   */
  protected final ProxySettings settings(Checks checks) {
    List<ListenerSettings> listening = listeners.settings(checks);
    ServerSettings ofServer = checks.collect(server::settings);
    Optional<UpstreamTlsSettings> tls = upstreamTls.settings(checks);
    UpstreamSettings ofUpstreams = checks.collect(() -> upstream.settings(tls));
    ExchangeSettings ofExchanges = checks.collect(exchange::settings);
    Optional<CacheSettings> caching = cache.settings(checks);
    BufferingSettings buffered = checks.collect(buffering::settings);
    SpoolSettings spool = checks.collect(this::spool);
    TracingSettings traced = tracing.settings(checks);
    List<AccessLogSettings> logs = audience.settings(checks);
    Optional<AdminSettings> administered = adminSettings(checks);
    List<AddressRange> purgeFrom = cache.purgeFrom(checks);
    ProxySettings settings =
        checks.collect(
            () ->
                new ProxySettings(
                    listening,
                    ioThreads,
                    viaName,
                    ofServer == null ? ServerSettings.DEFAULT : ofServer,
                    ofUpstreams == null ? UpstreamSettings.DEFAULT : ofUpstreams,
                    ofExchanges == null ? ExchangeSettings.DEFAULT : ofExchanges,
                    caching,
                    caching.isEmpty() ? List.of() : purgeFrom,
                    buffered == null ? BufferingSettings.OFF : buffered,
                    spool == null ? SpoolSettings.DEFAULT : spool,
                    traced == null ? TracingSettings.PASS : traced,
                    logs,
                    administered));
    return settings == null ? ProxySettings.on(listeners.host()) : settings;
  }

  /** Says everything that {@code settings} say. */
  protected final void startFrom(ProxySettings settings) {
    listeners.settings(settings.listeners());
    this.ioThreads = settings.ioThreads();
    this.viaName = settings.viaName();
    server.settings(settings.server());
    upstream.settings(settings.upstream());
    settings.upstream().tls().ifPresent(tls -> upstreamTls.details().settings(tls));
    exchange.settings(settings.exchange());
    buffering.settings(settings.buffering());
    tracing.settings(settings.tracing());
    this.bufferDirectory = settings.spool().directory();
    this.maxBufferMemoryBytes = settings.spool().maxMemoryBytes();
    this.maxBufferFileBytes = settings.spool().maxFileBytes();
    this.admin = settings.admin().map(new AdminBuilder()::settings).orElse(null);
    cache.settings(settings);
    settings.accessLogs().forEach(log -> accessLog(details -> details.settings(log)));
  }

  /**
   * Takes over from the builder of a proxy that runs what settings do not say: behaviour, and what
   * is {@linkplain #kept() kept}. To be called once, when this one has been told its settings and
   * nothing else.
   */
  protected void takeOver(ProxyBuilder<?> running) {
    this.kept = running.kept.next();
    audience.takeOver(running.audience);
    registries.addAll(running.registries);
    this.nameResolver = running.nameResolver;
    if (admin == null && running.adminSaid) {
      this.admin = running.admin;
      this.adminSaid = true;
    }
    upstreamTls.takeOver(running.upstreamTls);
    cache.takeOver(running.cache);
    this.observer = running.observer;
    filters.addAll(running.filters);
    listeners.takeOver(running.listeners);
  }

  /**
   * As {@link #takeOver(ProxyBuilder)} from the builder of {@code running}, whatever else that has
   * built.
   */
  protected final void takeOver(ProxyBuilder<?> builder, Proxy running) {
    takeOver(builder);
    this.kept = running.kept().next();
  }

  /**
   * Speaks TLS with clients on the address that {@link #listen} names; repeated calls accumulate.
   */
  public B tls(Consumer<TlsBuilder> details) {
    listeners.choose().tls(details);
    return self();
  }

  /** A running proxy; see {@link #build} and {@link Proxy#start}. */
  public Proxy start() {
    return build().start();
  }

  /** A handler for the application's own Undertow; see {@link #build} and {@link Proxy#handler}. */
  public HttpHandler handler() {
    return build().handler();
  }

  private SpoolSettings spool() {
    return new SpoolSettings(bufferDirectory, maxBufferMemoryBytes, maxBufferFileBytes);
  }

  private Optional<AdminSettings> adminSettings(Checks checks) {
    AdminBuilder described = admin;
    return described == null
        ? Optional.empty()
        : Optional.ofNullable(checks.collect("admin: ", described::settings));
  }

  /**
   * What becomes of the trace context of clients (W3C Trace Context): it goes on as it came unless
   * called. Repeated calls accumulate.
   */
  public B tracing(Consumer<TracingBuilder> details) {
    details.accept(tracing);
    return self();
  }

  /** Counts and times in {@code registry} what the proxy does; see {@link ProxyMetrics}. */
  public B metrics(MeterRegistry registry) {
    registries.add(registry);
    return self();
  }

  /**
   * Counts and times what the proxy does in the registry that {@code metrics} are bound to; for one
   * proxy. As it is behaviour, it is not part of settings.
   */
  public B metrics(ProxyMetrics metrics) {
    eventListener(metrics);
    return listener(metrics);
  }

  /** Writes a line for each exchange with a client; repeated calls make several logs. */
  public B accessLog(Consumer<AccessLogBuilder> details) {
    AccessLogBuilder log = new AccessLogBuilder();
    details.accept(log);
    audience.add(log);
    return self();
  }

  /**
   * Observes each request of a client and each attempt to get a response for it, by the handlers of
   * {@code registry}: they may make spans of them, and tell upstreams of those. The last call
   * counts. As it is behaviour, it is not part of settings; see {@link Observations}.
   */
  public B observation(ObservationRegistry registry) {
    this.observer = Observations.in(registry);
    return self();
  }
}
