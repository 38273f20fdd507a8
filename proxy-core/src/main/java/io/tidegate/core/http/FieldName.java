package io.tidegate.core.http;

import java.nio.charset.StandardCharsets;

/** A field name (RFC 9110 §5.1): keeps its spelling, compares without regard to case. */
public final class FieldName {
  public static final FieldName ACCEPT_ENCODING = of("Accept-Encoding");
  public static final FieldName ACCEPT_LANGUAGE = of("Accept-Language");
  public static final FieldName AGE = of("Age");
  public static final FieldName AUTHORIZATION = of("Authorization");
  public static final FieldName CACHE_CONTROL = of("Cache-Control");
  public static final FieldName CACHE_GROUPS = of("Cache-Groups");
  public static final FieldName CACHE_GROUP_INVALIDATION = of("Cache-Group-Invalidation");
  public static final FieldName CACHE_STATUS = of("Cache-Status");
  public static final FieldName CDN_CACHE_CONTROL = of("CDN-Cache-Control");
  public static final FieldName CONNECTION = of("Connection");
  public static final FieldName CONTENT_DIGEST = of("Content-Digest");
  public static final FieldName CONTENT_ENCODING = of("Content-Encoding");
  public static final FieldName CONTENT_LANGUAGE = of("Content-Language");
  public static final FieldName CONTENT_LENGTH = of("Content-Length");
  public static final FieldName CONTENT_LOCATION = of("Content-Location");
  public static final FieldName CONTENT_RANGE = of("Content-Range");
  public static final FieldName CONTENT_TYPE = of("Content-Type");
  public static final FieldName COOKIE = of("Cookie");
  public static final FieldName DATE = of("Date");
  public static final FieldName ETAG = of("ETag");
  public static final FieldName EXPECT = of("Expect");
  public static final FieldName EXPIRES = of("Expires");
  public static final FieldName FORWARDED = of("Forwarded");
  public static final FieldName HOST = of("Host");
  public static final FieldName IF_MATCH = of("If-Match");
  public static final FieldName IF_MODIFIED_SINCE = of("If-Modified-Since");
  public static final FieldName IF_NONE_MATCH = of("If-None-Match");
  public static final FieldName IF_RANGE = of("If-Range");
  public static final FieldName IF_UNMODIFIED_SINCE = of("If-Unmodified-Since");
  public static final FieldName KEEP_ALIVE = of("Keep-Alive");
  public static final FieldName LAST_MODIFIED = of("Last-Modified");
  public static final FieldName LOCATION = of("Location");
  public static final FieldName MAX_FORWARDS = of("Max-Forwards");
  public static final FieldName PRAGMA = of("Pragma");
  public static final FieldName PROXY_AUTHENTICATE = of("Proxy-Authenticate");
  public static final FieldName PROXY_AUTHENTICATION_INFO = of("Proxy-Authentication-Info");
  public static final FieldName PROXY_AUTHORIZATION = of("Proxy-Authorization");
  public static final FieldName PROXY_CONNECTION = of("Proxy-Connection");
  public static final FieldName PROXY_STATUS = of("Proxy-Status");
  public static final FieldName RANGE = of("Range");
  public static final FieldName REPR_DIGEST = of("Repr-Digest");
  public static final FieldName SEC_WEBSOCKET_ACCEPT = of("Sec-WebSocket-Accept");
  public static final FieldName SEC_WEBSOCKET_KEY = of("Sec-WebSocket-Key");
  public static final FieldName SERVER = of("Server");
  public static final FieldName SET_COOKIE = of("Set-Cookie");
  public static final FieldName TE = of("TE");
  public static final FieldName TRACEPARENT = of("traceparent");
  public static final FieldName TRACESTATE = of("tracestate");
  public static final FieldName TRAILER = of("Trailer");
  public static final FieldName TRANSFER_ENCODING = of("Transfer-Encoding");
  public static final FieldName UPGRADE = of("Upgrade");
  public static final FieldName VARY = of("Vary");
  public static final FieldName VIA = of("Via");
  public static final FieldName X_FORWARDED_FOR = of("X-Forwarded-For");
  public static final FieldName X_FORWARDED_HOST = of("X-Forwarded-Host");
  public static final FieldName X_FORWARDED_PORT = of("X-Forwarded-Port");
  public static final FieldName X_FORWARDED_PROTO = of("X-Forwarded-Proto");
  public static final FieldName X_POWERED_BY = of("X-Powered-By");

  private final String text;
  private final byte[] octets;
  private final int hash;

  private FieldName(String text) {
    this.text = text;
    this.octets = text.getBytes(StandardCharsets.ISO_8859_1);
    this.hash = hash(octets, 0, octets.length);
  }

  /**
   * The field name spelled {@code text}.
   *
   * @throws IllegalArgumentException if it is not a token
   */
  public static FieldName of(String text) {
    if (!Ascii.isToken(text)) {
      throw new IllegalArgumentException("field name: '" + text + "' (expected: a token)");
    }
    return new FieldName(text);
  }

  /** A hash that is the same for every spelling; the parser computes it while it validates. */
  static int hash(byte[] octets, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + (octets[i] | 0x20);
    }
    return hash;
  }

  boolean matches(byte[] bytes, int from, int to) {
    if (to - from != octets.length) {
      return false;
    }
    for (int i = 0; i < octets.length; i++) {
      int a = octets[i];
      int b = bytes[from + i];
      if (a != b && Ascii.lower(a) != Ascii.lower(b)) {
        return false;
      }
    }
    return true;
  }

  int fieldHash() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldName name
        && name.hash == hash
        && matches(name.octets, 0, name.octets.length);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The name as it was spelled. */
  @Override
  public String toString() {
    return text;
  }
}
