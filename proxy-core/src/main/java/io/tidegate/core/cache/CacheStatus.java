package io.tidegate.core.cache;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.StructuredFields;
import io.tidegate.core.http.StructuredValue;
import io.tidegate.core.http.StructuredValue.Bare;
import io.tidegate.core.http.StructuredValue.Bool;
import io.tidegate.core.http.StructuredValue.Int;
import io.tidegate.core.http.StructuredValue.Item;
import io.tidegate.core.http.StructuredValue.Member;
import io.tidegate.core.http.StructuredValue.Text;
import io.tidegate.core.http.StructuredValue.Token;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a cache did with a request, as the Cache-Status field tells it (RFC 9211). Immutable. */
public final class CacheStatus {
  /** The parameter that says that nobody was asked (RFC 9211 §2.1). */
  public static final String HIT = "hit";

  /** Why a request was forwarded (RFC 9211 §2.2). */
  public enum Forward {
    /** The cache was told not to handle the request. */
    BYPASS("bypass"),
    /** The method has to go to the origin server. */
    METHOD("method"),
    /** No response is stored for the URI. */
    URI_MISS("uri-miss"),
    /** No response that is stored for the URI was selected by Vary. */
    VARY_MISS("vary-miss"),
    /** No response is stored that could be used, for one of the two reasons above. */
    MISS("miss"),
    /** A fresh response is stored, but the request did not allow it to be used. */
    REQUEST("request"),
    /** The response that is stored is stale. */
    STALE("stale"),
    /** Only part of the response is stored. */
    PARTIAL("partial");

    private final String token;

    Forward(String token) {
      this.token = token;
    }

    /** How the field calls it. */
    public String token() {
      return token;
    }
  }

  private final Map<String, Bare> parameters;

  private CacheStatus(Map<String, Bare> parameters) {
    this.parameters = parameters;
  }

  /** The request was answered from the cache, without asking anyone. */
  public static CacheStatus hit() {
    return new CacheStatus(Map.of(HIT, Bool.TRUE));
  }

  /** The request was forwarded. */
  public static CacheStatus forwarded(Forward why) {
    return new CacheStatus(Map.of("fwd", new Token(why.token())));
  }

  /** The status code that the forwarded request was answered with. */
  public CacheStatus forwardStatus(int status) {
    return with("fwd-status", new Int(status));
  }

  /** For how many seconds more the response is fresh; negative if it is stale. */
  public CacheStatus ttl(long seconds) {
    long most = StructuredValue.MAX_INTEGER;
    return with("ttl", new Int(Math.max(-most, Math.min(seconds, most))));
  }

  /** The response to the forwarded request was stored. */
  public CacheStatus stored() {
    return with("stored", Bool.TRUE);
  }

  /**
   * The request waited for the answer to another one.
   *
   * @param reused whether that could be used; if not, the request was made after all
   */
  public CacheStatus collapsed(boolean reused) {
    return with("collapsed", new Bool(reused));
  }

  /** The cache key; left out if it is not printable ASCII, which no field could tell. */
  public CacheStatus key(String key) {
    return Text.isPrintable(key) ? with("key", new Text(key)) : this;
  }

  /**
   * More on what happened, for those who know this cache.
   *
   * @throws IllegalArgumentException if it is not printable ASCII
   */
  public CacheStatus detail(String detail) {
    return with("detail", word(detail));
  }

  /**
   * The member of the field.
   *
   * @param cache the name of the cache
   * @throws IllegalArgumentException if the name is not printable ASCII
   */
  public String member(String cache) {
    return new Item(word(cache), parameters).text();
  }

  /**
   * Adds the member behind those of the caches nearer to the origin server. If what they sent is no
   * list, it is replaced: it would make ours unreadable too.
   *
   * @param cache the name of the cache
   * @throws IllegalArgumentException if the name is not printable ASCII
   */
  public void addTo(FieldEdits response, String cache) {
    List<String> received = response.all(FieldName.CACHE_STATUS);
    List<Member> members = StructuredFields.parseList(received);
    if (members == null || members.isEmpty()) {
      response.set(FieldName.CACHE_STATUS, member(cache));
    } else {
      response.append(FieldName.CACHE_STATUS, member(cache));
    }
  }

  private CacheStatus with(String key, Bare value) {
    Map<String, Bare> more = new LinkedHashMap<>(parameters);
    more.put(key, value);
    return new CacheStatus(more);
  }

  /** A token if it can be one, a string if not. */
  private static Bare word(String value) {
    return Token.isToken(value) ? new Token(value) : new Text(value);
  }
}
