package io.tidegate.forward.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The nonces of Digest (RFC 7616 §3.3): a time, a number and a keyed hash of both, so that nothing
 * need be kept of those that nobody uses. Of those in use the counts are kept (§3.4, nc): each is
 * good once, within 64 of the highest, as requests on several connections overtake one another. For
 * any thread.
 */
final class Nonces {
  private static final int CONTENT = 16;
  private static final int OCTETS = 32;

  /** A user in a program, mostly. */
  private static final int MOST_IN_USE = 50_000;

  /** What has been used of a nonce: the highest count, and a bit for each of the 64 up to it. */
  private static final class Use {
    final String user;
    long highest;
    long seen;

    Use(String user) {
      this.user = user;
    }

    boolean take(long count) {
      if (count > highest) {
        long ahead = count - highest;
        seen = ahead >= Long.SIZE ? 1 : seen << ahead | 1;
        highest = count;
        return true;
      }
      long behind = highest - count;
      long bit = behind >= Long.SIZE ? 0 : 1L << behind;
      boolean fresh = bit != 0 && (seen & bit) == 0;
      seen |= bit;
      return fresh;
    }
  }

  private final KeyedHash hashes;
  private final long lifetime;
  private final LongSupplier nanoTime;
  private final int mostInUse;
  private final long origin;
  private final AtomicLong number = new AtomicLong();
  private Map<String, Use> uses = new HashMap<>();
  private Map<String, Use> olderUses = new HashMap<>();
  private long rotated;

  /** Nonces issued until then are not good any more: what has been used of them is forgotten. */
  private long earliest = -1;

  Nonces(KeyedHash hashes, Duration lifetime, LongSupplier nanoTime) {
    this(hashes, lifetime, nanoTime, MOST_IN_USE);
  }

  Nonces(KeyedHash hashes, Duration lifetime, LongSupplier nanoTime, int mostInUse) {
    this.hashes = hashes;
    this.lifetime = lifetime.toNanos();
    this.nanoTime = nanoTime;
    this.mostInUse = mostInUse;
    this.origin = nanoTime.getAsLong();
  }

  private long now() {
    return nanoTime.getAsLong() - origin;
  }

  /** A nonce that nobody has had. */
  String next() {
    ByteBuffer nonce = ByteBuffer.allocate(OCTETS);
    nonce.putLong(now()).putLong(number.incrementAndGet());
    nonce.put(hash(nonce.array()), 0, OCTETS - CONTENT);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.array());
  }

  private byte[] hash(byte[] nonce) {
    return hashes.of(Arrays.copyOf(nonce, CONTENT));
  }

  /** Whether {@code user} has used {@code nonce}, and rightly. */
  synchronized boolean isUsedBy(String user, String nonce) {
    Use use = use(nonce);
    return use != null && use.user.equals(user);
  }

  /** Uses {@code nonce} for the {@code count}th time: whether it is one of ours, and still good. */
  boolean take(String nonce, long count, String user) {
    long issued = issued(nonce);
    return issued >= 0 && count > 0 && take(nonce, issued, count, user);
  }

  private synchronized boolean take(String nonce, long issued, long count, String user) {
    long now = now();
    rotate(now);
    if (issued <= earliest || now - issued > lifetime) {
      return false;
    }
    Use use = use(nonce);
    if (use == null) {
      if (uses.size() + olderUses.size() >= mostInUse) {
        forget(now);
        return false;
      }
      use = new Use(user);
      uses.put(nonce, use);
    }
    return use.user.equals(user) && use.take(count);
  }

  private @Nullable Use use(String nonce) {
    Use use = uses.get(nonce);
    return use == null ? olderUses.get(nonce) : use;
  }

  /** What was first used more than a lifetime ago cannot be used again. */
  private void rotate(long now) {
    if (now - rotated > lifetime) {
      olderUses = uses;
      uses = new HashMap<>();
      rotated = now;
    }
  }

  private void forget(long now) {
    uses = new HashMap<>();
    olderUses = new HashMap<>();
    earliest = now;
  }

  /** When we issued {@code nonce}, or -1 if we did not. */
  private long issued(String nonce) {
    byte[] octets;
    try {
      octets = Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException e) {
      return -1;
    }
    if (octets.length != OCTETS || nonce.length() != 43) {
      return -1;
    }
    byte[] expected = Arrays.copyOf(hash(octets), OCTETS - CONTENT);
    boolean ours = MessageDigest.isEqual(expected, Arrays.copyOfRange(octets, CONTENT, OCTETS));
    return ours ? ByteBuffer.wrap(octets).getLong() : -1;
  }
}
