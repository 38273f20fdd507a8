package io.tidegate.reverse;

import io.tidegate.core.header.FieldRule;
import io.tidegate.core.spi.Checks;
import io.tidegate.reverse.resilience.ResilienceSettings;
import io.tidegate.reverse.rewrite.UpstreamHost;
import java.util.ArrayList;
import java.util.List;
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
  private final List<FieldRule> requestFields = new ArrayList<>();
  private final List<FieldRule> responseFields = new ArrayList<>();
  private ResilienceBuilder resilience = new ResilienceBuilder();

  RouteBuilder(RouteMatch match) {
    this.match = match;
  }

  /** The cluster that serves the requests. */
  public RouteBuilder to(String cluster) {
    this.cluster = cluster;
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

  /** Takes over what {@code settings} say. */
  RouteBuilder settings(RouteSettings settings) {
    to(settings.cluster()).stripPrefix(settings.stripPrefix()).addPrefix(settings.addPrefix());
    settings.upstreamHost().ifPresent(host -> this.upstreamHost = () -> host);
    requestFields.addAll(settings.requestFields());
    responseFields.addAll(settings.responseFields());
    resilience = new ResilienceBuilder(settings.resilience());
    return this;
  }

  RouteReference reference() {
    return new RouteReference(match, cluster, resilience.fallbackCluster());
  }

  @Nullable RouteSettings settings(Checks checks) {
    Supplier<UpstreamHost> wanted = upstreamHost;
    Optional<UpstreamHost> host =
        wanted == null ? Optional.empty() : Optional.ofNullable(checks.collect(wanted));
    ResilienceSettings resilient = resilience.settings(checks);
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
                resilient));
  }
}
