package io.tidegate.core.exchange;

import io.tidegate.core.cache.CacheStore;
import io.tidegate.core.cache.StoredResponse;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.wire.HeadWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of a stored response as clients get it, but for its age: made once for all hits with the
 * same policy. For the usual hit: an unconditional GET or QUERY for all of a complete response.
 */
final class FrozenHead {
  /** What numbers and the end of the head take for each hit, at most. */
  private static final int TAIL = 64;

  private static final byte[] AGE = "Age: ".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final HeaderPolicy policy;
  private final byte[] octets;
  private final byte[] status;

  /** One more, for the policy of another route or proxy. */
  private final @Nullable FrozenHead other;

  private FrozenHead(
      HeaderPolicy policy, byte[] octets, byte[] status, @Nullable FrozenHead other) {
    this.policy = policy;
    this.octets = octets;
    this.status = status;
    this.other = other;
  }

  /** Whether a request may get a stored response as it is, without a look at its fields. */
  static boolean serves(RequestHead request) {
    return (request.method().equals("GET") || request.method().equals("QUERY"))
        && !request.fields().contains(FieldName.RANGE)
        && !request.fields().contains(FieldName.IF_NONE_MATCH)
        && !request.fields().contains(FieldName.IF_MODIFIED_SINCE);
  }

  /** The head that was kept with {@code entry} for {@code policy}, or null. */
  static @Nullable FrozenHead of(CacheStore.Entry entry, HeaderPolicy policy) {
    FrozenHead kept = entry.kept() instanceof FrozenHead frozen ? frozen : null;
    if (kept == null || kept.policy == policy) {
      return kept;
    }
    return kept.other != null && kept.other.policy == policy ? kept.other : null;
  }

  /**
   * Keeps a head, if it is the same for all requests; of those for other policies, the last one.
   *
   * @param head the status line and the fields, without Age, our Cache-Status and the empty line
   * @param cacheName our name in Cache-Status; null if there is to be none
   */
  static void keep(
      CacheStore.Entry entry, HeaderPolicy policy, HeadWriter head, @Nullable String cacheName) {
    StoredResponse stored = entry.response();
    boolean plain =
        stored.status() == 200
            && entry.length() >= 0
            && policy.treatsAllAlike(stored.fields())
            && !stored.fields().contains(FieldName.CACHE_STATUS);
    if (plain) {
      String status = cacheName == null ? "" : "\r\nCache-Status: " + cacheName + ";hit;ttl=";
      byte[] tail = status.getBytes(StandardCharsets.ISO_8859_1);
      FrozenHead before = entry.kept() instanceof FrozenHead frozen ? frozen.alone() : null;
      entry.keep(new FrozenHead(policy, head.toArray(), tail, before));
    }
  }

  private FrozenHead alone() {
    return other == null ? this : new FrozenHead(policy, octets, status, null);
  }

  /** How much room a response with this much content needs. */
  int room(long content) {
    return octets.length + AGE.length + status.length + TAIL + (int) content;
  }

  /** Puts the head of a response of this age into {@code target}. */
  void putTo(ByteBuffer target, long age, long ttl) {
    target.put(octets).put(AGE);
    put(target, age);
    if (status.length > 0) {
      target.put(status);
      put(target, ttl);
    }
    target.put(END);
  }

  private static void put(ByteBuffer target, long number) {
    if (number >= 10) {
      put(target, number / 10);
    }
    target.put((byte) ('0' + number % 10));
  }
}
