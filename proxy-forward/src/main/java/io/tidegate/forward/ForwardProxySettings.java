package io.tidegate.forward;

import io.tidegate.core.ProxySettings;
import io.tidegate.core.cache.CacheSettings;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.json.JsonSchema;
import io.tidegate.core.json.SettingsFormat;
import io.tidegate.core.server.ListenerSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.Parent;
import io.tidegate.forward.access.AccessRule;
import io.tidegate.forward.access.AccessRules;
import io.tidegate.forward.access.DestinationSettings;
import io.tidegate.forward.access.PortRange;
import io.tidegate.forward.access.RequestPattern;
import io.tidegate.forward.auth.AuthenticationSettings;
import io.tidegate.forward.egress.EgressSettings;
import io.tidegate.forward.privacy.PrivacySettings;
import io.tidegate.forward.quota.LimitSettings;
import io.tidegate.forward.setup.ClientSetupSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A forward proxy, as data. {@link ForwardProxy.Builder} makes it and takes it back without loss.
 *
 * @param proxy what it shares with a reverse proxy
 * @param rules who may ask for what; the first that matches decides, and what none matches is
 *     refused; without any, everybody may ask for everything
 * @param openToEveryone whether it may listen beyond loopback without a list of what is allowed
 * @param connectPorts the ports that CONNECT may name
 * @param httpPorts the ports that requests for http URIs may go to
 * @param allowPrivateDestinations whether addresses that are not public may be dialled
 * @param allowAddresses ranges that may be dialled although they are not public
 * @param denyAddresses ranges that may not be dialled although they are
 * @param requestFields changes to the upstream request
 * @param responseFields changes to the client response
 * @param destinations what else is looked at before a destination gets an octet
 * @param reportOnly whether what the rules refuse passes, and is only reported
 * @param egress how requests leave: parent proxies, source addresses, credentials
 * @param limits how much clients may have
 * @param authentication how clients say who they are; empty if nobody asks them
 * @param privacy what upstreams are told about clients
 * @param clientSetup what clients are told so that they find the proxy; empty for nothing
 */
