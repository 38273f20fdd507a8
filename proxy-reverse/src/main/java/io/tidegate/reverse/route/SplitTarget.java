package io.tidegate.reverse.route;

import io.tidegate.core.header.ClientAddress;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Cookies;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Resolution;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Sends each request to one of several targets, by chance or by what the request is. */
public final class SplitTarget implements RouteTarget {
  /** Finds the octets that decide, or null. */
  @FunctionalInterface
  private interface Key {
    byte @Nullable [] of(ClientRequest request);
  }

  private final RouteTarget[] targets;
  private final int[] ends;
  private final Key key;
  private final RandomGenerator random;

  /**
   * Splits as {@code split} says, which was checked; {@code targets} has one for each share.
   *
   * @param forwarded whose word is believed about who the client is
   */
  public SplitTarget(
      RouteAction.Split split,
      List<RouteTarget> targets,
      ForwardedFields forwarded,
      RandomGenerator random) {
    this.targets = targets.toArray(RouteTarget[]::new);
    this.ends = new int[this.targets.length];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += split.shares().get(i).weight();
      ends[i] = end;
    }
    this.key = key(split.by(), forwarded);
    this.random = random;
  }

  private static Key key(Optional<RouteAction.SplitKey> by, ForwardedFields forwarded) {
    if (by.isEmpty()) {
      return request -> null;
    }
    String name = by.get().name();
    return switch (by.get().source()) {
      case FIELD -> {
        FieldName field = FieldName.of(name);
        yield request -> octets(request.head().fields().first(field));
      }
      case COOKIE -> request -> octets(Cookies.value(request.head().fields(), name));
      case CLIENT ->
          request -> {
            InetAddress peer = request.clientAddress().getAddress();
            InetAddress client = ClientAddress.of(forwarded, request.head().fields(), peer);
            return client == null ? null : client.getAddress();
          };
    };
  }

  private static byte @Nullable [] octets(@Nullable String value) {
    return value == null ? null : value.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public Resolution resolve(ClientRequest request) {
    return share(request).resolve(request);
  }

  @Override
  public Resolution look(ClientRequest request) {
    return share(request).look(request);
  }

  private RouteTarget share(ClientRequest request) {
    int total = ends[ends.length - 1];
    byte[] octets = key.of(request);
    int point =
        octets == null ? random.nextInt(total) : (int) Long.remainderUnsigned(hash(octets), total);
    int index = 0;
    while (point >= ends[index]) {
      index++;
    }
    return targets[index];
  }

  /** FNV-1a, and then the bits of all octets spread over all bits of the hash. */
  private static long hash(byte[] octets) {
    long hash = 0xcbf29ce484222325L;
    for (byte octet : octets) {
      hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }
}
