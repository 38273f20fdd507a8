package io.tidegate.reverse;

import io.tidegate.core.BufferingBuilder;
import io.tidegate.core.coding.CompressionSettings;
import io.tidegate.core.header.FieldRule;
import io.tidegate.core.spi.BufferingSettings;
import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.protect.ProtectionBuilder;
import io.tidegate.reverse.protect.ProtectionSettings;
import io.tidegate.reverse.protect.RequestFilter;
import io.tidegate.reverse.resilience.ResilienceSettings;
import io.tidegate.reverse.rewrite.PathRewrite;
import io.tidegate.reverse.rewrite.UpstreamHost;
import io.tidegate.reverse.route.RouteAction;
import io.tidegate.reverse.traffic.AuthorizationSettings;
import io.tidegate.reverse.traffic.MirrorSettings;
import io.tidegate.reverse.traffic.TrafficSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Describes a route: where requests go and how they are rewritten. */
public final class RouteBuilder {
  private final RouteMatch match;
  private String cluster = "";
  private String stripPrefix = "";
  private String addPrefix = "";
  private @Nullable Supplier<UpstreamHost> upstreamHost;
  private Optional<PathRewrite> rewrite = Optional.empty();
  private Optional<RouteAction> action = Optional.empty();
  private boolean secureCookies;
  private final List<FieldRule> requestFields = new ArrayList<>();
  private final List<FieldRule> responseFields = new ArrayList<>();
  private ResilienceBuilder resilience = new ResilienceBuilder();
  private Optional<Supplier<AuthorizationSettings>> authorization = Optional.empty();
  private Optional<Supplier<MirrorSettings>> mirror = Optional.empty();
  private final List<String> otherClusters = new ArrayList<>();
  private @Nullable CompressionBuilder compression;
  private final ProtectionBuilder protection = new ProtectionBuilder();
  private @Nullable BufferingBuilder buffering;

  RouteBuilder(RouteMatch match) {
    this.match = match;
  }

  /** The cluster that serves the requests. */
  public RouteBuilder to(String cluster) {
    this.cluster = cluster;
    this.action = Optional.empty();
    return this;
  }

  /**
   * Sends a share of the requests to {@code cluster}, those of other calls to other clusters; each
   * request by chance unless {@link #splitByField}, {@link #splitByCookie} or {@link
   * #splitByClient} is called.
   *
   * @param weight the share beside those of the others, 0 to 1,000
   */
  public RouteBuilder split(String cluster, int weight) {
    List<RouteAction.Share> shares = new ArrayList<>(splitSoFar().shares());
    shares.add(new RouteAction.Share(cluster, weight));
    return action(new RouteAction.Split(shares, splitSoFar().by()));
  }

  /** Splits so that requests with the same value of a field go to the same cluster. */
  public RouteBuilder splitByField(String name) {
    return splitBy(new RouteAction.SplitKey(RouteAction.SplitKey.Source.FIELD, name));
  }

  /** Splits so that requests with the same value of a cookie go to the same cluster. */
  public RouteBuilder splitByCookie(String name) {
    return splitBy(new RouteAction.SplitKey(RouteAction.SplitKey.Source.COOKIE, name));
  }

  /** Splits so that requests from the same client address go to the same cluster. */
  public RouteBuilder splitByClient() {
    return splitBy(new RouteAction.SplitKey(RouteAction.SplitKey.Source.CLIENT, ""));
  }

  private RouteBuilder splitBy(RouteAction.SplitKey key) {
    return action(new RouteAction.Split(splitSoFar().shares(), Optional.of(key)));
  }

  private RouteAction.Split splitSoFar() {
    return action.isPresent() && action.get() instanceof RouteAction.Split split
        ? split
        : new RouteAction.Split(List.of(), Optional.empty());
  }

  /** Sends clients elsewhere with this status: 301, 302, 303, 307 or 308. */
  public RouteBuilder redirect(int status, Consumer<RedirectBuilder> details) {
    RedirectBuilder redirect = new RedirectBuilder();
    details.accept(redirect);
    return action(redirect.action(status));
  }

  /**
   * Answers every request with this status and content, as {@code text/plain} unless {@link
   * #responseField} sets another Content-Type.
   *
   * @param status 200 to 599
   */
  public RouteBuilder respond(int status, String content) {
    return action(new RouteAction.Respond(status, content));
  }

