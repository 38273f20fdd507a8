package io.tidegate.reverse;

import io.tidegate.core.header.FieldRule;
import io.tidegate.reverse.health.HealthCheckSettings;
import io.tidegate.reverse.health.StatusRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Describes how the endpoints of a cluster are probed; each probe has a connection of its own. */
public final class HealthCheckBuilder {
  private final String path;
  private String method;
  private Duration interval;
  private int jitter;
  private Duration timeout;
  private int rise;
  private int fall;
  private final List<int[]> statuses = new ArrayList<>();
  private Optional<String> content;
  private OptionalInt port;
  private Optional<String> host;
  private final List<FieldRule> fields;
  private boolean availableAtFirst;

  HealthCheckBuilder(String path) {
    this(HealthCheckSettings.DEFAULT, path);
  }

  HealthCheckBuilder(HealthCheckSettings settings) {
    this(settings, settings.path());
    settings.statuses().forEach(range -> statuses(range.from(), range.to()));
  }

  private HealthCheckBuilder(HealthCheckSettings settings, String path) {
    this.path = path;
    this.method = settings.method();
    this.interval = settings.interval();
    this.jitter = settings.jitter();
    this.timeout = settings.timeout();
    this.rise = settings.rise();
    this.fall = settings.fall();
    this.content = settings.content();
    this.port = settings.port();
    this.host = settings.host();
    this.fields = new ArrayList<>(settings.fields());
    this.availableAtFirst = settings.availableAtFirst();
  }

  /** Asks with HEAD; with GET unless called. */
  public HealthCheckBuilder head() {
    this.method = "HEAD";
    return this;
  }

  /** From the begin of one probe of an endpoint to that of the next; 5 s unless called. */
  public HealthCheckBuilder interval(Duration interval) {
    this.interval = interval;
    return this;
  }

  /**
   * Percentage of the interval, at most 50, by which it is longer or shorter at random, so that
   * several proxies do not ask in step; 10 unless called.
   */
  public HealthCheckBuilder jitter(int percent) {
    this.jitter = percent;
    return this;
  }

  /** How long a probe may take, connection and response together; 2 s unless called. */
  public HealthCheckBuilder timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /** How many probes in a row must pass for an endpoint to come up; 2 unless called. */
  public HealthCheckBuilder rise(int probes) {
    this.rise = probes;
    return this;
  }

  /** How many probes in a row must fail for an endpoint to go down; 3 unless called. */
  public HealthCheckBuilder fall(int probes) {
    this.fall = probes;
    return this;
  }

  /** A probe passes with this status code; repeated calls accumulate. */
  public HealthCheckBuilder status(int status) {
    return statuses(status, status);
  }

  /**
   * A probe passes with a status code from one to the other, both included; 200 to 399 unless
   * called. Repeated calls accumulate.
   */
  public HealthCheckBuilder statuses(int from, int to) {
    statuses.add(new int[] {from, to});
    return this;
  }

  /**
   * A probe passes only if this occurs in the first 64 KiB of the content, which is taken for
   * ISO-8859-1; any content will do unless called.
   */
  public HealthCheckBuilder content(String expected) {
    this.content = Optional.of(expected);
    return this;
  }

  /** Asks at this port; at the endpoint's own unless called. */
  public HealthCheckBuilder port(int port) {
    this.port = OptionalInt.of(port);
    return this;
  }

  /** Asks for this Host; for the endpoint's own unless called. */
  public HealthCheckBuilder host(String host) {
    this.host = Optional.of(host);
    return this;
  }

  /** Sends this field with every probe; repeated calls accumulate. */
  public HealthCheckBuilder requestField(String name, String value) {
    fields.add(FieldRule.add(name, value));
    return this;
  }

  /**
   * Endpoints get no requests before their first probe has passed; they do unless called, or the
   * proxy would have none to begin with.
   */
  public HealthCheckBuilder waitForFirst() {
    this.availableAtFirst = false;
    return this;
  }

  HealthCheckSettings settings() {
    List<StatusRange> ranges = statuses.stream().map(r -> new StatusRange(r[0], r[1])).toList();
    return new HealthCheckSettings(
        path,
        method,
        interval,
        jitter,
        timeout,
        rise,
        fall,
        ranges.isEmpty() ? HealthCheckSettings.DEFAULT_STATUSES : ranges,
        content,
        port,
        host,
        fields,
        availableAtFirst);
  }
}
