package io.tidegate.forward.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tidegate.core.spi.Identity;
import io.tidegate.forward.auth.KeyedHash.Fingerprint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks passwords on threads of its own, the same credentials once however many requests carry
 * them, and remembers for a while which were right. For any thread.
 */
final class PasswordCheck {
  /** Who waits for a check. */
  interface Waiting {
    /** The address that it comes from. */
    InetAddress client();

    /** Whether the check is still worth its while. */
    boolean isWanted();

    /** The password is that of {@code identity}. */
    void right(Identity identity);

    /** It is nobody's; {@code counts} for one of all that came from the same address. */
    void wrong(boolean counts);

    /** It was not done: too many others that came from the same address were wrong. */
    void lockedOut();

    /** It could not be done: too much else is to be checked, or it broke. */
    void notDone();
  }

  /** At most so many passwords are remembered, 100 octets each. */
  private static final int MOST_REMEMBERED = 50_000;

  private static final Duration PROVEN = Duration.ofDays(1);

  /** Whose credentials they are, and when that was found out. */
  private record Right(Identity identity, long since) {}

  private final Users users;
  private final KeyedHash hashes;
  private final Executor worker;
  private final LongSupplier nanoTime;
  private final long remember;
  private final Cache<Fingerprint, Right> right;
  private final ConcurrentMap<Fingerprint, List<Waiting>> checks = new ConcurrentHashMap<>();

  /**
   * Checks the passwords of {@code users}; when they change, there is another one, so that nothing
   * is remembered of those before.
   *
   * @param remember how long a right password is not checked again
   * @param nanoTime like {@link System#nanoTime}
   */
  PasswordCheck(
      Users users, KeyedHash hashes, Executor worker, Duration remember, LongSupplier nanoTime) {
    this.users = users;
    this.hashes = hashes;
    this.worker = worker;
    this.nanoTime = nanoTime;
    this.remember = remember.toNanos();
    this.right =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(remember.compareTo(PROVEN) < 0 ? PROVEN : remember)
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  Fingerprint fingerprint(byte[] credentials) {
    return hashes.fingerprint(credentials);
  }

  /** Whose credentials these are, if they have been found right lately; else null. */
  @Nullable Identity remembered(Fingerprint credentials) {
    Right known = right.getIfPresent(credentials);
    return known != null && nanoTime.getAsLong() - known.since() < remember
        ? known.identity()
        : null;
  }

  /** Whether they have been right within a day: then nobody is guessing. */
  boolean isProven(Fingerprint credentials) {
    return right.getIfPresent(credentials) != null;
  }

  /** Checks, or waits for a check under way, and tells {@code waiting}. */
  void check(Fingerprint fingerprint, BasicCredentials credentials, Waiting waiting) {
    if (isFirst(fingerprint, waiting)) {
      try {
        worker.execute(() -> run(fingerprint, credentials));
      } catch (RejectedExecutionException e) {
        take(fingerprint).forEach(Waiting::notDone);
      }
    }
  }

  /** Has {@code waiting} wait; whether nobody else has waited for the same. */
  private boolean isFirst(Fingerprint fingerprint, Waiting waiting) {
    boolean[] first = new boolean[1];
    checks.compute(
        fingerprint,
        (key, others) -> {
          first[0] = others == null;
          List<Waiting> all = others == null ? new ArrayList<>(1) : others;
          all.add(waiting);
          return all;
        });
    return first[0];
  }

  private void run(Fingerprint fingerprint, BasicCredentials credentials) {
    try {
      boolean proven = isProven(fingerprint);
      List<Waiting> unwanted = proven ? List.of() : takeUnwanted(fingerprint);
      unwanted.forEach(Waiting::lockedOut);
      if (unwanted.isEmpty()) {
        Identity found = find(fingerprint, credentials);
        tell(take(fingerprint), found, proven);
      }
    } catch (RejectedExecutionException e) {
      take(fingerprint); // the proxy has stopped, and nobody waits
    } catch (RuntimeException | OutOfMemoryError e) { // argon2 asks for much
      take(fingerprint).forEach(Waiting::notDone);
    }
  }

  private @Nullable Identity find(Fingerprint fingerprint, BasicCredentials credentials) {
    Identity found = users.find(credentials.name(), credentials.password());
    if (found == null) {
      right.invalidate(fingerprint);
    } else {
      right.put(fingerprint, new Right(found, nanoTime.getAsLong()));
    }
    return found;
  }

  /** Who has been locked out meanwhile learns nothing from a check that others have asked for. */
  private static void tell(List<Waiting> all, @Nullable Identity found, boolean proven) {
    List<Waiting> wanted = new ArrayList<>(all.size());
    List<Waiting> unwanted = new ArrayList<>(0);
    for (Waiting waiting : all) { // before anyone is told, as that counts
      (proven || waiting.isWanted() ? wanted : unwanted).add(waiting);
    }
    unwanted.forEach(Waiting::lockedOut);
    tell(wanted, found);
  }

  private static void tell(List<Waiting> all, @Nullable Identity found) {
    Set<InetAddress> counted = new HashSet<>();
    for (Waiting waiting : all) {
      if (found != null) {
        waiting.right(found);
      } else {
        waiting.wrong(counted.add(waiting.client()));
      }
    }
  }

  /** Those who wait, if all of them have been locked out since they asked; else nobody. */
  private List<Waiting> takeUnwanted(Fingerprint fingerprint) {
    List<Waiting> taken = new ArrayList<>();
    checks.computeIfPresent(
        fingerprint,
        (key, all) -> {
          if (all.stream().anyMatch(Waiting::isWanted)) {
            return all;
          }
          taken.addAll(all);
          return null;
        });
    return taken;
  }

  private List<Waiting> take(Fingerprint fingerprint) {
    List<Waiting> all = checks.remove(fingerprint);
    return all == null ? List.of() : all;
  }
}
