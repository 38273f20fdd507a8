package io.tidegate.core.connect;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.Tally;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.UpstreamTls;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The upstream connections of one IO thread. The one that rested last is used first: it is the
 * least likely to have been closed meanwhile, and the others get the chance to grow old. Those that
 * speak HTTP/2 are shared, see {@link Http2Group}.
 */
public final class UpstreamPool implements Http2Group.Owner {
  private final IoLoop loop;
  private final Connector connector;
  private UpstreamSettings settings;

  /** What destinations that say nothing about TLS were spoken to with. */
  private UpstreamTls defaultTls;

  private final Map<Destination, Group> groups = new HashMap<>();
  private final Map<Destination, Http2Group> shared = new HashMap<>();
  private final Http1Wishes wishes = new Http1Wishes();
  private final Tally connections = new Tally();
  private final Tally resting = new Tally();

  /** An empty pool. */
  public UpstreamPool(IoLoop loop, Connector connector, UpstreamSettings settings) {
    this.loop = loop;
    this.connector = connector;
    this.settings = settings;
    this.defaultTls = connector.tls();
  }

  /**
   * A connection at rest, or a place on one that is shared, that leads to where is {@code meant};
   * or null. With {@code probe}, one at rest is looked at once more: worth a system call where a
   * request could not be repeated.
   */
  public @Nullable UpstreamConnection poll(
      Destination meant, boolean probe, Connector.AddressCheck check) {
    heedDefaultTls();
    Destination destination = wishes.heeded(meant, loop.now());
    Http2Group multiplexed = speaksHttp2(destination) ? shared.get(destination) : null;
    UpstreamConnection place = multiplexed == null ? null : multiplexed.poll(check);
    Group group = place == null ? groups.get(destination) : null;
    return group == null ? place : group.poll(probe, check);
  }

  /**
   * Makes a new connection, or waits for one to become free if there are too many already; {@code
   * fresh} asks for one that has not been used. What is made anew is made within {@code timeout}.
   */
  @Override
  public Connector.Handle connect(
      Destination meant,
      boolean fresh,
      Duration timeout,
      Connector.AddressCheck check,
      Completion<UpstreamConnection> completion) {
    heedDefaultTls();
    Destination destination = wishes.heeded(meant, loop.now());
    if (speaksHttp2(destination) && !groups.containsKey(destination)) {
      return shared(destination).connect(fresh, timeout, check, completion);
    }
    Group group = group(destination);
    if (group.open >= settings.maxConnections() && group.waiting.isEmpty()) {
      Http1UpstreamConnection resting = group.idle.peekFirst();
      if (resting != null) {
        resting.close(); // of no use to whoever asks here: makes room for a new one
        group = group(destination);
      }
    }
    if (group.open < settings.maxConnections()) {
      return group.dial(timeout, check, completion);
    }
    Waiter waiter = new Waiter(group, fresh, timeout, check, completion);
    if (group.waiting.size() >= settings.maxPending()) {
      completion.failed(
          Failure.of(
              ProxyError.CONNECTION_LIMIT_REACHED, "too many requests wait for this upstream"));
    } else {
      group.waiting.addLast(waiter);
      waiter.set(loop.timers(), loop.now() + settings.pendingTimeout().toMillis());
    }
    return waiter;
  }

  private Group group(Destination destination) {
    return groups.computeIfAbsent(destination, Group::new);
  }

  /** Whether HTTP/2 may be spoken there: if it is to be negotiated, TLS does that. */
  static boolean speaksHttp2(Destination destination) {
    return switch (destination.http()) {
      case HTTP_1_1 -> false;
      case NEGOTIATED -> destination.secure();
      case HTTP_2 -> true;
    };
  }

  private Http2Group shared(Destination destination) {
    return shared.computeIfAbsent(
        destination, key -> new Http2Group(loop, connector, settings, key, this));
  }

  @Override
  public UpstreamConnection adopt(Http1UpstreamConnection made) {
    Group group = group(made.destination());
    group.count(1);
    made.pooled(group);
    return made;
  }

  /** How many there are, those being made included; on any thread. */
  public long connections() {
    return connections.get();
  }

