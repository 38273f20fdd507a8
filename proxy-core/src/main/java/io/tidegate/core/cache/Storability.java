package io.tidegate.core.cache;

import java.util.Locale;

/** Whether a response may be stored, or why not (RFC 9111 §3). */
public enum Storability {
  /** It may be stored. */
  STORABLE,
  /** Responses to the method are not, or not without what this one lacks (RFC 9110 §9.2.3). */
  METHOD,
  /** The request has content, which is no part of the key (RFC 9110 §9.3.1). */
  REQUEST_CONTENT,
  /** Whether a client may have it is known only where it comes from. */
  PASSED,
  /** The request has no-store. */
  REQUEST_NO_STORE,
  /** The status code is not final, not understood, or about one request only. */
  STATUS,
  /** The response has no-store. */
  NO_STORE,
  /** The response is private. */
  PRIVATE,
  /** The request has credentials, and the response does not allow for that (RFC 9111 §3.5). */
  AUTHORIZATION,
  /** No other request could select the response, or nobody knows which ones. */
  VARY,
  /** The response sets cookies, which the settings forbid. */
  SET_COOKIE,
  /** The response is a part of the content, and of no use beside what is stored, or to others. */
  PART,
  /** The response is not cacheable by its status code, and does not say that it is. */
  NO_FRESHNESS,
  /**
   * The response will never be fresh, cannot be validated, and may be used stale neither while
   * another is fetched nor in place of an error.
   */
  USELESS,
  /** The response is longer than the settings allow. */
  TOO_LONG,
  /** The response has begun before all of the request was sent. */
  EARLY;

  /** How Cache-Status calls it in a detail (RFC 9211 §2.8). */
  public String token() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
