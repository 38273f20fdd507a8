package io.tidegate.reverse.balance;

import io.tidegate.core.header.ClientAddress;
import io.tidegate.core.header.ForwardedFields;
import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.Cookies;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.Checks;
import io.tidegate.core.spi.ClientRequest;
import java.net.InetAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What of a request decides where {@link ConsistentHash} sends it.
 *
 * @param kind the part of the request
 * @param name of the field or the cookie; empty for the others
 */
public record HashKey(Kind kind, String name) {
  /** The parts of a request that can be a key. */
  public enum Kind {
    /** The address of the client, without the port; behind trusted proxies the one they tell. */
    CLIENT_ADDRESS,
    /** The first line of a field. */
    FIELD,
    /** The value of a cookie. */
    COOKIE,
    /** The path, without the query. */
    PATH
  }

  /** Rejects what cannot work. */
  public HashKey {
    boolean named = kind == Kind.FIELD || kind == Kind.COOKIE;
    Checks checks = new Checks();
    if (named && !Ascii.isToken(name)) {
      checks.reject("hashKey", "'" + name + "'", "the name of a field or a cookie");
    }
    if (!named && !name.isEmpty()) {
      checks.reject("hashKey", "'" + name + "'", "no name");
    }
    checks.done();
  }

  /** The address of the client, without the port; behind trusted proxies the one they tell. */
  public static HashKey clientAddress() {
    return new HashKey(Kind.CLIENT_ADDRESS, "");
  }

  /** The first line of the field {@code name}. */
  public static HashKey field(String name) {
    return new HashKey(Kind.FIELD, name);
  }

  /** The value of the cookie {@code name}. */
  public static HashKey cookie(String name) {
    return new HashKey(Kind.COOKIE, name);
  }

  /** The path as the client spelled it, without the query. */
  public static HashKey path() {
    return new HashKey(Kind.PATH, "");
  }

  /** Finds the hash of a request. */
  @FunctionalInterface
  public interface Hasher {
    /** The hash of {@code request}; any, if it does not have what is the key. */
    long hash(ClientRequest request, RandomGenerator random);
  }

  /** Hashes this part of requests; who the client is, {@code forwarded} knows. */
  public Hasher hasher(ForwardedFields forwarded) {
    return switch (kind) {
      case CLIENT_ADDRESS ->
          (request, random) -> {
            InetAddress peer = request.clientAddress().getAddress();
            return hash(ClientAddress.of(forwarded, request.head().fields(), peer), random);
          };
      case FIELD -> {
        FieldName field = FieldName.of(name);
        yield (request, random) -> hash(request.head().fields().first(field), random);
      }
      case COOKIE ->
          (request, random) -> hash(Cookies.value(request.head().fields(), name), random);
      case PATH -> (request, random) -> hashOfPath(request.pathAndQuery());
    };
  }

  private static long hash(@Nullable InetAddress address, RandomGenerator random) {
    return address == null ? random.nextLong() : Hash.of(address.getAddress());
  }

  private static long hash(@Nullable String value, RandomGenerator random) {
    return value == null ? random.nextLong() : Hash.of(value, 0, value.length());
  }

  private static long hashOfPath(String path) {
    int query = path.indexOf('?');
    return Hash.of(path, 0, query < 0 ? path.length() : query);
  }
}