  /** How many of them nobody uses; on any thread. */
  public long resting() {
    return resting.get();
  }

  @Override
  public void count(int change) {
    connections.add(change);
  }

  @Override
  public void rests() {
    resting.add(1);
    if (resting.get() > settings.maxIdle()) {
      loop.later(this::closeOldest); // not in the middle of what a session tells
    }
  }

  @Override
  public void wakes() {
    resting.add(-1);
  }

  @Override
  public void wantsHttp1(Destination destination) {
    wishes.add(destination, loop.now());
  }

  @Override
  public void emptied(Destination destination, Http2Group group) {
    shared.remove(destination, group);
  }

  /**
   * Keeps to {@code limits} from now on, and to what the connector says of TLS; for the thread of
   * the loop.
   */
  public void change(UpstreamSettings limits) {
    heedDefaultTls();
    settings = limits;
    new ArrayList<>(shared.values()).forEach(group -> group.change(limits));
    new ArrayList<>(groups.values()).forEach(Group::dialForWaiting);
    closeOldest();
  }

  /**
   * Uses no connection any more, once what it serves has ended, that was made with trust and keys
   * that no longer hold for destinations that say nothing about TLS. Looked at for each request: it
   * may be here before the change is told.
   */
  private void heedDefaultTls() {
    UpstreamTls now = connector.tls();
    if (!now.equals(defaultTls)) {
      defaultTls = now;
      forgetDefaultTls();
    }
  }

  private void forgetDefaultTls() {
    for (Http2Group group : new ArrayList<>(shared.values())) {
      if (group.destination().usesDefaultTls()) {
        shared.remove(group.destination());
        group.end();
      }
    }
    for (Group group : new ArrayList<>(groups.values())) {
      if (group.destination.usesDefaultTls()) {
        groups.remove(group.destination);
        group.end();
      }
    }
  }

  /** Closes the connections at rest, and lets those that are shared take no more requests. */
  public void closeIdle() {
    new ArrayList<>(shared.values()).forEach(Http2Group::retire);
    new ArrayList<>(groups.values()).forEach(Group::closeIdle);
  }

  /** Closes the connections that have rested longest; several, so that it is seldom done. */
  private void closeOldest() {
    if (resting.get() <= settings.maxIdle()) {
      return;
    }
    List<Resting> oldest = new ArrayList<>((int) resting.get());
    groups.values().forEach(group -> oldest.addAll(group.idle));
    shared.values().forEach(group -> group.addResting(oldest));
    oldest.sort(Comparator.comparingLong(Resting::idleUntil));
    int kept = settings.maxIdle() - settings.maxIdle() / 8;
    oldest.subList(0, oldest.size() - kept).forEach(Resting::retire);
  }

  /** The connections to one destination. */
  final class Group {
    private final Destination destination;
    private final ArrayDeque<Http1UpstreamConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>(0);
    private int open;
    private boolean retired;

    Group(Destination destination) {
      this.destination = destination;
    }

    private void count(int change) {
      open += change;
      connections.add(change);
    }

    /** Keeps no connections: each is closed after what it serves. */
    void end() {
      retired = true;
      closeIdle();
    }

    void closeIdle() {
      for (Http1UpstreamConnection connection : new ArrayList<>(idle)) {
        connection.close();
      }
    }

    /** There may be more connections than before. */
    void dialForWaiting() {
      while (open < settings.maxConnections() && !waiting.isEmpty()) {
        dialLater(waiting.removeFirst());
      }
    }

    private Connector.Handle dial(
        Duration timeout, Connector.AddressCheck check, Completion<UpstreamConnection> completion) {
      count(1);
      Dialling dialling = new Dialling(this, completion);
      dialling.handle = connector.dial(loop, destination, timeout, check, dialling);
      return dialling;
    }

    @Nullable Http1UpstreamConnection poll(boolean probe, Connector.AddressCheck check) {
      int candidates = idle.size();
      for (int i = 0; i < candidates; i++) {
        Http1UpstreamConnection connection = wake();
        boolean usable =
            connection.isOpen()
                && connection.mayServeMore(loop.now(), settings)
                && (!probe || connection.isAlive());
        if (!usable) {
          connection.close();
        } else if (connection.passes(check)) {
          return connection;
        } else {
          idle.addFirst(connection); // for others, who may go there
          resting.add(1);
        }
      }
      return null;
    }

