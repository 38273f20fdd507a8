package io.tidegate.reverse.cluster;

import io.tidegate.core.header.FieldRule;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Inquiry;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.reverse.health.HealthCheckSettings;
import io.tidegate.reverse.health.HealthState;
import io.tidegate.reverse.health.ProbeSchedule;
import io.tidegate.reverse.health.ProbeThresholds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Probes the endpoints of a cluster. For the thread of its background work. */
final class Prober {
  private final Membership membership;
  private final HealthCheckSettings settings;
  private final ProbeThresholds thresholds;
  private final Fields fields;
  private final RandomGenerator random;
  private final Map<Endpoint, Probes> probed = new HashMap<>();

  Prober(Membership membership, HealthCheckSettings settings, RandomGenerator random) {
    this.membership = membership;
    this.settings = settings;
    this.thresholds = settings.thresholds();
    this.fields = fields(settings.fields());
    this.random = random;
  }

  private static Fields fields(List<FieldRule> rules) {
    return Fields.of(
        rules.stream()
            .flatMap(rule -> Stream.of(rule.name(), rule.value().orElse("")))
            .toArray(String[]::new));
  }

  /** Whether it probes as {@code other} says. */
  boolean isBy(@Nullable HealthCheckSettings other) {
    return settings.equals(other);
  }

  /** Begins the probes that are due {@code now}. */
  void look(Upstreams upstreams, long now) {
    List<Endpoint> endpoints = membership.members().all();
    if (probed.size() != endpoints.size() || !probed.keySet().containsAll(endpoints)) {
      follow(endpoints, now);
    }
    for (Probes probes : probed.values()) {
      if (!probes.underWay && now - probes.due >= 0) {
        probes.begin(upstreams, now);
      }
    }
  }

  /** Gives up the probes under way. */
  void stop() {
    probed.values().forEach(Probes::giveUp);
    probed.clear();
  }

  private void follow(List<Endpoint> endpoints, long now) {
    probed
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !endpoints.contains(entry.getKey());
              if (gone) {
                entry.getValue().giveUp();
              }
              return gone;
            });
    List<Endpoint> fresh =
        endpoints.stream().filter(endpoint -> !probed.containsKey(endpoint)).toList();
    for (int i = 0; i < fresh.size(); i++) {
      ProbeSchedule schedule = new ProbeSchedule(settings, random);
      long due = now + schedule.first(i, fresh.size());
      probed.put(fresh.get(i), new Probes(fresh.get(i), schedule, due));
    }
  }

  private void probePassed(Endpoint endpoint) {
    HealthState state = endpoint.health().state();
    if (state.probePassed(thresholds) != state) {
      membership.change(
          () -> {
            HealthState next = endpoint.health().state().probePassed(thresholds);
            if (membership.isProbedAs(settings)) {
              membership.become(endpoint, next, "");
            }
          });
    }
  }

  private void probeFailed(Endpoint endpoint, String how) {
    HealthState state = endpoint.health().state();
    if (state.probeFailed(thresholds) != state) {
      membership.change(
          () -> {
            HealthState next = endpoint.health().state().probeFailed(thresholds);
            if (membership.isProbedAs(settings)) {
              membership.become(endpoint, next, "the probe failed: " + how);
            }
          });
    }
  }

  private Inquiry inquiry(Destination endpoint) {
    Destination asked =
        new Destination(
            endpoint.secure(),
            endpoint.host(),
            settings.port().orElse(endpoint.port()),
            endpoint.tls(),
            endpoint.address(),
            endpoint.path(),
            endpoint.http());
    return new Inquiry(
        asked,
        settings.method(),
        settings.path(),
        settings.host().orElseGet(asked::hostField),
        fields,
        settings.content().isPresent() ? HealthCheckSettings.MAX_CONTENT : 0,
        settings.timeout());
  }

  /** The probes of one endpoint, one at a time. */
  private final class Probes implements Completion<Inquiry.Answer> {
    private final Endpoint endpoint;
    private final ProbeSchedule schedule;
    private long due;
    private boolean underWay;
    private Runnable abandonment = () -> {};

    Probes(Endpoint endpoint, ProbeSchedule schedule, long due) {
      this.endpoint = endpoint;
      this.schedule = schedule;
      this.due = due;
    }

    void begin(Upstreams upstreams, long now) {
      due = now + schedule.next();
      underWay = true;
      Runnable begun = upstreams.ask(inquiry(endpoint.destination()), this);
      abandonment = begun;
    }

    void giveUp() {
      if (underWay) {
        abandonment.run();
        underWay = false;
      }
    }

    @Override
    public void completed(Inquiry.Answer answer) {
      underWay = false;
      Optional<String> problem = settings.problem(answer.head().status(), answer.content());
      if (problem.isEmpty()) {
        probePassed(endpoint);
      } else {
        probeFailed(endpoint, problem.get());
      }
    }

    @Override
    public void failed(Failure failure) {
      underWay = false;
      if (failure.error() != ProxyError.PROXY_CONFIGURATION_ERROR) { // that says nothing of it
        probeFailed(endpoint, failure.error().token());
      }
    }
  }
}
