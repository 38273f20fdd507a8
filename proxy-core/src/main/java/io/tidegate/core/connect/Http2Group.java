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

    /** Nothing is left here. */
    void emptied(Destination destination, Http2Group group);
  }

  private final IoLoop loop;
  private final Connector connector;
  private final UpstreamSettings settings;
  private final Destination destination;
  private final Owner owner;
  private final List<Http2Upstream> connections = new ArrayList<>(1);
  private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
  private int dialling;
  private boolean serving;

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
  }

  /** A place on a connection that is there; null if there is none, or others wait for one. */
  @Nullable UpstreamConnection poll(Connector.AddressCheck check) {
    return waiting.isEmpty() ? place(check, Long.MIN_VALUE) : null;
  }

  /** A place on a connection that was made at {@code since} or later. */
  private @Nullable UpstreamConnection place(Connector.AddressCheck check, long since) {
    for (int i = 0; i < connections.size(); i++) {
      Http2Upstream connection = connections.get(i);
      if (connection.isFresh(since) && connection.takesMore(settings) && connection.passes(check)) {
        return connection.stream();
      }
    }
    return null;
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
    made.keptBy(this, settings.idleTimeout().toMillis());
  }

  /** Takes no more requests on the connections that there are. */
  void retire() {
    new ArrayList<>(connections).forEach(Http2Upstream::retire);
  }

  // ---- making connections

  private void dialIfNeeded() {
    boolean enough = (long) dialling * settings.maxStreamsPerConnection() >= waiting.size();
    Waiter first = waiting.peekFirst();
    if (first != null && !enough && connections.size() + dialling < settings.maxConnections()) {
      dialling++;
      Dialling dial = new Dialling(first);
      connector.dial(loop, destination, first.timeout, dial, dial);
    }
  }

  /** A connection under way, as whoever waits longest may have it; others may join in. */
  private final class Dialling implements Completion<NewConnection>, Connector.AddressCheck {
    private final Waiter first;
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
      dialling--;
      if (made instanceof Http1UpstreamConnection other) {
        handOver(other, first);
      } else if (made instanceof Http2Upstream connection) {
        joined(connection);
      }
    }

    /** What one request is refused for is no matter of the others. */
    @Override
    public void failed(Failure failure) {
      dialling--;
      if (failure.equals(refusal)) {
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
    if (made.takesMore(settings)) {
      serve();
      dialIfNeeded();
    } else { // making another one would end in the same way
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
    Waiter winner = all.remove(first) || all.isEmpty() ? first : all.remove(0);
    if (winner.done) {
      adopted.close();
    } else {
      winner.complete(adopted);
    }
    all.forEach(Waiter::goOnElsewhere);
    endIfEmpty();
  }

  // ---- serving those who wait

  @Override
  public void roomOn(Http2Upstream connection) {
    if (!waiting.isEmpty() && !serving) {
      serving = true;
      loop.later(this::serve);
    }
  }

  private void serve() {
    serving = false;
    Waiter next = waiting.peekFirst();
    while (next != null) {
      UpstreamConnection place = place(next.check, next.since);
      if (place == null) {
        return;
      }
      waiting.remove(next);
      next.complete(place);
      next = waiting.peekFirst();
    }
  }

  @Override
  public void closed(Http2Upstream connection) {
    connections.remove(connection);
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
