package io.tidegate.core.connect;

import io.tidegate.core.io.IoLoop;
import io.tidegate.core.io.TimerWheel;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.ProxyError;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one IO thread to one destination, and the requests that wait for a
 * place on one of them. Requests that come while a connection is being made wait for it rather than
 * have one made each; more are made when those that there are have no room.
 */
final class Http2Group implements Http2Upstream.Keeper {
  /** The pool that this belongs to. */
  interface Owner {
    /** The destination has chosen HTTP/1.1. */
    UpstreamConnection adopt(Http1UpstreamConnection made);

    /** Somebody who waited here goes on there. */
    Connector.Handle connect(
        Destination destination,
        boolean fresh,
        Duration timeout,
        Connector.AddressCheck check,
        Completion<UpstreamConnection> completion);

    /** There are so many more connections, those being made included. */
    void count(int change);

    /** There is one connection more that nobody uses. */
    void rests();

    /** There is one less. */
    void wakes();

    /** From now on, for a while, the destination is spoken to in HTTP/1.1. */
    void wantsHttp1(Destination destination);

    /** Nothing is left here. */
    void emptied(Destination destination, Http2Group group);
  }

  private final IoLoop loop;
  private final Connector connector;
  private UpstreamSettings settings;
  private final Destination destination;
  private final Owner owner;
  private final List<Http2Upstream> connections = new ArrayList<>(1);
  private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();

  /** How many requests at a time the next connection will most likely take. */
  private int streamsEach;

  private int dialling;
  private boolean serving;
  private boolean retired;

  Http2Group(
      IoLoop loop,
      Connector connector,
      UpstreamSettings settings,
      Destination destination,
      Owner owner) {
    this.loop = loop;
    this.connector = connector;
    this.settings = settings;
    this.destination = destination;
    this.owner = owner;
    this.streamsEach = settings.maxStreamsPerConnection();
  }

  /**
   * A place on a connection that is there; null if there is none, or others are about to get it.
   */
  @Nullable UpstreamConnection poll(Connector.AddressCheck check) {
    return serving ? null : place(check, Long.MIN_VALUE);
  }

  /** A place on a connection that was made at {@code since} or later. */
  private @Nullable UpstreamConnection place(Connector.AddressCheck check, long since) {
    for (int i = 0; i < connections.size(); i++) {
      Http2Upstream connection = connections.get(i);
      if (mayUse(connection, check, since)) {
        return connection.stream();
      }
    }
    return null;
  }

  private static boolean mayUse(
      Http2Upstream connection, Connector.AddressCheck check, long since) {
    return connection.isFresh(since) && connection.takesMore() && connection.passes(check);
  }

  /** Waits for a place, and has a connection made if it takes one. */
  Connector.Handle connect(
      boolean fresh,
      Duration timeout,
      Connector.AddressCheck check,
      Completion<UpstreamConnection> completion) {
    Waiter waiter = new Waiter(fresh ? loop.now() : Long.MIN_VALUE, timeout, check, completion);
    if (waiting.size() >= settings.maxPending()) {
      completion.failed(
          Failure.of(
              ProxyError.CONNECTION_LIMIT_REACHED, "too many requests wait for this upstream"));
      return waiter;
    }
    waiting.addLast(waiter);
    dialIfNeeded();
    if (!waiter.done) {
      Duration patience = dialling > 0 ? timeout : settings.pendingTimeout();
      waiter.set(loop.timers(), loop.now() + patience.toMillis());
    }
    return waiter;
  }

  /** Keeps a connection that was made for another reason, and gives the first place on it. */
  UpstreamConnection adopt(Http2Upstream made) {
    keep(made);
    return made.stream();
  }

  private void keep(Http2Upstream made) {
    connections.add(made);
    owner.count(1);
    made.keptBy(this, settings);
  }

  Destination destination() {
    return destination;
  }

  /** Keeps to {@code limits} from now on. */
  void change(UpstreamSettings limits) {
    settings = limits;
    connections.forEach(connection -> connection.keepTo(limits));
    if (!waiting.isEmpty()) {
      loop.later(this::dialIfNeeded);
    }
  }

