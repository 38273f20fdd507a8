package io.tidegate.core.connect;

import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.ProxyError;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns names into addresses, off the IO threads. Answers are remembered for a while, and many
 * requests for one name cause one look-up. Thread-safe.
 */
public final class AddressResolver {
  /** The platform's name service. */
  public static final NameResolver PLATFORM = NameResolver.blocking(InetAddress::getAllByName);

  private static final Failure TOO_MANY =
      Failure.denied("too many names that this client wants are being looked up")
          .withStatus(429)
          .with("Retry-After", "1");

  private static final int MAX_NAMES = 10_000;
  private static final long FAILURE_TTL_MILLIS = 1000;

  /** A question that takes longer has been lost: it is asked again. */
  private static final long PATIENCE_MILLIS = 120_000;

  private final NameResolver resolver;
  private final LookupTurns turns;
  private final LongSupplier millis;
  private volatile long ttlMillis;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final LongAdder begun = new LongAdder();
  private final LongAdder ended = new LongAdder();

  /**
   * Asks {@code resolver} on {@code worker}, and remembers its answers for {@code ttl}.
   *
   * @param threads how many the worker has
   * @param maxPerClient the most look-ups that one client may have caused and that are not over
   */
  public AddressResolver(
      NameResolver resolver,
      Executor worker,
      int threads,
      LongSupplier millis,
      Duration ttl,
      int maxPerClient) {
    this.resolver = resolver;
    this.turns = new LookupTurns(worker, threads, millis, PATIENCE_MILLIS, maxPerClient);
    this.millis = millis;
    this.ttlMillis = ttl.toMillis();
  }

  /** Remembers answers that come from now on for {@code ttl}; the arguments as when it is made. */
  public void change(Duration ttl, int maxPerClient) {
    ttlMillis = ttl.toMillis();
    turns.change(maxPerClient);
  }

  /**
   * Tells {@code listener} the addresses of {@code host} or why there are none; on this thread if
   * the answer is known, else on a worker thread. Whoever asks sets a deadline of their own.
   *
   * @param client what is equal for all that counts as the client who wants to go there; null if it
   *     is nobody's fault
   * @return withdraws the question: a look-up that nobody waits for any more is not begun
   */
  public Runnable resolve(
      String host,
      @Nullable Object client,
      BiConsumer<@Nullable List<InetAddress>, @Nullable Failure> listener) {
    Waiting waiting = new Waiting(client, listener);
    while (true) {
      Answer answer = answer(host);
      Lookup turn = new Lookup(host, answer, client);
      switch (answer.join(waiting, turn)) {
        case TOO_LATE -> {}
        case TOLD, WAITS -> {
          return () -> answer.withdraw(waiting);
        }
        case NEEDS_TURN -> {
          if (!turns.enter(turn)) {
            turn.giveUp(TOO_MANY);
          }
          return () -> answer.withdraw(waiting);
        }
      }
    }
  }

  /** How many names are being looked up. */
  public long underWay() {
    long over = ended.sum(); // read first: none ends before it begins
    return begun.sum() - over;
  }

  /** How many names have been looked up so far. */
  public long made() {
    return ended.sum();
  }

  private Answer answer(String host) {
    Answer known = answers.get(host);
    if (known != null && !known.isOutdated(millis.getAsLong())) {
      return known;
    }
    Answer fresh = new Answer(millis.getAsLong() + PATIENCE_MILLIS);
    Answer current =
        answers.compute(
            host, (name, old) -> old == null || old.isOutdated(millis.getAsLong()) ? fresh : old);
    if (current == fresh) {
      forgetSome(host);
    }
    return current;
  }

  private void forgetSome(String butNot) {
    if (answers.size() > MAX_NAMES) {
      answers.values().removeIf(old -> old.isOutdated(millis.getAsLong()));
      if (answers.size() > MAX_NAMES) {
        answers.keySet().removeIf(name -> !name.equals(butNot));
      }
    }
  }

  /**
   * A turn to look a name up. Each client that waits for the name has one of its own, so that none
   * waits behind what else another wants; the first turn that comes looks the name up for all.
   */
  private final class Lookup extends LookupTurns.Turn implements Completion<List<InetAddress>> {
    private final String host;
    private final Answer answer;

    Lookup(String host, Answer answer, @Nullable Object client) {
      super(client);
      this.host = host;
      this.answer = answer;
    }

    @Override
    void begin() {
      List<Lookup> all = answer.begin();
      all.stream().filter(turn -> turn != this).forEach(turns::withdraw);
      if (all.isEmpty()) {
        turns.leave(this); // another one was faster
      } else if (answer.isUnwanted()) {
        answers.remove(host, answer);
        turns.leave(this);
      } else {
        ask();
      }
    }