  private RouteBuilder action(RouteAction wanted) {
    this.action = Optional.of(wanted);
    this.cluster = "";
    return this;
  }

  /**
   * Adds Secure to cookies that lack it if the client's side is https: its connection, or what
   * X-Forwarded-Proto of a trusted client says.
   */
  public RouteBuilder secureCookies() {
    this.secureCookies = true;
    return this;
  }

  /**
   * Makes the path anew from a template like {@code /v2/{id}/**}, whose names and {@code **} are
   * filled with what they are in the route's path, as the client spelled them.
   */
  public RouteBuilder rewritePath(String template) {
    this.rewrite = Optional.of(new PathRewrite.Template(template));
    return this;
  }

  /**
   * Makes a path that fits {@code regex} as a whole anew; others stay. {@code replacement} may hold
   * {@code $1} to {@code $9} for groups, and a query, which the client's is appended to. A request
   * whose new path would have dot segments is refused with 400.
   */
  public RouteBuilder rewriteRegex(String regex, String replacement) {
    this.rewrite = Optional.of(new PathRewrite.Regex(regex, replacement));
    return this;
  }

  /**
   * Takes these segments from the front of the path: {@code /orders/7} becomes {@code /7}.
   * Location, Content-Location, Refresh and the Path of cookies get them back in responses.
   */
  public RouteBuilder stripPrefix(String prefix) {
    this.stripPrefix = prefix;
    return this;
  }

  /**
   * Puts these segments in front of the path, after {@link #stripPrefix}; responses lose them
   * again.
   */
  public RouteBuilder addPrefix(String prefix) {
    this.addPrefix = prefix;
    return this;
  }

  /**
   * Sends the upstream the Host that the client asked for, or the endpoint's if the client named
   * none.
   */
  public RouteBuilder preserveHost() {
    this.upstreamHost = UpstreamHost.OfClient::new;
    return this;
  }

  /** Sends the upstream the endpoint's own host and port as Host. */
  public RouteBuilder endpointHost() {
    this.upstreamHost = UpstreamHost.OfEndpoint::new;
    return this;
  }

  /** Sends the upstream this Host. */
  public RouteBuilder host(String name) {
    this.upstreamHost = () -> new UpstreamHost.Named(name);
    return this;
  }

  /** Sets a field of the upstream request. */
  public RouteBuilder requestField(String name, String value) {
    requestFields.add(FieldRule.set(name, value));
    return this;
  }

  /** Removes a field of the upstream request. */
  public RouteBuilder removeRequestField(String name) {
    requestFields.add(FieldRule.remove(name));
    return this;
  }

  /** Sets a field of the client response. */
  public RouteBuilder responseField(String name, String value) {
    responseFields.add(FieldRule.set(name, value));
    return this;
  }

  /** Removes a field of the client response. */
  public RouteBuilder removeResponseField(String name) {
    responseFields.add(FieldRule.remove(name));
    return this;
  }

  /**
   * What is done about endpoints that fail or are slow: time-outs, requests that are sent again or
   * to two endpoints at a time, what serves a request in the end. Repeated calls accumulate.
   */
  public RouteBuilder resilience(Consumer<ResilienceBuilder> details) {
    details.accept(resilience);
    return this;
  }

  /**
   * Asks another cluster whether a request may pass, with a GET of {@code path} that has the
   * request's fields, X-Forwarded-Method and X-Forwarded-Uri. If the answer is 2xx, its fields
   * named {@code granted} go to the upstream, in place of any that the client has sent; any other
   * answer is the client's response.
   */
  public RouteBuilder authorizedBy(String cluster, String path, String... granted) {
    List<String> names = List.of(granted);
    this.authorization = Optional.of(() -> new AuthorizationSettings(cluster, path, names));
    otherClusters.add(cluster);
    return this;
  }

  /** Sends a copy of every request to another cluster, whose responses nobody waits for. */
  public RouteBuilder mirror(String cluster) {
    return mirror(cluster, 100, MirrorSettings.DEFAULT_MAX_CONTENT_BYTES);
  }

