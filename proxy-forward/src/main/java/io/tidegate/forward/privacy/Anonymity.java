package io.tidegate.forward.privacy;

/**
 * What upstreams learn about the client and about the proxy. Credentials for the proxy and
 * connection-specific fields go no further at any level.
 */
public enum Anonymity {
  /** The proxy names itself in Via, and tells the client's address. */
  TRANSPARENT,
  /**
   * The proxy names itself in Via. It does not tell the client's address, and removes what the
   * client or a proxy before says about it, and fields that name users or subscribers.
   */
  ANONYMOUS,
  /**
   * Nothing is added that tells of a proxy, and what the client or a proxy before says about itself
   * is removed: Via, From, and fields that name clients, users, subscribers or proxies. Parent
   * proxies are told no more than others.
   */
  HIGH
}
