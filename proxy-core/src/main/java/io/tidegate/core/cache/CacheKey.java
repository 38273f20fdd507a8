package io.tidegate.core.cache;

import java.util.Objects;

/**
 * What a stored response is found by (RFC 9111 §2): the URI, the kind of method, a partition that
 * nothing is shared across, and what else a {@link KeyPolicy} takes from the request. GET and HEAD
 * have the same keys. Immutable.
 */
public final class CacheKey {
  private final String uri;
  private final String method;
  private final String partition;
  private final String selectors;
  private final String shown;
  private final int hash;

  /**
   * A key of these parts.
   *
   * @param selectors what sets the key apart besides the others; may hold secrets
   * @param shown the selectors as they may be printed
   */
  CacheKey(String uri, String method, String partition, String selectors, String shown) {
    this.uri = uri;
    this.method = method;
    this.partition = partition;
    this.selectors = selectors;
    this.shown = shown;
    this.hash = Objects.hash(uri, method, partition, selectors);
  }

  /** The URI, which the keys of all methods and partitions have in common. */
  public String uri() {
    return uri;
  }

  /** GET or QUERY. */
  public String method() {
    return method;
  }

  /** The partition, empty unless there are several. */
  public String partition() {
    return partition;
  }

  /**
   * The key in one canonical form: method, URI, partition, and what the policy took from the
   * request. No credentials: the partition and the values of cookies are there as hashes of 32
   * bits.
   */
  public String text() {
    return method + " " + uri + from() + shown;
  }

  /** The partition, which nobody is to learn, as a hash. */
  private String from() {
    return partition.isEmpty() ? "" : " partition#" + Integer.toHexString(partition.hashCode());
  }

  /** The method, the URI without its query, and the partition as a hash of 32 bits. */
  public String withoutQuery() {
    return this + from();
  }

  /** How many octets its parts take, about. */
  public int size() {
    return uri.length() + partition.length() + selectors.length() + shown.length();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheKey key
        && key.hash == hash
        && key.uri.equals(uri)
        && key.method.equals(method)
        && key.partition.equals(partition)
        && key.selectors.equals(selectors);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Method and URI without the query, which may hold secrets. */
  @Override
  public String toString() {
    int query = uri.indexOf('?');
    return method + " " + (query < 0 ? uri : uri.substring(0, query) + "?…");
  }
}
