package io.tidegate.core.connect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The name look-ups that clients have caused. A few of each client are under way at once, so that
 * names of a slow server do not keep every thread from the names that others want; some more wait
 * their turn, and beyond that a client is refused. Thread-safe.
 */
final class LookupTurns {
  private static final int AT_ONCE = 8;

  private final Executor worker;
  private final LongSupplier millis;
  private final long patienceMillis;
  private final int most;
  private final Map<Object, Client> clients = new HashMap<>(); // for who holds the monitor

  /** So many of one client at the most; one that takes longer than the patience is not counted. */
  LookupTurns(Executor worker, LongSupplier millis, long patienceMillis, int most) {
    this.worker = worker;
    this.millis = millis;
    this.patienceMillis = patienceMillis;
    this.most = most;
  }

  /** One look-up, caused by {@code client}; by none of them if that is null. */
  abstract static class Turn {
    private final @Nullable Object client;
    private long lostAt;

    Turn(@Nullable Object client) {
      this.client = client;
    }

    /** Looks the name up, on the worker. */
    abstract void begin();

    /** The worker takes no more. */
    abstract void rejected();
  }

  /** Lets {@code turn} begin now or later; false if its client has too many already. */
  boolean enter(Turn turn) {
    if (turn.client == null) {
      execute(turn);
      return true;
    }
    List<Turn> ready;
    synchronized (this) {
      Client client = clients.computeIfAbsent(turn.client, key -> new Client());
      client.forgetLost();
      if (client.underWay.size() + client.waiting.size() >= most) {
        return false;
      }
      client.waiting.add(turn);
      ready = client.ready();
    }
    ready.forEach(this::execute);
    return true;
  }

  /** {@code turn} is over. */
  void leave(Turn turn) {
    List<Turn> ready = List.of();
    synchronized (this) {
      Client client = turn.client == null ? null : clients.get(turn.client);
      if (client != null) {
        client.underWay.remove(turn);
        ready = client.ready();
        if (client.underWay.isEmpty()) {
          clients.remove(turn.client);
        }
      }
    }
    ready.forEach(this::execute);
  }

  private void execute(Turn turn) {
    try {
      worker.execute(turn::begin);
    } catch (RejectedExecutionException e) {
      turn.rejected();
    }
  }

  private final class Client {
    private final List<Turn> underWay = new ArrayList<>(AT_ONCE);
    private final Deque<Turn> waiting = new ArrayDeque<>();

    /** Those that begin now. */
    List<Turn> ready() {
      List<Turn> ready = new ArrayList<>(1);
      while (underWay.size() < AT_ONCE && !waiting.isEmpty()) {
        Turn next = waiting.remove();
        next.lostAt = millis.getAsLong() + patienceMillis;
        underWay.add(next);
        ready.add(next);
      }
      return ready;
    }

    void forgetLost() {
      underWay.removeIf(turn -> millis.getAsLong() >= turn.lostAt);
    }
  }
}