  /**
   * Sends a copy of so many requests in a hundred, chosen by chance, to another cluster. A request
   * with more than {@code maxContentBytes} of content is not copied.
   */
  public RouteBuilder mirror(String cluster, double percent, int maxContentBytes) {
    this.mirror = Optional.of(() -> new MirrorSettings(cluster, percent, maxContentBytes));
    otherClusters.add(cluster);
    return this;
  }

  /**
   * Compresses responses for clients that take it, as {@code details} say; {@code c -> {}} for the
   * usual ones as usual. None unless called.
   */
  public RouteBuilder compression(Consumer<CompressionBuilder> details) {
    CompressionBuilder told = compression == null ? new CompressionBuilder() : compression;
    details.accept(told);
    this.compression = told;
    return this;
  }

  /**
   * What keeps harm from endpoints and browsers on this route, besides what the proxy says.
   * Repeated calls accumulate.
   */
  public RouteBuilder protect(Consumer<ProtectionBuilder> details) {
    details.accept(protection);
    return this;
  }

  List<RequestFilter> ownFilters() {
    return protection.ownFilters();
  }

  /**
   * Says which content is buffered for slow clients, in place of what the proxy says; repeated
   * calls accumulate.
   */
  public RouteBuilder buffering(Consumer<BufferingBuilder> details) {
    if (buffering == null) {
      buffering = new BufferingBuilder().settings(BufferingSettings.REVERSE);
    }
    details.accept(buffering);
    return this;
  }

  /** Takes over what {@code settings} say. */
  RouteBuilder settings(RouteSettings settings) {
    to(settings.cluster()).stripPrefix(settings.stripPrefix()).addPrefix(settings.addPrefix());
    rewrite = settings.routing().rewrite();
    action = settings.routing().action();
    secureCookies = settings.routing().secureCookies();
    settings.upstreamHost().ifPresent(host -> this.upstreamHost = () -> host);
    requestFields.addAll(settings.requestFields());
    responseFields.addAll(settings.responseFields());
    resilience = new ResilienceBuilder(settings.resilience());
    authorization = settings.traffic().authorization().map(given -> () -> given);
    mirror = settings.traffic().mirror().map(given -> () -> given);
    otherClusters.addAll(settings.traffic().clusters());
    settings.compression().ifPresent(own -> compression(told -> told.settings(own)));
    protection.settings(settings.protection());
    settings.buffering().ifPresent(buffered -> buffering(b -> b.settings(buffered)));
    return this;
  }

  RouteReference reference() {
    List<String> others = new ArrayList<>(otherClusters);
    resilience.fallbackCluster().ifPresent(others::add);
    return new RouteReference(
        match, action.map(RouteAction::clusters).orElse(List.of(cluster)), others);
  }

  @Nullable RouteSettings settings(Checks checks) {
    Supplier<UpstreamHost> wanted = upstreamHost;
    Optional<UpstreamHost> host =
        wanted == null ? Optional.empty() : Optional.ofNullable(checks.collect(wanted));
    ResilienceSettings resilient = resilience.settings(checks);
    TrafficSettings traffic =
        new TrafficSettings(
            authorization.flatMap(given -> Optional.ofNullable(checks.collect(given))),
            mirror.flatMap(given -> Optional.ofNullable(checks.collect(given))));
    CompressionBuilder told = compression;
    Optional<CompressionSettings> compressed =
        told == null
            ? Optional.empty()
            : Optional.ofNullable(
                checks.collect("route " + match + ": compression: ", told::settings));
    ProtectionSettings guarded =
        Objects.requireNonNullElse(
            checks.collect("route " + match + ": protect: ", protection::settings),
            ProtectionSettings.NONE);
    BufferingBuilder described = buffering;
    Optional<BufferingSettings> buffered =
        described == null
            ? Optional.empty()
            : Optional.ofNullable(
                checks.collect("route " + match + ": buffering: ", described::settings));
    return checks.collect(
        () ->
            new RouteSettings(
                match.host(),
                match.path(),
                cluster,
                stripPrefix,
                addPrefix,
                host,
                requestFields,
                responseFields,
                resilient,
                traffic,
                compressed,
                new RoutingSettings(match.conditions(), rewrite, action, secureCookies),
                guarded,
                buffered));
  }
}
