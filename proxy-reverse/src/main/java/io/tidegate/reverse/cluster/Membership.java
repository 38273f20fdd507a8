package io.tidegate.reverse.cluster;

import io.tidegate.core.spi.Destination;
import io.tidegate.reverse.cluster.ClusterEvent.Kind;
import io.tidegate.reverse.health.EndpointState;
import io.tidegate.reverse.health.HealthCheckSettings;
import io.tidegate.reverse.health.HealthSettings;
import io.tidegate.reverse.health.HealthState;
import io.tidegate.reverse.health.Healthy;
import io.tidegate.reverse.health.Unproven;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints belong to a cluster, and their states. They change one at a time under a lock,
 * and exchanges read what there is between two changes without one. Thread-safe.
 *
 * <p>Several sources may name endpoints: the settings and the application, names that are looked
 * up, a discovery. An endpoint that two of them name is one endpoint.
 */
final class Membership {
  private static final String UNPROVEN = "no probe has passed yet";

  private final String cluster;
  private HealthSettings settings;
  private HealthState initial;

  /** How all are spoken to, whoever made them; null as long as that is how they were made. */
  private @Nullable Transport transport;

  private final LongSupplier nanos;
  private final Consumer<Endpoint> available;
  private final EventQueue events;
  private final Object lock = new Object();
  private final Map<Object, List<Endpoint>> sources = new LinkedHashMap<>();
  private final Map<Endpoint, Drain> drains = new LinkedHashMap<>();
  private volatile Members members;

  /**
   * Without endpoints as yet.
   *
   * @param nanos nanoseconds since an arbitrary origin
   * @param available told, on any thread, of endpoints that get requests from then on
   */
  Membership(
      String cluster,
      HealthSettings settings,
      List<ClusterListener> told,
      LongSupplier nanos,
      Consumer<Endpoint> available) {
    this.cluster = cluster;
    this.settings = settings;
    this.initial = initial(settings);
    this.nanos = nanos;
    this.available = available;
    this.events = new EventQueue(told);
    this.members = Members.of(List.of(), settings);
  }

  /** The state of endpoints that come. */
  private static HealthState initial(HealthSettings settings) {
    return settings
        .check()
        .<HealthState>map(check -> new Unproven(check.availableAtFirst()))
        .orElse(Healthy.INSTANCE);
  }

  /** {@code source} names endpoints from now on, these to begin with: which is no event. */
  void begin(Object source, List<Endpoint> endpoints) {
    synchronized (lock) {
      endpoints.forEach(this::speak);
      endpoints.forEach(this::join);
      sources.put(source, List.copyOf(endpoints));
      members = Members.of(listed(), settings);
    }
  }

  Members members() {
    return members;
  }

  /** The endpoints that this name leads to: one, or one for each of its addresses. */
  List<Endpoint> named(Destination name) {
    return members.all().stream().filter(one -> one.isOf(name)).toList();
  }

  private @Nullable Endpoint find(Destination place) {
    for (Endpoint endpoint : members.all()) {
      if (endpoint.place().equals(place)) {
        return endpoint;
      }
    }
    return null;
  }

  // Who belongs to it

  /**
   * {@code source}, unless it has ended, names these from now on. An endpoint that was there stays
   * what it is, with what is said of it now; one that no source names any more is drained and then
   * removed.
   */
  void update(Object source, List<Endpoint> named) {
    change(
        () -> {
          if (sources.containsKey(source)) {
            name(source, named);
          }
        });
  }

  /** {@code source} names nothing any more. */
  void end(Object source) {
    change(() -> leave(source));
  }

  /** As {@link #end}. Only as a part of a {@link #change}. */
  void leave(Object source) {
    name(source, List.of());
    sources.remove(source);
  }

  /**
   * {@code source} has said {@code before}, and says {@code now}: of what it says as before,
   * nothing changes, whatever others have made of it since. Only as a part of a {@link #change}.
   */
  void name(Object source, List<Endpoint> before, List<Endpoint> now) {
    List<Endpoint> known = sources.getOrDefault(source, List.of());
    List<Endpoint> named = new ArrayList<>();
    for (Endpoint one : now) {
      if (before.stream().noneMatch(one::isSaidLike)) {
        named.add(one.copy());
      } else {
        known.stream().filter(there -> there.place().equals(one.place())).forEach(named::add);
      }
    }
    name(source, named);
  }

  /** {@code source} names this endpoint too. */
  void add(Object source, Endpoint endpoint) {
    change(
        () -> {
          List<Endpoint> named = new ArrayList<>(sources.getOrDefault(source, List.of()));
          named.removeIf(one -> one.place().equals(endpoint.place()));
          named.add(endpoint);
          name(source, named);
        });
  }

