package io.tidegate.core.connect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The name look-ups that clients have caused. A few of each client are under way at once, so that
 * names of a slow server do not keep every thread from the names that others want: a client gets no
 * more threads than it leaves free, and those who wait are served in turn. Some more of each wait,
 * and beyond that a client is refused. Thread-safe.
 */
final class LookupTurns {
  private static final int AT_ONCE = 8;

  /** From so many clients on, it is looked whether some are there for lost look-ups alone. */
  private static final int MANY = 1000;

  private final Executor worker;
  private final LongSupplier millis;
  private final long patienceMillis;
  private volatile int most;

  // For who holds the monitor:
  private final Map<Object, Client> clients = new HashMap<>();
  private final Deque<Client> next = new ArrayDeque<>();
  private int free;
  private int sweepAt = MANY;

  /** So many of one client at the most; one that takes longer than the patience is not counted. */
  LookupTurns(Executor worker, int threads, LongSupplier millis, long patienceMillis, int most) {
    this.worker = worker;
    this.free = threads;
    this.millis = millis;
    this.patienceMillis = patienceMillis;
    this.most = most;
  }

  /** So many of one client at the most from now on. */
  void change(int maxPerClient) {
    most = maxPerClient;
  }

  /** One look-up, caused by {@code client}; by none of them if that is null. */
  abstract static class Turn {
    private final @Nullable Object client;
    private long lostAt;

    Turn(@Nullable Object client) {
      this.client = client;
    }

    /** Whose it is. */
    final @Nullable Object client() {
      return client;
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
      sweep();
      Client client = clients.computeIfAbsent(turn.client, key -> new Client());
      client.forgetLost();
      if (client.underWay.size() + client.waiting.size() >= most) {
        return false;
      }
      client.waiting.add(turn);
      ready = ready(client);
    }
    ready.forEach(this::execute);
    return true;
  }

  /** {@code turn} is over. */
  void leave(Turn turn) {
    changed(turn, client -> client.underWay.remove(turn));
  }

  /** {@code turn} need not come any more; no matter if it has. */
  void withdraw(Turn turn) {
    changed(turn, client -> client.waiting.remove(turn));
  }

  private void threadIsFree(Turn turn) {
    changed(
        turn,
        client -> {
          client.threads--;
          free++;
        });
  }

  private void changed(Turn turn, Consumer<Client> change) {
    List<Turn> ready;
    synchronized (this) {
      Client client = turn.client == null ? null : clients.get(turn.client);
      if (client == null) {
        return;
      }
      change.accept(client);
      ready = ready(client);
      if (client.isIdle()) {
        clients.remove(turn.client);
      }
    }
    ready.forEach(this::execute);
  }

  private void execute(Turn turn) {
    try {
      worker.execute(() -> begin(turn));
    } catch (RejectedExecutionException e) {
      threadIsFree(turn);
      turn.rejected();
    }
  }

  private void begin(Turn turn) {
    try {
      turn.begin();
    } finally {
      threadIsFree(turn);
    }
  }

  /** Those that begin now that something has changed for {@code client}. */
  private List<Turn> ready(Client client) {
    client.queue();
    List<Turn> ready = new ArrayList<>(1);
    int passedOver = 0; // these have threads, so there are no more of them than threads
    while (free > 0 && passedOver < next.size()) {
      Client first = next.remove();
      first.queued = false;
      if (first.threads < free && !first.waiting.isEmpty()) {
        ready.add(first.begin());
      } else {
        passedOver++;
      }
      first.queue();
    }
    return ready;
  }

  private void sweep() {
    if (clients.size() >= sweepAt) {
      clients.values().forEach(Client::forgetLost);
      clients.values().removeIf(Client::isIdle);
      clients.values().forEach(Client::queue);
      sweepAt = Math.max(MANY, 2 * clients.size());
    }
  }

  /** How many clients are remembered. */
  synchronized int clients() {
    return clients.size();
  }

  private final class Client {
    private final List<Turn> underWay = new ArrayList<>(AT_ONCE);
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private int threads;
    private boolean queued;

    /** Lines up if there is something that may begin as soon as there is a thread. */
    void queue() {
      if (!queued && !waiting.isEmpty() && underWay.size() < AT_ONCE) {
        queued = true;
        next.add(this);
      }
    }

    Turn begin() {
      Turn turn = waiting.remove();
      turn.lostAt = millis.getAsLong() + patienceMillis;
      underWay.add(turn);
      threads++;
      free--;
      return turn;
    }

    void forgetLost() {
      underWay.removeIf(turn -> millis.getAsLong() >= turn.lostAt);
    }

    boolean isIdle() {
      return underWay.isEmpty() && waiting.isEmpty() && threads == 0;
    }
  }
}