  /** Takes no more requests but those that wait, and keeps no connections. */
  void end() {
    retired = true;
    retire();
  }

  /** Takes no more requests on the connections that there are. */
  void retire() {
    new ArrayList<>(connections).forEach(Http2Upstream::retire);
  }

  // ---- making connections

  private void dialIfNeeded() {
    Waiter first = waiting.peekFirst();
    while (first != null && (long) dialling * streamsEach < waiting.size()) {
      if (countUsed() + dialling >= settings.maxConnections()) {
        retireUseless(first);
        return;
      }
      dialling(1);
      Dialling dial = new Dialling(first);
      connector.dial(loop, destination, first.timeout, dial, dial);
      first = waiting.peekFirst();
    }
  }

  private void dialling(int change) {
    dialling += change;
    owner.count(change);
  }

  /** How many connections there are, but for those that only end what they have begun. */
  private int countUsed() {
    int count = 0;
    for (int i = 0; i < connections.size(); i++) {
      count += connections.get(i).isRetiring() ? 0 : 1;
    }
    return count;
  }

  /** Makes room for a connection that {@code waiter} can use. */
  private void retireUseless(Waiter waiter) {
    for (Http2Upstream connection : connections) {
      if (connection.isResting() && !mayUse(connection, waiter.check, waiter.since)) {
        loop.later(connection::retire); // we may be in the middle of what its session tells
        return;
      }
    }
  }

  /** A connection under way, as whoever waits longest may have it; others may join in. */
  private final class Dialling implements Completion<NewConnection>, Connector.AddressCheck {
    private final Waiter first;

    /** Why an address may not be gone to for the first; others might have reached it. */
    private @Nullable Failure refusal;

    Dialling(Waiter first) {
      this.first = first;
    }

    @Override
    public @Nullable Failure apply(InetAddress address) {
      return noted(first.check.apply(address));
    }

    @Override
    public @Nullable Failure refusesParent(InetAddress address, int port) {
      return noted(first.check.refusesParent(address, port));
    }

    private @Nullable Failure noted(@Nullable Failure reason) {
      refusal = reason == null ? refusal : reason;
      return reason;
    }

    @Override
    public @Nullable Object client() {
      return first.check.client();
    }

    @Override
    public void completed(NewConnection made) {
      dialling(-1);
      if (made instanceof Http1UpstreamConnection other) {
        handOver(other, first);
      } else if (made instanceof Http2Upstream connection) {
        joined(connection);
      }
    }

    /** What one request is refused for is no matter of the others. */
    @Override
    public void failed(Failure failure) {
      dialling(-1);
      if (refusal != null) {
        if (waiting.remove(first)) {
          first.fail(failure);
        }
        dialIfNeeded();
      } else {
        failAll(failure);
      }
      endIfEmpty();
    }
  }

  private void joined(Http2Upstream made) {
    keep(made);
    streamsEach =
        Math.max(1, Math.min(settings.maxStreamsPerConnection(), made.session().peerStreams()));
    if (made.takesMore()) {
      serve();
      dialIfNeeded();
    } else if (!made.wantsHttp1()) { // making another one would end in the same way
      failAll(Failure.of(ProxyError.DESTINATION_UNAVAILABLE, "the upstream takes no requests"));
    }
  }

  private void failAll(Failure failure) {
    List<Waiter> all = new ArrayList<>(waiting);
    waiting.clear();
    all.forEach(waiter -> waiter.fail(failure));
  }

  /** The server wants HTTP/1.1: each gets a connection of its own. */
  private void handOver(Http1UpstreamConnection made, Waiter first) {
    UpstreamConnection adopted = owner.adopt(made);
    List<Waiter> all = new ArrayList<>(waiting);
    waiting.clear();
    Waiter winner = all.contains(first) ? first : firstThatPasses(made, all);
    if (winner == null) {
      adopted.close();
    } else {
      all.remove(winner);
      winner.complete(adopted);
    }
    all.forEach(Waiter::goOnElsewhere);
    endIfEmpty();
  }

