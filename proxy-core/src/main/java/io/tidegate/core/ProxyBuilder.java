package io.tidegate.core;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.tidegate.core.admin.AdminSettings;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.connect.AddressResolver;
import io.tidegate.core.connect.UpstreamSettings;
import io.tidegate.core.exchange.PurgeAccess;
import io.tidegate.core.exchange.ResponseCache;
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
import io.tidegate.core.spi.UpstreamTls;
import io.tidegate.core.spool.SpoolSettings;
import io.tidegate.core.tls.CertificateFiles;
import io.tidegate.core.tls.PlatformTls;
import io.tidegate.core.tls.ServerTls;
import io.tidegate.core.tls.UpstreamTlsSettings;
import io.tidegate.core.tls.UpstreamTlsSources;
import io.undertow.server.HttpHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
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
  private final ListenerBuilder mainListener = new ListenerBuilder();
  private boolean hostChosen;
  private boolean portChosen;
  private final List<ListenerBuilder> moreListeners = new ArrayList<>();
  private int ioThreads;
  private Optional<String> viaName = Optional.empty();
  private @Nullable UpstreamTls upstreamTls;

  /** Whether a proxy runs that is to have these settings. */
  private boolean follows;

  /**
   * What the last of those before this had that had any: it counts wherever there are no details.
   */
  private @Nullable UpstreamTls upstreamTlsBefore;

  private @Nullable UpstreamTlsBuilder upstreamTlsDetails;
  private NameResolver nameResolver = AddressResolver.PLATFORM;
  private final List<ExchangeListener> listeners = new ArrayList<>();
  private @Nullable ExchangeObserver observer;
  private Kept kept = new Kept();
  private final List<EventListener> eventListeners = new ArrayList<>();
  private final List<MeterRegistry> registries = new ArrayList<>();

  /** Those of the proxy that is being built, and its own. */
  private EventListener events = new EventListeners(List.of());

  private final List<ExchangeFilter> filters = new ArrayList<>();

  private Duration headTimeout = ServerSettings.DEFAULT.headTimeout();
  private Duration keepAliveTimeout = ServerSettings.DEFAULT.keepAliveTimeout();
  private int maxHeadBytes = ServerSettings.DEFAULT.maxHeadBytes();
  private int maxFields = ServerSettings.DEFAULT.maxFields();
  private int maxTargetBytes = ServerSettings.DEFAULT.maxTargetBytes();
  private int maxConnections = ServerSettings.DEFAULT.maxConnections();
  private int maxConnectionsPerClient = ServerSettings.DEFAULT.maxConnectionsPerClient();
  private final Http2Builder http2 = new Http2Builder();

  private Duration connectTimeout = ExchangeSettings.DEFAULT.connectTimeout();
  private int maxUpstreamConnections = UpstreamSettings.DEFAULT.maxConnections();
  private int maxPendingRequests = UpstreamSettings.DEFAULT.maxPending();
  private Duration pendingTimeout = UpstreamSettings.DEFAULT.pendingTimeout();
  private int maxIdleUpstreamConnections = UpstreamSettings.DEFAULT.maxIdle();
  private Duration upstreamIdleTimeout = UpstreamSettings.DEFAULT.idleTimeout();
  private Duration upstreamMaxAge = UpstreamSettings.DEFAULT.maxAge();
  private long upstreamMaxRequests = UpstreamSettings.DEFAULT.maxRequests();
  private Duration nameTtl = UpstreamSettings.DEFAULT.nameTtl();
  private int maxLookupsPerClient = UpstreamSettings.DEFAULT.maxLookupsPerClient();
  private int maxStreamsPerConnection = UpstreamSettings.DEFAULT.maxStreamsPerConnection();

  private Duration responseTimeout = ExchangeSettings.DEFAULT.responseTimeout();
  private Duration idleTimeout = ExchangeSettings.DEFAULT.idleTimeout();
  private Duration exchangeTimeout = ExchangeSettings.DEFAULT.exchangeTimeout();
  private long maxBodyBytes = ExchangeSettings.DEFAULT.maxBodyBytes();
  private int minBodyRate = ExchangeSettings.DEFAULT.minBodyRate();
  private Duration tunnelIdleTimeout = ExchangeSettings.DEFAULT.tunnelIdleTimeout();
  private Duration tunnelHalfCloseTimeout = ExchangeSettings.DEFAULT.tunnelHalfCloseTimeout();
  private Optional<Duration> tunnelTimeout = Optional.empty();
  private boolean hideServerSoftware;

  private @Nullable CacheBuilder cache;

  /** What was said of the cache last, should there be none just now. */
  private @Nullable CacheBuilder cacheBefore;

  private @Nullable HttpCache sharedCache;

  private final BufferingBuilder buffering = new BufferingBuilder();
  private Optional<String> bufferDirectory = SpoolSettings.DEFAULT.directory();
  private long maxBufferMemoryBytes = SpoolSettings.DEFAULT.maxMemoryBytes();
  private long maxBufferFileBytes = SpoolSettings.DEFAULT.maxFileBytes();

  private final TracingBuilder tracing = new TracingBuilder();
  private final List<AccessLogBuilder> accessLogs = new ArrayList<>();
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
    if (cache == null) {
      cache = new CacheBuilder(defaultCache());
    }
    details.accept(cache);
    return self();
  }

  /**
   * Caches responses in a cache that others may share. Its size was said when it was made; of what
   * {@link #cache(Consumer)} says, the rules count. A forward proxy and a reverse proxy with a
   * route for any host cannot share one: what clients put into Host would poison it.
   */
  public B cache(HttpCache shared) {
    this.sharedCache = shared;
    return cache(rules -> {});
  }

  /** Listens on this port, 0 for any free one. The last call of {@code listen} counts. */
  public B listen(int port) {
    mainListener.port(port);
    this.portChosen = true;
    return self();
  }

  /** Listens on this address (a name or literal) and port, 0 for any free one. */
  public B listen(String host, int port) {
    mainListener.host(Optional.of(host));
    this.hostChosen = true;
    return listen(port);
  }

  /** Listens on this address and port too; repeated calls accumulate. */
  public B alsoListen(String host, int port) {
    return alsoListen(host, port, listener -> {});
  }

  /** Listens on this address and port too, as {@code details} say; repeated calls accumulate. */
  public B alsoListen(String host, int port, Consumer<ListenerBuilder> details) {
    ListenerBuilder listener = new ListenerBuilder().at(Optional.of(host), port);
    details.accept(listener);
    moreListeners.add(listener);
    return self();
  }

  /** Has clients speak these on the address that {@link #listen} names. */
  protected final B speak(ListenerProtocol... spoken) {
    mainListener.speak(spoken);
    this.portChosen = true;
    return self();
  }

  /**
   * Has clients speak this on an address of its own, in place of the one of {@link #listen} unless
   * that is called.
   */
  protected final B listen(String host, int port, ListenerProtocol spoken) {
    moreListeners.add(new ListenerBuilder().at(Optional.of(host), port).speak(spoken));
    return self();
  }

  /**
   * Whose word is taken, on the address that {@link #listen} names, for who a client is: the PROXY
   * protocol. Repeated calls accumulate.
   */
  public B proxyProtocol(Consumer<ProxyProtocolBuilder> details) {
    mainListener.proxyProtocol(details);
    this.portChosen = true;
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
    this.upstreamTls = UpstreamTls.of(context);
    return self();
  }

  /**
   * How TLS is spoken to upstreams that nothing else is said of; repeated calls accumulate. Not
   * together with {@link #upstreamTls(SSLContext)}.
   */
  public B upstreamTls(Consumer<UpstreamTlsBuilder> details) {
    if (upstreamTlsDetails == null) {
      upstreamTlsDetails = new UpstreamTlsBuilder();
    }
    details.accept(upstreamTlsDetails);
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
    listeners.add(listener);
    return self();
  }

  /** Tells {@code listener} what happens to the proxy, besides exchanges. */
  public B eventListener(EventListener listener) {
    if (!eventListeners.contains(listener)) {
      eventListeners.add(listener);
    }
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
    this.headTimeout = timeout;
    return self();
  }

  /** How long a client connection may be idle between requests; 60 s unless called. */
  public B keepAliveTimeout(Duration timeout) {
    this.keepAliveTimeout = timeout;
    return self();
  }

  /** The longest request head in octets, 431 beyond; 32 KiB unless called. */
  public B maxHeadBytes(int bytes) {
    this.maxHeadBytes = bytes;
    return self();
  }

  /** The most field lines in a head, 431 beyond; 100 unless called. */
  public B maxFields(int count) {
    this.maxFields = count;
    return self();
  }

  /** The longest request target in octets, 414 beyond; 16 KiB unless called. */
  public B maxTargetBytes(int bytes) {
    this.maxTargetBytes = bytes;
    return self();
  }

  /** The most client connections in all; 50,000 unless called. */
  public B maxConnections(int count) {
    this.maxConnections = count;
    return self();
  }

  /** The most connections of one client address; 50,000 unless called. */
  public B maxConnectionsPerClient(int count) {
    this.maxConnectionsPerClient = count;
    return self();
  }

  /** How long name look-up, connection and TLS handshake may take together; 5 s unless called. */
  public B connectTimeout(Duration timeout) {
    this.connectTimeout = timeout;
    return self();
  }

  /**
   * The most connections to one destination, per IO thread; 1,024 unless called. Those that have
   * become tunnels do not count.
   */
  public B maxUpstreamConnections(int count) {
    this.maxUpstreamConnections = count;
    return self();
  }

  /**
   * The most requests that wait for a connection to one destination, per IO thread, 503 beyond;
   * 1,024 unless called.
   */
  public B maxPendingRequests(int count) {
    this.maxPendingRequests = count;
    return self();
  }

  /** How long a request waits for a connection; 5 s unless called. */
  public B pendingTimeout(Duration timeout) {
    this.pendingTimeout = timeout;
    return self();
  }

  /**
   * The most unused upstream connections to all destinations together, per IO thread, of which the
   * oldest are closed beyond; 2,048 unless called.
   */
  public B maxIdleUpstreamConnections(int count) {
    this.maxIdleUpstreamConnections = count;
    return self();
  }

  /** How long an unused upstream connection is kept; 30 s unless called. */
  public B upstreamIdleTimeout(Duration timeout) {
    this.upstreamIdleTimeout = timeout;
    return self();
  }

  /** How long an upstream connection is used at all; an hour unless called. */
  public B upstreamMaxAge(Duration age) {
    this.upstreamMaxAge = age;
    return self();
  }

  /** How many requests an upstream connection serves; a million unless called. */
  public B upstreamMaxRequests(long count) {
    this.upstreamMaxRequests = count;
    return self();
  }

  /** How long the addresses of a name are remembered; 30 s unless called. */
  public B nameTtl(Duration ttl) {
    this.nameTtl = ttl;
    return self();
  }

  /**
   * The most look-ups of names under way that one client of a forward proxy has caused, 429 beyond;
   * 256 unless called. Eight of them are made at a time.
   */
  public B maxLookupsPerClient(int count) {
    this.maxLookupsPerClient = count;
    return self();
  }

  /**
   * The most requests at a time on one HTTP/2 connection to an upstream, beyond which there is
   * another connection; 100 unless called, fewer if the server says so.
   */
  public B maxStreamsPerConnection(int count) {
    this.maxStreamsPerConnection = count;
    return self();
  }

  /**
   * How long the upstream may take from the end of the request to the head of its response, 504
   * beyond; 60 s unless called.
   */
  public B responseTimeout(Duration timeout) {
    this.responseTimeout = timeout;
    return self();
  }

  /** How long either side may neither send nor take an octet of a body; 60 s unless called. */
  public B idleTimeout(Duration timeout) {
    this.idleTimeout = timeout;
    return self();
  }

  /** How long an exchange may take in all; 24 hours unless called. Tunnels are exempt. */
  public B exchangeTimeout(Duration timeout) {
    this.exchangeTimeout = timeout;
    return self();
  }

  /** The longest request content in octets, 413 beyond; 10 GiB unless called. */
  public B maxBodyBytes(long bytes) {
    this.maxBodyBytes = bytes;
    return self();
  }

  /**
   * Octets per second a client must send on average while a body is due, after five seconds; 240
   * unless called, 0 for any.
   */
  public B minBodyRate(int bytesPerSecond) {
    this.minBodyRate = bytesPerSecond;
    return self();
  }

  /** How long a tunnel may be silent both ways; 10 minutes unless called. */
  public B tunnelIdleTimeout(Duration timeout) {
    this.tunnelIdleTimeout = timeout;
    return self();
  }

  /** How long a tunnel may be silent after one side has closed; 60 s unless called. */
  public B tunnelHalfCloseTimeout(Duration timeout) {
    this.tunnelHalfCloseTimeout = timeout;
    return self();
  }

  /** How long a tunnel may last in all, in use or not; as long as it is used unless called. */
  public B tunnelTimeout(Duration timeout) {
    this.tunnelTimeout = Optional.of(timeout);
    return self();
  }

  /** Removes Server and X-Powered-By from responses. */
  public B hideServerSoftware() {
    this.hideServerSoftware = true;
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
    details.accept(http2);
    return self();
  }

  /**
   * Lets clients begin with HTTP/2 without TLS, knowing that we speak it (RFC 9113 §3.3), on the
   * address that {@link #listen} names.
   */
  public B http2WithoutTls() {
    mainListener.http2WithoutTls();
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
    settings.spool().prepareDirectory(checks);
    UpstreamTlsSources tls = upstreamTls(settings.upstream().tls(), checks);
    List<AccessLog> logs = logs(settings, checks);
    AdminListener administered =
        settings.admin().map(one -> AdminListener.of(one, kept, checks)).orElse(null);
    List<ProxyMetrics> metrics = metrics();
    this.events = new EventListeners(toldOfEvents(administered, metrics));
    List<ExchangeListener> told = told(administered, metrics);
    told.addAll(logs);
    Plugins plugins = plugins(settings, tls, told, checks).with(filters);
    List<Optional<ServerTls>> serverTls =
        describedListeners().stream()
            .map(listener -> listener.serverTls(kept, checks, passesOn()))
            .toList();
    if (sharedCache != null && cache != null) {
      admit(sharedCache, plugins, checks);
    }
    checks.done();
    HttpCache caching = cache(settings);
    return new Proxy.Parts(
        settings,
        plugins,
        nameResolver,
        tls,
        caching,
        attached(caching, settings),
        serverTls,
        kept,
        events,
        logs,
        observer,
        administered);
  }

  /** A cache that others use too learns of settings that come later when they count. */
  private void admit(HttpCache shared, Plugins plugins, Checks checks) {
    if (follows) {
      shared.check(plugins, checks);
      kept.change(() -> shared.take(plugins));
    } else {
      shared.admit(plugins, checks);
    }
  }

  /** A log that was there before the settings changed goes on. */
  private List<AccessLog> logs(ProxySettings settings, Checks checks) {
    List<AccessLog> logs = new ArrayList<>();
    for (AccessLogSettings described : settings.accessLogs()) {
      AccessLog.check(described, checks);
      logs.add(
          kept.of(
              AccessLog.class, described, () -> AccessLog.of(described, InstantSource.system())));
    }
    for (AccessLogBuilder described : accessLogs) {
      AccessLog own = described.isPlain() ? null : checks.collect(() -> described.toSink(kept));
      if (own != null) {
        logs.add(own);
      }
    }
    return logs;
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

  private List<EventListener> toldOfEvents(
      @Nullable AdminListener administered, List<ProxyMetrics> metrics) {
    List<EventListener> told = new ArrayList<>(metrics); // before those who may look at them
    if (administered != null) {
      told.add(administered.events());
    }
    told.addAll(eventListeners);
    return told;
  }

  private List<ExchangeListener> told(
      @Nullable AdminListener administered, List<ProxyMetrics> metrics) {
    List<ExchangeListener> told = new ArrayList<>(metrics);
    told.addAll(listeners);
    if (administered != null) {
      told.add(administered.figures());
    }
    return told;
  }

  private UpstreamTlsSources upstreamTls(Optional<UpstreamTlsSettings> details, Checks checks) {
    if (upstreamTls != null && details.isPresent()) {
      checks.reject("upstreamTls", "a context and details", "one or the other");
    }
    UpstreamTls given = upstreamTls == null ? upstreamTlsBefore : upstreamTls;
    UpstreamTls byDefault = given == null ? new UpstreamTls(PlatformTls.SOURCE, null) : given;
    CertificateFiles files = new CertificateFiles(SecretReader::read);
    return new UpstreamTlsSources(files, details, byDefault, kept, checks);
  }

  private @Nullable HttpCache cache(ProxySettings settings) {
    CacheSettings rules = settings.cache().orElse(null);
    if (rules == null || sharedCache != null) {
      return sharedCache;
    }
    return own(rules);
  }

  private @Nullable ResponseCache attached(@Nullable HttpCache stored, ProxySettings settings) {
    CacheBuilder described = cache;
    CacheSettings rules = settings.cache().orElse(null);
    if (stored == null || described == null || rules == null) {
      return null;
    }
    if (follows) {
      kept.change(() -> stored.findKeysOf(rules));
    } else {
      stored.findKeysOf(rules);
    }
    PurgeAccess purge = new PurgeAccess(settings.purgeFrom(), described.purgePolicies());
    return stored.attached(rules, purge, described.partition());
  }

  private HttpCache own(CacheSettings rules) {
    HttpCache own = kept.of(HttpCache.class, "own", () -> HttpCache.of(rules));
    kept.change(() -> own.resize(rules));
    return own;
  }

  /**
   * What both directions share, as said so far; defaults stand in for what is noted in {@code
   * checks} as wrong.
   */
  protected final ProxySettings settings(Checks checks) {
    List<ListenerSettings> listeners = listeners(checks);
    ServerSettings server = checks.collect(this::server);
    Optional<UpstreamTlsSettings> tls = upstreamTlsSettings(checks);
    UpstreamSettings upstream = checks.collect(() -> upstream(tls));
    ExchangeSettings exchange = checks.collect(this::exchange);
    CacheBuilder cached = cache;
    Optional<CacheSettings> caching =
        cached == null ? Optional.empty() : Optional.ofNullable(checks.collect(cached::settings));
    BufferingSettings buffered = checks.collect(buffering::settings);
    SpoolSettings spool = checks.collect(this::spool);
    TracingSettings traced = tracing.settings(checks);
    List<AccessLogSettings> logs = accessLogs(checks);
    Optional<AdminSettings> administered = adminSettings(checks);
    List<AddressRange> purgeFrom = cached == null ? List.of() : cached.purgeFrom(checks);
    ProxySettings settings =
        checks.collect(
            () ->
                new ProxySettings(
                    listeners,
                    ioThreads,
                    viaName,
                    server == null ? ServerSettings.DEFAULT : server,
                    upstream == null ? UpstreamSettings.DEFAULT : upstream,
                    exchange == null ? ExchangeSettings.DEFAULT : exchange,
                    caching,
                    caching.isEmpty() ? List.of() : purgeFrom,
                    buffered == null ? BufferingSettings.OFF : buffered,
                    spool == null ? SpoolSettings.DEFAULT : spool,
                    traced == null ? TracingSettings.PASS : traced,
                    logs,
                    administered));
    return settings == null ? ProxySettings.on(host()) : settings;
  }

  private List<AccessLogSettings> accessLogs(Checks checks) {
    List<AccessLogSettings> logs = new ArrayList<>();
    for (AccessLogBuilder described : accessLogs) {
      AccessLogSettings log = described.isPlain() ? checks.collect(described::settings) : null;
      if (log != null) {
        logs.add(log);
      }
    }
    return logs;
  }

  /** Says everything that {@code settings} say. */
  protected final void startFrom(ProxySettings settings) {
    startFrom(settings.listeners());
    this.ioThreads = settings.ioThreads();
    this.viaName = settings.viaName();
    startFrom(settings.server());
    startFrom(settings.upstream());
    startFrom(settings.exchange());
    buffering.settings(settings.buffering());
    tracing.settings(settings.tracing());
    this.bufferDirectory = settings.spool().directory();
    this.maxBufferMemoryBytes = settings.spool().maxMemoryBytes();
    this.maxBufferFileBytes = settings.spool().maxFileBytes();
    this.admin = settings.admin().map(new AdminBuilder()::settings).orElse(null);
    this.cache = settings.cache().map(CacheBuilder::new).orElse(null);
    if (cache != null) {
      settings.purgeFrom().forEach(range -> cache.purgeFrom(range.toString()));
    }
    settings.accessLogs().forEach(log -> accessLog(details -> details.settings(log)));
  }

  /**
   * Takes over from the builder of a proxy that runs what settings do not say: behaviour, and what
   * is {@linkplain #kept() kept}. To be called once, when this one has been told its settings and
   * nothing else.
   */
  protected void takeOver(ProxyBuilder<?> running) {
    this.follows = true;
    this.kept = running.kept.next();
    eventListeners.addAll(running.eventListeners);
    registries.addAll(running.registries);
    this.nameResolver = running.nameResolver;
    if (admin == null && running.adminSaid) {
      this.admin = running.admin;
      this.adminSaid = true;
    }
    this.upstreamTlsBefore =
        running.upstreamTls == null ? running.upstreamTlsBefore : running.upstreamTls;
    this.sharedCache = running.sharedCache;
    this.cacheBefore = running.cache == null ? running.cacheBefore : running.cache;
    if (cache != null && cacheBefore != null) {
      cache.takeOver(cacheBefore);
    }
    running.accessLogs.stream().filter(log -> !log.isPlain()).forEach(accessLogs::add);
    this.observer = running.observer;
    listeners.addAll(running.listeners);
    filters.addAll(running.filters);
    for (ListenerBuilder listener : describedListeners()) {
      running.describedListeners().stream()
          .filter(listener::isWhere)
          .findFirst()
          .ifPresent(listener::takeOver);
    }
  }

  /**
   * As {@link #takeOver(ProxyBuilder)} from the builder of {@code running}, whatever else that has
   * built.
   */
  protected final void takeOver(ProxyBuilder<?> builder, Proxy running) {
    takeOver(builder);
    this.kept = running.kept().next();
  }

  private void startFrom(List<ListenerSettings> listeners) {
    ListenerSettings first = listeners.get(0);
    mainListener.settings(first);
    this.hostChosen = true;
    this.portChosen = true;
    listeners.stream()
        .skip(1)
        .forEach(more -> moreListeners.add(new ListenerBuilder().settings(more)));
  }

  /** Where to listen; what is wrong with it is noted in {@code checks}. */
  private List<ListenerSettings> listeners(Checks checks) {
    List<ListenerSettings> listeners = new ArrayList<>();
    for (ListenerBuilder listener : describedListeners()) {
      ListenerSettings good = checks.collect(listener::settings);
      if (good != null) {
        listeners.add(good);
      }
    }
    return listeners.isEmpty() ? ProxySettings.on(host()).listeners() : listeners;
  }

  private List<ListenerBuilder> describedListeners() {
    List<ListenerBuilder> described = new ArrayList<>();
    if (portChosen || moreListeners.isEmpty()) {
      described.add(hostChosen ? mainListener : mainListener.host(defaultHost()));
    }
    described.addAll(moreListeners);
    return described;
  }

  private Optional<String> host() {
    return hostChosen ? mainListener.host() : defaultHost();
  }

  private void startFrom(ServerSettings server) {
    this.headTimeout = server.headTimeout();
    this.keepAliveTimeout = server.keepAliveTimeout();
    this.maxHeadBytes = server.maxHeadBytes();
    this.maxFields = server.maxFields();
    this.maxTargetBytes = server.maxTargetBytes();
    this.maxConnections = server.maxConnections();
    this.maxConnectionsPerClient = server.maxConnectionsPerClient();
    http2.settings(server.http2());
  }

  private void startFrom(UpstreamSettings upstream) {
    this.maxUpstreamConnections = upstream.maxConnections();
    this.maxPendingRequests = upstream.maxPending();
    this.pendingTimeout = upstream.pendingTimeout();
    this.maxIdleUpstreamConnections = upstream.maxIdle();
    this.upstreamIdleTimeout = upstream.idleTimeout();
    this.upstreamMaxAge = upstream.maxAge();
    this.upstreamMaxRequests = upstream.maxRequests();
    this.nameTtl = upstream.nameTtl();
    this.maxLookupsPerClient = upstream.maxLookupsPerClient();
    this.maxStreamsPerConnection = upstream.maxStreamsPerConnection();
    upstream.tls().ifPresent(tls -> upstreamTls(details -> details.settings(tls)));
  }

  private void startFrom(ExchangeSettings exchange) {
    this.connectTimeout = exchange.connectTimeout();
    this.responseTimeout = exchange.responseTimeout();
    this.idleTimeout = exchange.idleTimeout();
    this.exchangeTimeout = exchange.exchangeTimeout();
    this.maxBodyBytes = exchange.maxBodyBytes();
    this.minBodyRate = exchange.minBodyRate();
    this.tunnelIdleTimeout = exchange.tunnelIdleTimeout();
    this.tunnelHalfCloseTimeout = exchange.tunnelHalfCloseTimeout();
    this.tunnelTimeout = exchange.tunnelTimeout();
    this.hideServerSoftware = exchange.hideServerSoftware();
  }

  /**
   * Speaks TLS with clients on the address that {@link #listen} names; repeated calls accumulate.
   */
  public B tls(Consumer<TlsBuilder> details) {
    mainListener.tls(details);
    this.portChosen = true;
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

  private ServerSettings server() {
    return new ServerSettings(
        headTimeout,
        keepAliveTimeout,
        maxHeadBytes,
        maxFields,
        maxTargetBytes,
        maxConnections,
        maxConnectionsPerClient,
        http2.settings());
  }

  private Optional<UpstreamTlsSettings> upstreamTlsSettings(Checks checks) {
    UpstreamTlsBuilder described = upstreamTlsDetails;
    return described == null
        ? Optional.empty()
        : Optional.ofNullable(checks.collect("upstreamTls: ", described::settings));
  }

  private Optional<AdminSettings> adminSettings(Checks checks) {
    AdminBuilder described = admin;
    return described == null
        ? Optional.empty()
        : Optional.ofNullable(checks.collect("admin: ", described::settings));
  }

  private UpstreamSettings upstream(Optional<UpstreamTlsSettings> tls) {
    return new UpstreamSettings(
        maxUpstreamConnections,
        maxPendingRequests,
        pendingTimeout,
        maxIdleUpstreamConnections,
        upstreamIdleTimeout,
        upstreamMaxAge,
        upstreamMaxRequests,
        nameTtl,
        maxLookupsPerClient,
        maxStreamsPerConnection,
        tls);
  }

  private ExchangeSettings exchange() {
    return new ExchangeSettings(
        connectTimeout,
        responseTimeout,
        idleTimeout,
        exchangeTimeout,
        maxBodyBytes,
        minBodyRate,
        tunnelIdleTimeout,
        tunnelHalfCloseTimeout,
        hideServerSoftware,
        tunnelTimeout);
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
    accessLogs.add(log);
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
