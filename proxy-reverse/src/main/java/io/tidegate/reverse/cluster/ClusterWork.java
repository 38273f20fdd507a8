package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Background;
import io.tidegate.core.spi.Upstreams;
import io.tidegate.reverse.health.HealthCheckSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a cluster does beside the exchanges: it looks ten times a second what is due. */
final class ClusterWork implements Background {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final long COMPARED = TimeUnit.SECONDS.toNanos(10);

  private final Cluster cluster;
  private final List<NamedEndpoints> names;
  private @Nullable Prober prober;
  private @Nullable Upstreams upstreams;
  private Runnable nextLook = () -> {};
  private long comparedAt;

  /** {@code names} may change at any time, on any thread. */
  ClusterWork(Cluster cluster, List<NamedEndpoints> names) {
    this.cluster = cluster;
    this.names = names;
  }

  @Override
  public void start(Upstreams available) {
    upstreams = available;
    comparedAt = cluster.clock.getAsLong();
    look();
  }

  @Override
  public void moved(Upstreams available) {
    nextLook.run();
    prober = null; // no answer comes to those that were asked there
    names.forEach(NamedEndpoints::moved);
    start(available);
  }

  @Override
  public void stop() {
    upstreams = null;
    nextLook.run();
    probeAs(null);
  }

  /** Has endpoints probed as {@code check} says; null for not at all. */
  private void probeAs(@Nullable HealthCheckSettings check) {
    if (prober != null && !prober.isBy(check)) {
      prober.stop();
      prober = null;
    }
    if (prober == null && check != null) {
      prober = new Prober(cluster.membership, check, cluster.random);
    }
  }

  private void look() {
    Upstreams available = upstreams;
    if (available == null) {
      return;
    }
    nextLook = available.after(TICK, this::look); // first: it has to come whatever happens here
    long now = cluster.clock.getAsLong();
    cluster.monitor().look();
    if (now - comparedAt >= COMPARED) {
      comparedAt = now;
      cluster.monitor().compare();
    }
    cluster.lookForRoom(now);
    names.forEach(name -> name.look(available, now));
    probeAs(cluster.policy().health.check().orElse(null));
    if (prober != null) {
      prober.look(available, now);
    }
  }
}
