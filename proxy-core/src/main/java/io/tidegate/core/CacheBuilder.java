package io.tidegate.core;

import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.cache.KeyPolicy;
import io.tidegate.core.cache.TagField;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.AccessPolicy;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Describes the cache of a proxy (RFC 9111). */
public final class CacheBuilder {
  private long maxBytes;
  private Optional<Long> maxResponseBytes;
  private int maxVariants;
  private int maxQueryBytes;
  private Duration fillTimeout;
  private boolean heuristicFreshness;
  private int heuristicPercent;
  private Duration heuristicMax;
  private Duration staleWhileRevalidate;
  private Duration staleIfUnreachable;
  private Duration staleIfError;
  private List<FieldName> targets;
  private boolean storeSetCookie;
  private KeyPolicy.Parameters parameters;
  private final Set<String> named = new LinkedHashSet<>();
  private boolean sortParameters;
  private final List<FieldName> keyFields = new ArrayList<>();
  private final List<String> keyCookies = new ArrayList<>();
  private Optional<TagField> tagField;
  private boolean statusField;
  private boolean statusKey;
  private boolean statusDetail;
  private boolean perUser;
  private final List<String> purgeFrom = new ArrayList<>();
  private final List<AccessPolicy> purgePolicies = new ArrayList<>();
  private Function<ClientRequest, String> partition = request -> "";

  CacheBuilder(CacheSettings from) {
    this.maxBytes = from.maxBytes();
    this.maxResponseBytes = from.maxResponseBytes();
    this.maxVariants = from.maxVariants();
    this.maxQueryBytes = from.maxQueryBytes();
    this.fillTimeout = from.fillTimeout();
    this.heuristicFreshness = from.heuristicFreshness();
    this.heuristicPercent = from.heuristicPercent();
    this.heuristicMax = from.heuristicMax();
    this.staleWhileRevalidate = from.staleWhileRevalidate();
    this.staleIfUnreachable = from.staleIfUnreachable();
    this.staleIfError = from.staleIfError();
    this.targets = from.targets();
    this.storeSetCookie = from.storeSetCookie();
    this.parameters = from.keys().parameters();
    this.named.addAll(from.keys().named());
    this.sortParameters = from.keys().sortParameters();
    this.keyFields.addAll(from.keys().fields());
    this.keyCookies.addAll(from.keys().cookies());
    this.tagField = from.tagField();
    this.statusField = from.statusField();
    this.statusKey = from.statusKey();
    this.statusDetail = from.statusDetail();
    this.perUser = from.perUser();
  }

  /** How much memory stored responses may take in all, in octets; 64 MiB unless called. */
  public CacheBuilder maxBytes(long bytes) {
    this.maxBytes = bytes;
    return this;
  }

  /**
   * The longest content of a response that is stored, in octets; an eighth of {@link #maxBytes}
   * unless called.
   */
  public CacheBuilder maxResponseBytes(long bytes) {
    this.maxResponseBytes = Optional.of(bytes);
    return this;
  }

  /** How many responses are stored for one key (RFC 9111 §4.1); 32 unless called. */
  public CacheBuilder maxVariants(int count) {
    this.maxVariants = count;
    return this;
  }

  /**
   * The longest content of a QUERY request, in octets, whose response is stored and used again (RFC
   * 10008 §2.7); 64 KiB unless called, 16 MiB at the most, 0 for none. That much is collected
   * before anything else is done with the request; one that is longer passes by the cache.
   */
  public CacheBuilder maxQueryBytes(int bytes) {
    this.maxQueryBytes = bytes;
    return this;
  }

  /** How long a request waits for another one that asks for the same; 5 s unless called. */
  public CacheBuilder fillTimeout(Duration timeout) {
    this.fillTimeout = timeout;
    return this;
  }

  /**
   * For how much of the time since its last change, in percent, and for how long at most a response
   * is fresh that does not say (RFC 9111 §4.2.2); 10 percent and a day unless called.
   */
  public CacheBuilder heuristicFreshness(int percent, Duration max) {
    this.heuristicFreshness = true;
    this.heuristicPercent = percent;
    this.heuristicMax = max;
    return this;
  }

  /** Takes no response for fresh that does not say for how long. */
  public CacheBuilder noHeuristicFreshness() {
    this.heuristicFreshness = false;
    return this;
  }

  /**
   * How long a stale response is used while a fresh one is fetched, if it does not say itself (RFC
   * 5861 §3); not at all unless called.
   */
  public CacheBuilder staleWhileRevalidate(Duration grace) {
    this.staleWhileRevalidate = grace;
    return this;
  }

  /**
   * How long a stale response is used if the origin cannot be reached or does not answer, unless
   * the response forbids it (RFC 9111 §4.2.4); a day unless called.
   */
  public CacheBuilder staleIfUnreachable(Duration grace) {
    this.staleIfUnreachable = grace;
    return this;
  }

  /**
   * How long a stale response is used if the origin answers 500, 502, 503 or 504, if it does not
   * say itself (RFC 5861 §4); not at all unless called.
   */
  public CacheBuilder staleIfError(Duration grace) {
    this.staleIfError = grace;
    return this;
  }