  /** Drains an endpoint and removes it when it is idle; tells when that is. */
  CompletionStage<Void> remove(Endpoint endpoint) {
    return change(
        () -> {
          forget(endpoint);
          return leave(endpoint).whenIdle();
        });
  }

  /** Removes an endpoint at once; its requests under way end as they would have. */
  void removeNow(Endpoint endpoint) {
    change(
        () -> {
          forget(endpoint);
          Drain drain = leave(endpoint);
          if (drains.containsKey(endpoint)) {
            drain.unlist();
            tell(Kind.REMOVED, endpoint, "");
          }
        });
  }

  /** Gives an endpoint no new requests, but for its {@code sessions}; tells when it is idle. */
  CompletionStage<Void> drain(Endpoint endpoint, boolean sessions) {
    return change(
        () -> {
          Drain drain = drained(endpoint, sessions);
          settle(endpoint, drain);
          return drain.whenIdle();
        });
  }

  /** Ends the drain of an endpoint that is to stay. */
  void resume(Endpoint endpoint) {
    change(
        () -> {
          Drain drain = drains.get(endpoint);
          if (drain != null && !drain.isLast()) {
            resumed(endpoint, drain);
          }
        });
  }

  /** {@code source} names these from now on. Only as a part of a {@link #change}. */
  void name(Object source, List<Endpoint> named) {
    List<Endpoint> before = union();
    sources.put(source, named.stream().map(this::known).toList());
    List<Endpoint> now = union();
    now.stream().filter(endpoint -> !before.contains(endpoint)).forEach(this::come);
    before.stream().filter(endpoint -> !now.contains(endpoint)).forEach(this::leave);
  }

  /** What the sources name: each place once. */
  private List<Endpoint> union() {
    Map<Destination, Endpoint> all = new LinkedHashMap<>();
    for (List<Endpoint> named : sources.values()) {
      named.forEach(endpoint -> all.putIfAbsent(endpoint.place(), endpoint));
    }
    return new ArrayList<>(all.values());
  }

  /** What the sources name, and what they have named and still serves requests. */
  private List<Endpoint> listed() {
    List<Endpoint> listed = union();
    drains.forEach(
        (endpoint, drain) -> {
          if (drain.isListed() && !listed.contains(endpoint)) {
            listed.add(endpoint);
          }
        });
    return listed;
  }

  private Endpoint known(Endpoint named) {
    speak(named); // whoever made it may not have heard how that is done now
    Endpoint known = find(named.place());
    if (known == null) {
      return named;
    }
    known.takeOver(named);
    return known;
  }

  private void speak(Endpoint endpoint) {
    if (transport != null) {
      endpoint.speak(transport);
    }
  }

  private void come(Endpoint endpoint) {
    Drain drain = drains.get(endpoint);
    if (drain != null) {
      resumed(endpoint, drain); // it was to leave, and is still here
    } else {
      join(endpoint);
      endpoint.startSlowly(nanos.getAsLong());
      later(() -> available.accept(endpoint));
      tell(Kind.ADDED, endpoint, "");
    }
  }

  private void join(Endpoint endpoint) {
    endpoint.become(initial, UNPROVEN);
    endpoint.whenAvailable(one -> later(() -> available.accept(one)));
  }

  /** Those that waited for an endpoint that is gone may now have another one. */
  private void offerOthers() {
    events.add(() -> members.all().forEach(available));
  }

  /** Does this when the change under way is complete, now if there is none. */
  private void later(Runnable task) {
    events.add(task);
    if (!Thread.holdsLock(lock)) {
      events.deliver();
    }
  }

  private void forget(Endpoint endpoint) {
    sources.replaceAll((source, named) -> named.stream().filter(one -> one != endpoint).toList());
  }

  private Drain leave(Endpoint endpoint) {
    Drain drain = drained(endpoint, false);
    drain.makeLast();
    settle(endpoint, drain);
    return drain;
  }

  /**
   * Has all that anybody names, and all that drain, spoken to by {@code next}, and those that come.
   * Only as a part of a {@link #change}.
   */
  void speak(Transport next) {
    transport = next;
    drains.keySet().forEach(this::speak);
    sources.values().forEach(named -> named.forEach(this::speak));
  }

  // Drains

  private Drain drained(Endpoint endpoint, boolean sessions) {
    HealthState state = endpoint.health().state();
    endpoint.become(state.drained(sessions), endpoint.health().reason());
    Drain running = drains.get(endpoint);
    if (running != null && !(running.isOver() && endpoint.activeRequests() > 0)) {
      return running;
    }
    Drain drain = new Drain(); // after one that is over, for sessions that have come back, another
    drains.put(endpoint, drain);
    offerOthers();
    endpoint.whenIdle(() -> idle(endpoint));
    if (running == null) {
      tell(Kind.DRAINING, endpoint, "");
    }
    return drain;
  }

