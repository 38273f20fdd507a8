package io.tidegate.reverse.balance;

/**
 * The endpoints one attempt may use, as a {@link LoadBalancer} sees them: those of the cluster that
 * this exchange has not tried yet, in the order of their declaration. Never empty.
 */
public interface Candidates {
  /** How many there are. */
  int size();

  /** The share of endpoint {@code index}, at least 1. */
  int weight(int index);

  /**
   * How many requests endpoint {@code index} is serving for this proxy; other threads change it at
   * any time.
   */
  int activeRequests(int index);

  /**
   * A number that grows by one with every call, over all exchanges of the cluster; first and
   * further attempts count apart.
   */
  long turn();
}
