package io.tidegate.core.spi;

/**
 * The steps of an exchange, in order; {@code docs/life-of-a-request.md} tells what happens in each.
 */
public enum Stage {
  /** Framing, request target, Host, loop and limits of the client's request. */
  VALIDATE,
  /** May this client ask for this? */
  AUTHORIZE,
  /** Where can the request go? */
  RESOLVE,
  /** Is there a stored response? Only with a cache. */
  LOOKUP,
  /** Which destination does this attempt use? */
  SELECT,
  /** A clean pooled connection, or a new one to an address that was checked. */
  CONNECT,
  /** The upstream request. */
  SEND,
  /** The upstream response, interim ones first. */
  RECEIVE,
  /** What the upstream response changes in the store. Only with a cache. */
  STORE,
  /** The client response. */
  RESPOND,
  /** Octets both ways, after CONNECT or 101. */
  TUNNEL,
  /** Nothing more will happen in this exchange. */
  COMPLETE
}