    private void ask() {
      begun.increment();
      try {
        resolver.resolve(host, this);
      } catch (RuntimeException | Error e) {
        failed(Failure.of(ProxyError.DNS_ERROR, "the name could not be resolved", e));
      }
    }

    @Override
    void rejected() {
      giveUp(Failure.of(ProxyError.DNS_ERROR, "too many name look-ups"));
      turns.leave(this);
    }

    /** Lets those down whose turn this is: the others have turns of their own. */
    void giveUp(Failure why) {
      if (answer.giveUp(this, why)) {
        answers.remove(host, answer);
      }
    }

    @Override
    public void completed(List<InetAddress> addresses) {
      over(answer.succeeded(List.copyOf(addresses), millis.getAsLong() + ttlMillis));
    }

    @Override
    public void failed(Failure why) {
      long until = millis.getAsLong() + Math.min(ttlMillis, FAILURE_TTL_MILLIS);
      over(answer.failed(Objects.requireNonNull(why, "a failure"), until));
    }

    private void over(boolean first) {
      if (first) {
        ended.increment();
      }
      turns.leave(this);
    }
  }

  /** Somebody who has asked. */
  private record Waiting(
      @Nullable Object client,
      BiConsumer<@Nullable List<InetAddress>, @Nullable Failure> listener) {}

  /** What becomes of somebody who asks. */
  private enum Joined {
    /** Nobody looks for this answer any more. */
    TOO_LATE,
    /** The answer is known, and has been told. */
    TOLD,
    /** It will be told. */
    WAITS,
    /** It will be told, and the turn has to be entered. */
    NEEDS_TURN
  }

  /** What is known about one name: to be looked up, being looked up, found, or not found. */
  private static final class Answer {
    private @Nullable List<InetAddress> addresses;
    private @Nullable Failure failure;
    private long until;
    private boolean given;

    /** Null once nobody can be added. */
    private @Nullable List<Waiting> waiting = new ArrayList<>();

    /** Those of every client that waits, each by its client; null once one of them has begun. */
    private @Nullable Map<@Nullable Object, Lookup> turns = new HashMap<>();

    Answer(long until) {
      this.until = until;
    }

    synchronized boolean isOutdated(long now) {
      return now >= until;
    }

    /** Tells {@code who}, now or later; {@code turn} is theirs if they have none yet. */
    Joined join(Waiting who, Lookup turn) {
      synchronized (this) {
        if (waiting != null) {
          waiting.add(who);
          return turns != null && turns.putIfAbsent(who.client, turn) == null
              ? Joined.NEEDS_TURN
              : Joined.WAITS;
        }
        if (!given) {
          return Joined.TOO_LATE;
        }
      }
      who.listener.accept(addresses, failure);
      return Joined.TOLD;
    }

    synchronized void withdraw(Waiting who) {
      if (waiting != null) {
        waiting.remove(who);
      }
    }

    /** All the turns, of which the caller's is the first to come; none if it is not. */
    synchronized List<Lookup> begin() {
      List<Lookup> all = turns == null ? List.of() : List.copyOf(turns.values());
      turns = null;
      return all;
    }

    /** Whether all who waited have withdrawn; then nobody is let wait any more. */
    synchronized boolean isUnwanted() {
      boolean unwanted = waiting != null && waiting.isEmpty();
      if (unwanted) {
        close();
      }
      return unwanted;
    }

    private void close() {
      waiting = null;
      until = Long.MIN_VALUE;
    }

    /** Tells those whose turn will not come, unless another one has; true if it was the last. */
    boolean giveUp(Lookup turn, Failure why) {
      List<Waiting> told = new ArrayList<>();
      boolean last;
      synchronized (this) {
        if (turns == null || waiting == null) {
          return false;
        }
        turns.remove(turn.client());
        for (Waiting who : waiting) {
          if (Objects.equals(who.client, turn.client())) {
            told.add(who);
          }
        }
        waiting.removeAll(told);
        last = turns.isEmpty();
        if (last) {
          close();
        }
      }
      told.forEach(who -> who.listener.accept(null, why));
      return last;
    }

    boolean succeeded(List<InetAddress> found, long validUntil) {
      return end(found, null, validUntil);
    }

    boolean failed(Failure why, long validUntil) {
      return end(null, why, validUntil);
    }

    /** Tells all who wait; false if there was an answer already. */
    private boolean end(@Nullable List<InetAddress> found, @Nullable Failure why, long validUntil) {
      List<Waiting> told;
      synchronized (this) {
        if (given) {
          return false; // only the first answer counts
        }
        addresses = found;
        failure = why;
        given = true;
        until = validUntil;
        told = waiting == null ? List.of() : waiting;
        waiting = null;
      }
      told.forEach(who -> who.listener.accept(found, why));
      return true;
    }
  }
}
