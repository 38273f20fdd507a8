package io.tidegate.reverse.protect;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says what keeps harm from endpoints and browsers. Nothing is on unless called. */
public final class ProtectionBuilder {
  private final List<String> allowedClients = new ArrayList<>();
  private final List<String> deniedClients = new ArrayList<>();
  private final FilterBuilder filters = new FilterBuilder();
  private final List<String> methods = new ArrayList<>();
  private OptionalLong maxBodyBytes = OptionalLong.empty();
  private final List<RateLimitBuilder> rateLimits = new ArrayList<>();
  private int maxActiveRequests = ProtectionSettings.ANY;
  private int maxActiveRequestsPerClient = ProtectionSettings.ANY;
  private @Nullable SecurityFieldBuilder securityFields;
  private @Nullable CorsBuilder cors;

  /** Nothing is on. */
  public ProtectionBuilder() {}

  /**
   * Lets only clients in these addresses and ranges ask, and those of further calls: 403 for
   * others. Behind {@code trustedClients} it is the address that they tell that counts.
   */
  public ProtectionBuilder allowClients(String... ranges) {
    allowedClients.addAll(List.of(ranges));
    return this;
  }

  /** Lets no client in these addresses and ranges ask, whether it is allowed or not: 403. */
  public ProtectionBuilder denyClients(String... ranges) {
    deniedClients.addAll(List.of(ranges));
    return this;
  }

  /** Which filters requests must pass. */
  public ProtectionBuilder filters(Consumer<FilterBuilder> details) {
    details.accept(filters);
    return this;
  }

  /** Lets only these methods pass, and with GET also HEAD: 405 for others. */
  public ProtectionBuilder allowMethods(String... methods) {
    this.methods.addAll(List.of(methods));
    return this;
  }

  /** The longest request content in octets; 413 beyond. As the proxy says unless called. */
  public ProtectionBuilder maxBodyBytes(long bytes) {
    this.maxBodyBytes = OptionalLong.of(bytes);
    return this;
  }

  /**
   * Lets so many requests pass in a time; 429 beyond, with Retry-After. A limit of the proxy counts
   * over all routes.
   *
   * @param name what clients see in RateLimit fields
   */
  public ProtectionBuilder rateLimit(
      String name, long requests, Duration per, Consumer<RateLimitBuilder> details) {
    RateLimitBuilder limit = new RateLimitBuilder(name, requests, per);
    details.accept(limit);
    rateLimits.add(limit);
    return this;
  }

  /** How many requests may be under way at once, tunnels included; 503 beyond. */
  public ProtectionBuilder maxActiveRequests(int requests) {
    this.maxActiveRequests = requests;
    return this;
  }

  /** How many requests of one client address, or IPv6 /64, may be under way at once; 429 beyond. */
  public ProtectionBuilder maxActiveRequestsPerClient(int requests) {
    this.maxActiveRequestsPerClient = requests;
    return this;
  }

  /** Adds fields to responses that tell browsers to be careful. */
  public ProtectionBuilder securityFields(Consumer<SecurityFieldBuilder> details) {
    SecurityFieldBuilder fields =
        Objects.requireNonNullElseGet(securityFields, SecurityFieldBuilder::new);
    details.accept(fields);
    this.securityFields = fields;
    return this;
  }

  /** Lets pages of other origins ask (CORS); what the application says about it is replaced. */
  public ProtectionBuilder cors(Consumer<CorsBuilder> details) {
    CorsBuilder origins = Objects.requireNonNullElseGet(cors, CorsBuilder::new);
    details.accept(origins);
    this.cors = origins;
    return this;
  }

  /** Takes over what {@code settings} say. */
  public ProtectionBuilder settings(ProtectionSettings settings) {
    settings.allowedClients().forEach(range -> allowClients(range.toString()));
    settings.deniedClients().forEach(range -> denyClients(range.toString()));
    filters.settings(settings.filters());
    methods.addAll(settings.methods());
    this.maxBodyBytes = settings.maxBodyBytes();
    for (RateLimitSettings limit : settings.rateLimits()) {
      rateLimit(limit.name(), limit.requests(), limit.per(), builder -> builder.settings(limit));
    }
    maxActiveRequests(settings.maxActiveRequests());
    maxActiveRequestsPerClient(settings.maxActiveRequestsPerClient());
    settings.securityFields().ifPresent(own -> securityFields(fields -> fields.settings(own)));
    settings.cors().ifPresent(own -> cors(origins -> origins.settings(own)));
    return this;
  }

  /** The filters of one's own, which settings cannot hold. */
  public List<RequestFilter> ownFilters() {
    return filters.own();
  }

  /**
   * What this was told so far, without filters of one's own.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with every wrong value
   */
  public ProtectionSettings settings() {
    Checks checks = new Checks();
    List<AddressRange> allowed = AddressRange.parse("allowClients", allowedClients, checks);
    List<AddressRange> denied = AddressRange.parse("denyClients", deniedClients, checks);
    FilterSettings filterSettings =
        Objects.requireNonNullElse(checks.collect(filters::settings), FilterSettings.NONE);
    List<RateLimitSettings> limits = new ArrayList<>();
    for (RateLimitBuilder limit : rateLimits) {
      Optional.ofNullable(checks.collect(limit::settings)).ifPresent(limits::add);
    }
    SecurityFieldBuilder security = securityFields;
    Optional<SecurityFieldSettings> securitySettings =
        security == null
            ? Optional.empty()
            : Optional.ofNullable(checks.collect(security::settings));
    CorsBuilder origins = cors;
    Optional<CorsSettings> corsSettings =
        origins == null ? Optional.empty() : Optional.ofNullable(checks.collect(origins::settings));
    // Made even if a part was rejected, so that all that is wrong is said.
    ProtectionSettings settings =
        checks.collect(
            () ->
                new ProtectionSettings(
                    allowed,
                    denied,
                    filterSettings,
                    methods,
                    maxBodyBytes,
                    limits,
                    maxActiveRequests,
                    maxActiveRequestsPerClient,
                    securitySettings,
                    corsSettings));
    checks.done();
    return Objects.requireNonNull(settings);
  }
}