    private Http1UpstreamConnection wake() {
      resting.add(-1);
      return idle.removeLast();
    }

    /** The connection has become free, and stays for {@link #poll} or {@link #serveWaiting}. */
    void rest(Http1UpstreamConnection connection) {
      long now = loop.now();
      if (!retired && connection.mayServeMore(now, settings)) {
        connection.rest(now + settings.idleTimeout().toMillis());
        idle.addLast(connection);
        resting.add(1);
        closeOldest();
      } else {
        connection.close();
      }
    }

    /** Gives connections at rest to those who wait. */
    void serveWaiting() {
      while (!waiting.isEmpty() && !idle.isEmpty()) {
        Http1UpstreamConnection connection = wake();
        Waiter waiter = waiting.peekFirst();
        if (!waiter.fresh && connection.passes(waiter.check)) {
          waiting.removeFirst();
          waiter.cancel(loop.timers());
          waiter.completion.completed(connection);
        } else {
          connection.close(); // which makes room for a new one
        }
      }
    }

    void closed(Http1UpstreamConnection connection) {
      if (idle.removeLastOccurrence(connection)) {
        resting.add(-1);
      }
      freed();
    }

    private void freed() {
      count(-1);
      Waiter waiter = waiting.pollFirst();
      if (waiter != null) {
        dialLater(waiter);
      } else if (open == 0) {
        groups.remove(destination, this);
      }
    }

    private void dialLater(Waiter waiter) {
      waiter.cancel(loop.timers());
      count(1); // the place is taken
      loop.later(() -> dialFor(waiter));
    }

    /** Never from {@link #freed} itself: a dial that fails at once would lead back there. */
    private void dialFor(Waiter waiter) {
      if (waiter.abandoned) {
        freed();
      } else {
        count(-1);
        waiter.successor = dial(waiter.timeout, waiter.check, waiter.completion);
      }
    }
  }

  private final class Dialling implements Connector.Handle, Completion<NewConnection> {
    private final Group group;
    private final Completion<UpstreamConnection> completion;
    private Connector.@Nullable Handle handle;
    private boolean done;

    Dialling(Group group, Completion<UpstreamConnection> completion) {
      this.group = group;
      this.completion = completion;
    }

    @Override
    public void completed(NewConnection made) {
      done = true;
      if (made instanceof Http2Upstream multiplexed) { // the server has changed its mind
        group.freed();
        UpstreamConnection place = shared(group.destination).adopt(multiplexed);
        if (group.retired) {
          multiplexed.retire(); // it serves this request, and no other
        }
        completion.completed(place);
      } else if (made instanceof Http1UpstreamConnection connection) {
        connection.pooled(group);
        completion.completed(connection);
      }
    }

    @Override
    public void failed(Failure failure) {
      done = true;
      group.freed();
      completion.failed(failure);
    }

    @Override
    public void abandon() {
      if (!done && handle != null) {
        done = true;
        handle.abandon();
        group.freed();
      }
    }
  }

  private final class Waiter extends TimerWheel.Deadline implements Connector.Handle {
    private final Group group;
    private final boolean fresh;
    private final Duration timeout;
    private final Connector.AddressCheck check;
    private final Completion<UpstreamConnection> completion;
    private Connector.@Nullable Handle successor;
    private boolean abandoned;

    Waiter(
        Group group,
        boolean fresh,
        Duration timeout,
        Connector.AddressCheck check,
        Completion<UpstreamConnection> completion) {
      this.group = group;
      this.fresh = fresh;
      this.timeout = timeout;
      this.check = check;
      this.completion = completion;
    }

    @Override
    protected void expired() {
      group.waiting.remove(this);
      completion.failed(
          Failure.of(
              ProxyError.CONNECTION_LIMIT_REACHED,
              "no connection to the upstream became free in time"));
    }

    @Override
    public void abandon() {
      abandoned = true;
      cancel(loop.timers());
      group.waiting.remove(this);
      if (successor != null) {
        successor.abandon();
      }
    }
  }
}