  private static @Nullable Waiter firstThatPasses(
      Http1UpstreamConnection made, List<Waiter> waiters) {
    for (Waiter waiter : waiters) {
      if (made.passes(waiter.check)) {
        return waiter;
      }
    }
    return null;
  }

  // ---- serving those who wait

  @Override
  public void roomOn(Http2Upstream connection) {
    serveSoon();
  }

  private void serveSoon() {
    if (!waiting.isEmpty() && !serving) {
      serving = true;
      loop.later(this::serve);
    }
  }

  /** In turn; whoever may not use the room that there is does not hold up the others. */
  private void serve() {
    serving = false;
    if (waiting.isEmpty() || !hasRoom()) {
      return;
    }
    for (Waiter next : new ArrayList<>(waiting)) {
      UpstreamConnection place = next.done ? null : place(next.check, next.since);
      if (place != null) {
        waiting.remove(next);
        next.complete(place);
      } else if (!hasRoom()) {
        return;
      }
    }
    dialIfNeeded();
  }

  private boolean hasRoom() {
    for (int i = 0; i < connections.size(); i++) {
      if (connections.get(i).takesMore()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void rests() {
    owner.rests();
    if (retired) {
      loop.later(this::retire); // not in the middle of what a session tells
    }
  }

  @Override
  public void wakes() {
    owner.wakes();
  }

  @Override
  public void wantsHttp1() {
    owner.wantsHttp1(destination);
    loop.later(this::goOnElsewhere); // not in the middle of what the session tells
  }

  private void goOnElsewhere() {
    List<Waiter> all = new ArrayList<>(waiting);
    waiting.clear();
    all.forEach(Waiter::goOnElsewhere);
    endIfEmpty();
  }

  /** Adds the connections that nobody uses. */
  void addResting(List<Resting> to) {
    for (Http2Upstream connection : connections) {
      if (connection.isResting()) {
        to.add(connection);
      }
    }
  }

  @Override
  public void closed(Http2Upstream connection) {
    if (connections.remove(connection)) {
      owner.count(-1);
    }
    if (!waiting.isEmpty()) {
      loop.later(this::dialIfNeeded); // never at once: a dial may fail at once
    }
    endIfEmpty();
  }

  private void endIfEmpty() {
    if (connections.isEmpty() && waiting.isEmpty() && dialling == 0) {
      owner.emptied(destination, this);
    }
  }

  private final class Waiter extends TimerWheel.Deadline implements Connector.Handle {
    private final long since;
    private final Duration timeout;
    private final Connector.AddressCheck check;
    private final Completion<UpstreamConnection> completion;
    private Connector.@Nullable Handle successor;
    private boolean done;

    Waiter(
        long since,
        Duration timeout,
        Connector.AddressCheck check,
        Completion<UpstreamConnection> completion) {
      this.since = since;
      this.timeout = timeout;
      this.check = check;
      this.completion = completion;
    }

    private void end() {
      done = true;
      cancel(loop.timers());
    }

    void complete(UpstreamConnection place) {
      end();
      completion.completed(place);
    }

    void fail(Failure failure) {
      if (!done) {
        end();
        completion.failed(failure);
      }
    }

    void goOnElsewhere() {
      if (!done) {
        end();
        boolean fresh = since != Long.MIN_VALUE;
        successor = owner.connect(destination, fresh, timeout, check, completion);
      }
    }

    @Override
    protected void expired() {
      waiting.remove(this);
      fail(
          dialling > 0
              ? Failure.of(ProxyError.CONNECTION_TIMEOUT, "no connection was made in time")
              : Failure.of(
                  ProxyError.CONNECTION_LIMIT_REACHED,
                  "no connection to the upstream became free in time"));
      endIfEmpty();
    }

    @Override
    public void abandon() {
      end();
      waiting.remove(this);
      if (successor != null) {
        successor.abandon();
      }
      endIfEmpty();
    }
  }
}