  private void resumed(Endpoint endpoint, Drain drain) {
    drains.remove(endpoint);
    endpoint.whenIdle(null);
    endpoint.become(endpoint.health().state().resumed(), endpoint.health().reason());
    tell(Kind.RESUMED, endpoint, "");
    events.add(drain::cancel);
  }

  /** The last request of a draining endpoint has ended; on any thread. */
  private void idle(Endpoint endpoint) {
    change(
        () -> {
          Drain drain = drains.get(endpoint);
          if (drain != null) {
            settle(endpoint, drain);
          }
        });
  }

  /*
   * An exchange counts itself before it looks at the state, and the state was changed before this
   * looks at the count: one of the two notices the other.
   */
  private void settle(Endpoint endpoint, Drain drain) {
    if (endpoint.activeRequests() > 0) {
      return;
    }
    if (drain.end()) {
      tell(Kind.DRAINED, endpoint, "");
      events.add(drain::complete);
    }
    if (drain.isLast()) {
      drains.remove(endpoint);
      endpoint.whenIdle(null);
      if (drain.isListed()) {
        tell(Kind.REMOVED, endpoint, "");
      }
    }
  }

  // Changes

  /**
   * Judges by {@code next} from now on. What is known stays, but for what only probes could change
   * if there are none any more. Only as a part of a {@link #change}.
   */
  void judgeBy(HealthSettings next) {
    boolean unprobed = settings.check().isPresent() && next.check().isEmpty();
    settings = next;
    initial = initial(next);
    if (unprobed) {
      for (Endpoint endpoint : members.all()) {
        become(endpoint, endpoint.health().state().unprobed(), "it is not probed any more");
      }
    }
  }

  /**
   * Whether probes by {@code check} count: not those that were under way when there were to be
   * others, or none. Only as a part of a {@link #change}.
   */
  boolean isProbedAs(HealthCheckSettings check) {
    return settings.check().filter(check::equals).isPresent();
  }

  /** Makes a change of any kind: others see nothing of it before it is complete. */
  void change(Runnable change) {
    change(
        () -> {
          change.run();
          return change;
        });
  }

  private <T> T change(Supplier<T> change) {
    T result = changeUntold(change);
    events.deliver();
    return result;
  }

  /** As {@link #change}, but nobody is told before {@link #tellAll}. */
  void changeUntold(Runnable change) {
    changeUntold(
        () -> {
          change.run();
          return change;
        });
  }

  private <T> T changeUntold(Supplier<T> change) {
    synchronized (lock) {
      boolean panicked = members.panicking();
      T result = change.get();
      members = Members.of(listed(), settings);
      if (members.panicking() != panicked) {
        tell(panicked);
      }
      return result;
    }
  }

  /** Tells of everything that nobody has been told of yet. */
  void tellAll() {
    events.deliver();
  }

  /** The endpoint is in another state, for this reason. Only as a part of a {@link #change}. */
  void become(Endpoint endpoint, HealthState next, String reason) {
    EndpointState before = endpoint.state();
    endpoint.become(next, reason);
    EndpointState after = endpoint.state();
    if (before == after) {
      return;
    }
    if (!after.isAvailable()) {
      offerOthers();
    }
    switch (after) {
      case DOWN -> tell(Kind.DOWN, endpoint, reason);
      case EJECTED -> tell(Kind.EJECTED, endpoint, reason);
      case HEALTHY -> {
        endpoint.startSlowly(nanos.getAsLong());
        boolean wasEjected = before == EndpointState.EJECTED;
        tell(wasEjected ? Kind.RETURNED : Kind.UP, endpoint, reason);
      }
      case DRAINING -> throw new IllegalArgumentException("health does not drain");
    }
  }

  private void tell(Kind kind, Endpoint endpoint, String detail) {
    events.add(new ClusterEvent(cluster, kind, endpoint.name(), detail));
  }

  /** Tells of something that has happened to the cluster as a whole. */
  void tell(Kind kind, String detail) {
    events.add(new ClusterEvent(cluster, kind, "", detail));
    events.deliver();
  }

  private void tell(boolean panicked) {
    Members now = members;
    String detail = now.available() + " of " + now.staying() + " endpoints are available";
    Kind kind = panicked ? Kind.PANIC_ENDED : Kind.PANIC_BEGAN;
    events.add(new ClusterEvent(cluster, kind, "", detail));
  }
}