  /**
   * The targeted fields that count in place of Cache-Control, the most important first (RFC 9213);
   * CDN-Cache-Control in a reverse proxy and none in a forward proxy unless called.
   */
  public CacheBuilder targets(String... fields) {
    this.targets = names(fields);
    return this;
  }

  /** Stores no response that sets cookies; RFC 9111 §7.3 lets them be stored. */
  public CacheBuilder noSetCookie() {
    this.storeSetCookie = false;
    return this;
  }

  /** Leaves these parameters of a query out of the key. */
  public CacheBuilder ignoreParameters(String... names) {
    this.parameters = KeyPolicy.Parameters.ALL_BUT;
    named.addAll(List.of(names));
    return this;
  }

  /** Leaves all parameters of a query but these out of the key. */
  public CacheBuilder onlyParameters(String... names) {
    this.parameters = KeyPolicy.Parameters.ONLY;
    named.addAll(List.of(names));
    return this;
  }

  /** Takes no account of the order of parameters with different names. */
  public CacheBuilder sortParameters() {
    this.sortParameters = true;
    return this;
  }

  /** Makes these request fields part of the key. */
  public CacheBuilder keyFields(String... fields) {
    keyFields.addAll(names(fields));
    return this;
  }

  /** Makes these cookies part of the key. */
  public CacheBuilder keyCookies(String... names) {
    keyCookies.addAll(List.of(names));
    return this;
  }

  /**
   * Reads the tags of a response in a field like Cache-Tag or Surrogate-Key, up to 1,000 of up to
   * 1,024 octets; all responses with a tag can be invalidated at once.
   */
  public CacheBuilder tagField(String name, TagField.Separator separator) {
    this.tagField = Optional.of(TagField.of(FieldName.of(name), separator));
    return this;
  }

  /**
   * Divides the cache: nothing is shared between requests for which {@code partition} is not the
   * same, a tenant or a user, say. The empty string is the partition that all have unless called.
   * It is asked once for each request that concerns the cache, which it gets as it was received, on
   * an IO thread, where nothing may block. If it throws or returns null, the answer is 500.
   * Invalidation goes through all partitions.
   */
  public CacheBuilder partition(Function<ClientRequest, String> partition) {
    this.partition = partition;
    return this;
  }

  /**
   * Divides the cache by users, within {@link #partition}: what one gets reaches no other, whatever
   * the response says about that. Clients who are nobody, as far as the proxy knows, share what
   * they get with each other. Unless called, responses are shared as RFC 9111 has it for shared
   * caches.
   */
  public CacheBuilder perUser() {
    this.perUser = true;
    return this;
  }

  /** Tells clients nothing in Cache-Status (RFC 9211). */
  public CacheBuilder noStatusField() {
    this.statusField = false;
    return this;
  }

  /** Tells the key in Cache-Status. */
  public CacheBuilder statusKey() {
    this.statusKey = true;
    return this;
  }

  /** Tells in Cache-Status why a response was not stored (RFC 9211 §2.8). */
  public CacheBuilder statusDetail() {
    this.statusDetail = true;
    return this;
  }

  /**
   * Lets these clients, as addresses or ranges like {@code 10.0.0.0/8}, invalidate stored responses
   * with requests whose method is PURGE; others get 403. Their addresses are those of the
   * connections: a proxy between is the client. Without this and {@link #purge}, PURGE goes to the
   * origin like any method that is not known.
   */
  public CacheBuilder purgeFrom(String... ranges) {
    purgeFrom.addAll(List.of(ranges));
    return this;
  }

  /**
   * Answers PURGE requests that {@code policy} does not refuse; see {@link #purgeFrom}. If both are
   * called, or this several times, whoever is refused by one is refused.
   */
  public CacheBuilder purge(AccessPolicy policy) {
    purgePolicies.add(policy);
    return this;
  }

  private static List<FieldName> names(String... fields) {
    List<FieldName> names = new ArrayList<>();
    for (String field : fields) {
      names.add(FieldName.of(field));
    }
    return names;
  }

  /** Who may PURGE, as data. */
  List<AddressRange> purgeFrom(Checks checks) {
    return AddressRange.parse("purgeFrom", purgeFrom, checks);
  }

  /** Who may PURGE, as behaviour. */
  List<AccessPolicy> purgePolicies() {
    return purgePolicies;
  }

  /** What of the cache is for a request. */
  Function<ClientRequest, String> partition() {
    return partition;
  }

  CacheSettings settings() {
    return new CacheSettings(
        maxBytes,
        maxResponseBytes,
        maxVariants,
        maxQueryBytes,
        fillTimeout,
        heuristicFreshness,
        heuristicPercent,
        heuristicMax,
        staleWhileRevalidate,
        staleIfUnreachable,
        staleIfError,
        targets,
        storeSetCookie,
        new KeyPolicy(parameters, named, sortParameters, keyFields, keyCookies),
        tagField,
        statusField,
        statusKey,
        statusDetail,
        perUser);
  }

  /** Takes over what settings do not say of {@code running}. */
  void takeOver(CacheBuilder running) {
    purgePolicies.addAll(running.purgePolicies);
    this.partition = running.partition;
  }
}
