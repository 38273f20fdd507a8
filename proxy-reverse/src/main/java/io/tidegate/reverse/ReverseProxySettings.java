package io.tidegate.reverse;

import io.tidegate.core.ProxySettings;
import io.tidegate.core.header.AddressRange;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.header.ForwardedMode;
import io.tidegate.core.json.JsonDocument;
import io.tidegate.core.json.JsonSchema;
import io.tidegate.core.json.SettingsFormat;
import io.tidegate.core.server.ListenerProtocol;
import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.protect.ProtectionSettings;
import io.tidegate.reverse.rewrite.UpstreamHost;
import io.tidegate.reverse.route.AmbiguousPaths;
import java.nio.file.Path;
import java.util.List;

/**
 * All that a reverse proxy was told, but for behaviour: listeners, TLS contexts and load balancers
 * of one's own exist on builders only.
 *
 * @param proxy what both directions share
 * @param clusters where requests can go
 * @param routes which request goes where, in the order of their declaration
 * @param forwarded which fields tell the upstream about the client
 * @param trustedClients clients whose own such fields are believed
 * @param upstreamHost what upstreams get as Host unless the route says otherwise
 * @param requestFields rules for the fields of every upstream request
 * @param responseFields rules for the fields of every client response
 * @param ambiguousPaths what becomes of paths that servers read in different ways
 * @param protection what keeps harm from endpoints and browsers on every route
 * @param passthrough connections of TLS clients that are passed on undecrypted
 * @param https what is done about https besides speaking it
 */
public record ReverseProxySettings(
    ProxySettings proxy,
    List<ClusterSettings> clusters,
    List<RouteSettings> routes,
    ForwardedMode forwarded,
    List<AddressRange> trustedClients,
    UpstreamHost upstreamHost,
    List<FieldRule> requestFields,
    List<FieldRule> responseFields,
    AmbiguousPaths ambiguousPaths,
    ProtectionSettings protection,
    List<PassthroughSettings> passthrough,
    HttpsSettings https) {
  /** What becomes of ambiguous paths in a proxy that is not told. */
  public static final AmbiguousPaths DEFAULT_AMBIGUOUS_PATHS = AmbiguousPaths.SAME_ROUTE;

  /** The mode of a proxy that is given none. */
  public static final ForwardedMode DEFAULT_FORWARDED = ForwardedMode.X_FORWARDED;

  /** The Host of a proxy that is given none. */
  public static final UpstreamHost DEFAULT_UPSTREAM_HOST = new UpstreamHost.OfClient();

  /** With nothing said about https. */
  public ReverseProxySettings(
      ProxySettings proxy,
      List<ClusterSettings> clusters,
      List<RouteSettings> routes,
      ForwardedMode forwarded,
      List<AddressRange> trustedClients,
      UpstreamHost upstreamHost,
      List<FieldRule> requestFields,
      List<FieldRule> responseFields,
      AmbiguousPaths ambiguousPaths,
      ProtectionSettings protection) {
    this(
        proxy,
        clusters,
        routes,
        forwarded,
        trustedClients,
        upstreamHost,
        requestFields,
        responseFields,
        ambiguousPaths,
        protection,
        List.of(),
        HttpsSettings.DEFAULT);
  }

  /** Copies the lists; rejects what cannot work. */
  public ReverseProxySettings {
    clusters = List.copyOf(clusters);
    routes = List.copyOf(routes);
    trustedClients = List.copyOf(trustedClients);
    requestFields = List.copyOf(requestFields);
    responseFields = List.copyOf(responseFields);
    passthrough = List.copyOf(passthrough);
    Checks checks = new Checks();
    proxy.listeners().stream()
        .filter(listener -> listener.speaks(ListenerProtocol.SOCKS))
        .forEach(listener -> checks.reject("protocols", listener.protocols(), "[HTTP]"));
    RouteReference.check(
        checks,
        clusters.stream().map(ClusterSettings::name).toList(),
        routes.stream().map(ReverseProxySettings::reference).toList());
    if (!passthrough.isEmpty() && proxy.listeners().stream().allMatch(one -> one.tls().isEmpty())) {
      checks.reject("passthrough", passthrough.get(0).name(), "a listener that speaks TLS");
    }
    PassthroughSettings.check(
        checks, passthrough, clusters.stream().map(ClusterSettings::name).toList());
    RouteSettings.checkRules(checks, "requestField", requestFields);
    RouteSettings.checkRules(checks, "responseField", responseFields);
    boolean anyHostOnly =
        routes.stream().allMatch(route -> route.host().equals(RouteSettings.ANY_HOST));
    if (protection.filters().unknownHosts() && anyHostOnly) {
      checks.reject("unknownHosts", true, "a route that names a host");
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
  public static ReverseProxySettings fromJson(Path file) {
    return fromJson(JsonDocument.read(file));
  }

  /** What a text in JSON says; see {@link #fromJson(Path)}. */
  public static ReverseProxySettings fromJson(String json) {
    return fromJson(JsonDocument.parse(json));
  }

  /** What a part of a document says; see {@link #fromJson(Path)}. */
  public static ReverseProxySettings fromJson(JsonDocument json) {
    return ReverseFormat.get().read(json);
  }

  /**
   * JSON that {@link #fromJson(String)} makes the same settings of.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException if there are secrets that stand neither
   *     in a file nor in an environment variable
   */
  public String toJson() {
    return ReverseFormat.get().write(this);
  }

  /** A JSON Schema (draft 2020-12) of what {@link #fromJson(String)} takes. */
  public static String jsonSchema() {
    return JsonSchema.of(ReverseFormat.get(), (type, component) -> "");
  }

  /** How such settings stand in JSON, for the schema of a file with more than these. */
  public static SettingsFormat<ReverseProxySettings> jsonFormat() {
    return ReverseFormat.get();
  }

  /** The same to be looked at, with {@value io.tidegate.core.json.JsonText#HIDDEN} for secrets. */
  public String showJson() {
    return ReverseFormat.get().show(this);
  }

  private static RouteReference reference(RouteSettings route) {
    return new RouteReference(route.match(), route.clusters(), route.otherClusters());
  }
}
