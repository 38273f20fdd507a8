package io.tidegate.reverse;

import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.cluster.Cluster;
import io.tidegate.reverse.cluster.EndpointStatus;
import io.tidegate.reverse.cluster.EndpointUri;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of a proxy, whose endpoints can be looked at and changed while it serves requests; see
 * {@link ReverseProxy#cluster}. Thread-safe; what is changed holds for requests from then on.
 *
 * <p>An endpoint is named by its URI, like to the builder. If it is one of several addresses of a
 * name, what is done to the name is done to all of them.
 *
 * <p>It is for whichever cluster has the name: it goes on when settings are reloaded. While there
 * is none of that name, there are no endpoints, and changing them is an {@link
 * IllegalStateException}.
 */
public final class ClusterControl {
  /** A cluster, and who makes its endpoints. */
  record Controlled(Cluster cluster, EndpointFactory endpoints) {}

  private final String name;
  private final Supplier<@Nullable Controlled> current;

  /** For what {@code current} gives at each time; null if there is none of the name. */
  ClusterControl(String name, Supplier<@Nullable Controlled> current) {
    this.name = name;
    this.current = current;
  }

  /** The name of the cluster. */
  public String name() {
    return name;
  }

  /** The endpoints as they are now. */
  public List<EndpointStatus> endpoints() {
    Controlled controlled = current.get();
    return controlled == null ? List.of() : controlled.cluster().endpoints();
  }

  private Controlled controlled() {
    Controlled controlled = current.get();
    if (controlled == null) {
      throw new IllegalStateException("there is no cluster " + name + " any more");
    }
    return controlled;
  }

  private Cluster cluster() {
    return controlled().cluster();
  }

  /**
   * Adds an endpoint. One that is there already stays, with its connections and what is known about
   * it; if it was to be removed, it gets requests again.
   *
   * @throws io.tidegate.core.spi.InvalidSettingsException if it cannot be one
   */
  public void add(String uri) {
    add(uri, endpoint -> {});
  }

  /** As {@link #add(String)}, with what {@code details} say; one that is there gets the weight. */
  public void add(String uri, Consumer<EndpointBuilder> details) {
    EndpointBuilder described = new EndpointBuilder(uri);
    details.accept(described);
    Controlled controlled = controlled();
    controlled.endpoints().add(controlled.cluster(), described.settings());
  }

  /**
   * Removes an endpoint: it gets no new requests, and is gone when those under way have ended.
   *
   * @return completes when that is; exceptionally if it is added again before
   * @throws IllegalArgumentException if there is no such endpoint
   */
  public CompletionStage<Void> remove(String uri) {
    return cluster().remove(destination(uri));
  }

  /**
   * Removes an endpoint at once, and forgets about it; its requests under way end as they would
   * have.
   *
   * @throws IllegalArgumentException if there is no such endpoint
   */
  public void removeNow(String uri) {
    cluster().removeNow(destination(uri));
  }

  /**
   * Gives an endpoint no new requests, but leaves it in the cluster.
   *
   * @return completes when the last of its requests has ended; exceptionally if it gets requests
   *     again before
   * @throws IllegalArgumentException if there is no such endpoint
   */
  public CompletionStage<Void> drain(String uri) {
    return cluster().drain(destination(uri), false);
  }

  /**
   * As {@link #drain}, but clients that are kept with the endpoint still get there; it is idle when
   * none of them has a request under way.
   */
  public CompletionStage<Void> drainButSessions(String uri) {
    return cluster().drain(destination(uri), true);
  }

  /**
   * Gives an endpoint that was drained requests again.
   *
   * @throws IllegalArgumentException if there is no such endpoint
   */
  public void resume(String uri) {
    cluster().resume(destination(uri));
  }

  private static Destination destination(String uri) {
    Destination destination = EndpointUri.parse(uri);
    if (destination == null) {
      throw new IllegalArgumentException(
          "endpoint: "
              + EndpointUri.withoutUser(uri)
              + " (expected: "
              + EndpointUri.EXPECTED
              + ")");
    }
    return destination;
  }
}
