package io.tidegate.core.connect;

import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.NameResolver;
import io.tidegate.core.spi.ProxyError;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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
  private final long ttlMillis;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /**
   * Asks {@code resolver} on {@code worker}, and remembers its answers for {@code ttl}.
   *
   * @param maxPerClient the most look-ups that one client may have caused and that are not over
   */
  public AddressResolver(
      NameResolver resolver, Executor worker, LongSupplier millis, Duration ttl, int maxPerClient) {
    this.resolver = resolver;
    this.turns = new LookupTurns(worker, millis, PATIENCE_MILLIS, maxPerClient);
    this.millis = millis;
    this.ttlMillis = ttl.toMillis();
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
    while (true) {
      Answer answer = answer(host, client);
      if (answer.tell(listener)) {
        return () -> answer.withdraw(listener);
      }
    }
  }

  private Answer answer(String host, @Nullable Object client) {
    Answer known = answers.get(host);
    if (known != null && !known.isOutdated(millis.getAsLong())) {
      return known;
    }
    Answer fresh = new Answer(millis.getAsLong() + PATIENCE_MILLIS);
    Answer current =
        answers.compute(
            host, (name, old) -> old == null || old.isOutdated(millis.getAsLong()) ? fresh : old);
    if (current == fresh) {
      start(host, fresh, client);
    }
    return current;
  }

  private void start(String host, Answer answer, @Nullable Object client) {
    if (answers.size() > MAX_NAMES) {
      answers.values().removeIf(old -> old.isOutdated(millis.getAsLong()));
      if (answers.size() > MAX_NAMES) {
        answers.keySet().removeIf(name -> !name.equals(host));
      }
    }
    Lookup lookup = new Lookup(host, answer, client);
    if (!turns.enter(lookup)) {
      lookup.givenUp(TOO_MANY);
    }
  }

  /** One question to the resolver. */
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
      if (answer.isUnwanted()) {
        answers.remove(host, answer);
        turns.leave(this);
        return;
      }
      try {
        resolver.resolve(host, this);
      } catch (RuntimeException e) {
        failed(Failure.of(ProxyError.DNS_ERROR, "the name could not be resolved", e));
      }
    }

    @Override
    void rejected() {
      givenUp(Failure.of(ProxyError.DNS_ERROR, "too many name look-ups"));
      turns.leave(this);
    }

    /** Fails without having asked: the next one may have more luck. */
    void givenUp(Failure why) {
      answers.remove(host, answer);
      answer.failed(why, 0);
    }

    @Override
    public void completed(List<InetAddress> addresses) {
      answer.succeeded(List.copyOf(addresses), millis.getAsLong() + ttlMillis);
      turns.leave(this);
    }

    @Override
    public void failed(Failure why) {
      long until = millis.getAsLong() + Math.min(ttlMillis, FAILURE_TTL_MILLIS);
      answer.failed(Objects.requireNonNull(why, "a failure"), until);
      turns.leave(this);
    }
  }

  /** What is known about one name: being looked up, found, or not found. */
  private static final class Answer {
    private @Nullable List<InetAddress> addresses;
    private @Nullable Failure failure;
    private long until;
    private boolean given;
    private boolean withdrawn;
    private @Nullable List<BiConsumer<@Nullable List<InetAddress>, @Nullable Failure>> waiting =
        new ArrayList<>();

    Answer(long until) {
      this.until = until;
    }

    synchronized boolean isOutdated(long now) {
      return now >= until;
    }

    /** Tells the listener, now or later; false if nobody looks for the answer any more. */
    boolean tell(BiConsumer<@Nullable List<InetAddress>, @Nullable Failure> listener) {
      synchronized (this) {
        if (waiting != null) {
          waiting.add(listener);
          return true;
        }
        if (!given) {
          return false;
        }
      }
      listener.accept(addresses, failure);
      return true;
    }

    synchronized void withdraw(
        BiConsumer<@Nullable List<InetAddress>, @Nullable Failure> listener) {
      withdrawn |= waiting != null && waiting.remove(listener);
    }

    /** Whether all who waited have withdrawn; then nobody is let wait any more. */
    synchronized boolean isUnwanted() {
      boolean unwanted = withdrawn && waiting != null && waiting.isEmpty();
      if (unwanted) {
        waiting = null;
        until = Long.MIN_VALUE;
      }
      return unwanted;
    }

    void succeeded(List<InetAddress> found, long validUntil) {
      end(found, null, validUntil);
    }

    void failed(Failure why, long validUntil) {
      end(null, why, validUntil);
    }

    private void end(@Nullable List<InetAddress> found, @Nullable Failure why, long validUntil) {
      List<BiConsumer<@Nullable List<InetAddress>, @Nullable Failure>> told;
      synchronized (this) {
        if (given) {
          return; // only the first answer counts
        }
        addresses = found;
        failure = why;
        given = true;
        until = validUntil;
        told = waiting == null ? List.of() : waiting;
        waiting = null;
      }
      told.forEach(listener -> listener.accept(found, why));
    }
  }
}
