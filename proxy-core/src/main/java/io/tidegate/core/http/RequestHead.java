package io.tidegate.core.http;

/**
 * The control data and fields of a request (RFC 9110 §6.2).
 *
 * @param method the method, in the spelling received
 * @param target the request target, octet for octet as received (RFC 9112 §3.2)
 * @param version the version of the message
 * @param fields the fields of the head
 */
public record RequestHead(String method, String target, HttpVersion version, Fields fields) {
  /** Whether this is a CONNECT request. */
  public boolean isConnect() {
    return method.equals("CONNECT");
  }

  /** Whether this is a HEAD request, whose response never has a body. */
  public boolean isHead() {
    return method.equals("HEAD");
  }

  /** Whether the method is safe (RFC 9110 §9.2.1, RFC 10008 for QUERY). */
  public boolean isSafe() {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS", "TRACE", "QUERY" -> true;
      default -> false;
    };
  }

  /** Whether the method is idempotent (RFC 9110 §9.2.2). */
  public boolean isIdempotent() {
    return isSafe() || method.equals("PUT") || method.equals("DELETE");
  }

  /** Method and path without the query: a query may hold secrets. */
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return method + " " + (query < 0 ? target : target.substring(0, query) + "?…");
  }
}