public record ForwardProxySettings(
    ProxySettings proxy,
    List<AccessRule> rules,
    boolean openToEveryone,
    List<PortRange> connectPorts,
    List<PortRange> httpPorts,
    boolean allowPrivateDestinations,
    List<String> allowAddresses,
    List<String> denyAddresses,
    List<FieldRule> requestFields,
    List<FieldRule> responseFields,
    DestinationSettings destinations,
    boolean reportOnly,
    EgressSettings egress,
    LimitSettings limits,
    Optional<AuthenticationSettings> authentication,
    PrivacySettings privacy,
    Optional<ClientSetupSettings> clientSetup) {
  /**
   * Where CONNECT leads unless told otherwise: https. A tunnel to any port carries any protocol,
   * mail for one.
   */
  public static final List<PortRange> DEFAULT_CONNECT_PORTS = List.of(PortRange.of(443));

  /**
   * Where http requests go unless told otherwise: http, and the ports that no other well-known
   * service listens on.
   */
  public static final List<PortRange> DEFAULT_HTTP_PORTS =
      List.of(PortRange.of(80), new PortRange(1024, 65535));

  /**
   * Copies the lists.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that cannot work
   */
  public ForwardProxySettings {
    rules = List.copyOf(rules);
    connectPorts = List.copyOf(connectPorts);
    httpPorts = List.copyOf(httpPorts);
    allowAddresses = List.copyOf(allowAddresses);
    denyAddresses = List.copyOf(denyAddresses);
    requestFields = List.copyOf(requestFields);
    responseFields = List.copyOf(responseFields);

    Checks checks = new Checks();
    rules.forEach(rule -> rule.check(checks));
    if (!rules.isEmpty() && !reportOnly && rules.stream().noneMatch(AccessRule::allows)) {
      checks.reject("rules", "only denials", "one that allows; allow(any()) for all the rest");
    }
    connectPorts.forEach(range -> range.check(checks, "connectPorts"));
    httpPorts.forEach(range -> range.check(checks, "httpPorts"));
    RequestPattern.checkRanges(checks, "allowAddresses", allowAddresses);
    RequestPattern.checkRanges(checks, "denyAddresses", denyAddresses);
    checkFields(checks, "requestField", requestFields);
    checkFields(checks, "responseField", responseFields);
    egress.checkVerified(checks, proxy.upstream().tls());
    egress.checkLoops(checks, parent -> isListener(proxy, parent));
    if (authentication.isEmpty()) {
      checkUnknown(checks, rules, destinations, egress, limits);
    }
    boolean known = authentication.filter(asked -> !asked.exemptsEveryone()).isPresent();
    if (!openToEveryone && !known && (reportOnly || !AccessRules.areAllowList(rules))) {
      proxy.listeners().forEach(listener -> checkReach(checks, listener));
    }
    checks.done();
  }

  /**
   * What a file in JSON says: an object with a key for each component that is not as it is unless a
   * builder is told otherwise. {@link JsonDocument} has the forms of values.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException with everything that is wrong, each with
   *     its path
   */
  public static ForwardProxySettings fromJson(Path file) {
    return fromJson(JsonDocument.read(file));
  }

  /** What a text in JSON says; see {@link #fromJson(Path)}. */
  public static ForwardProxySettings fromJson(String json) {
    return fromJson(JsonDocument.parse(json));
  }

  /** What a part of a document says; see {@link #fromJson(Path)}. */
  public static ForwardProxySettings fromJson(JsonDocument json) {
    return format().read(json);
  }

  /**
   * JSON that {@link #fromJson(String)} makes the same settings of.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException if there are secrets that stand neither
   *     in a file nor in an environment variable
   */
  public String toJson() {
    return format().write(this);
  }

  /** A JSON Schema (draft 2020-12) of what {@link #fromJson(String)} takes. */
  public static String jsonSchema() {
    return JsonSchema.of(format(), (type, component) -> "");
  }

  /** How such settings stand in JSON, for the schema of a file with more than these. */
  public static SettingsFormat<ForwardProxySettings> jsonFormat() {
    return format();
  }

  /** The same to be looked at, with {@value io.tidegate.core.json.JsonText#HIDDEN} for secrets. */
  public String showJson() {
    return format().show(this);
  }

  /** How such settings stand in JSON. */
  static SettingsFormat<ForwardProxySettings> format() {
    ForwardProxySettings defaults = ForwardProxy.builder().settings();
    return SettingsFormat.of(defaults)
        .part(CacheSettings.FORWARD)
        .part(defaults.proxy.listeners().get(0));
  }

  private static void checkFields(Checks checks, String setting, List<FieldRule> rules) {
    for (FieldRule rule : rules) {
      rule.problem(setting).ifPresent(checks::problem);
    }
  }

  /** Nobody is asked who they are, so nothing may depend on it. */
  private static void checkUnknown(
      Checks checks,
      List<AccessRule> rules,
      DestinationSettings destinations,
      EgressSettings egress,
      LimitSettings limits) {
    rules.forEach(rule -> rule.requests().checkUnknown(checks, rule.setting()));
    destinations.tlsTunnels().forEach(tunnels -> tunnels.checkUnknown(checks, "tlsTunnels"));
    egress.checkUnknown(checks);
    limits.quotas().forEach(quota -> quota.only().checkUnknown(checks, "quota"));
    limits.bandwidths().forEach(bandwidth -> bandwidth.only().checkUnknown(checks, "bandwidth"));
  }

  /** Whether the proxy certainly listens where this parent proxy should. */
  private static boolean isListener(ProxySettings proxy, Parent parent) {
    boolean local = ListenerSettings.http(Optional.of(parent.host()), parent.port()).isLoopback();
    return proxy.listeners().stream()
        .filter(listener -> listener.port() == parent.port())
        .anyMatch(
            listener ->
                listener.host().filter(parent.host()::equalsIgnoreCase).isPresent()
                    || (local && (listener.host().isEmpty() || listener.isLoopback())));
  }

  private static void checkReach(Checks checks, ListenerSettings listener) {
    if (!listener.isLoopback()) {
      checks.reject(
          "listen",
          listener.host().orElse("all addresses"),
          "a loopback address, or allow rules that all name clients or destinations, or"
              + " authentication, or openToEveryone");
    }
  }
}
