package io.tidegate.reverse.balance;

/**
 * The endpoints one attempt may use, as a {@link LoadBalancer} sees them: those of the cluster that
 * can take the request and that this exchange has not tried yet, in the order of their declaration.
 * Never empty. What they tell of an endpoint is changed by other threads at any time.
 */
public interface Candidates {
  /** How many there are. */
  int size();

  /**
   * The share of endpoint {@code index}, at least 1, with slow start and reported load in it. Means
   * something only beside the weights of the others.
   */
  int weight(int index);

  /** Whether all weights are certainly the same, so that nobody has to look at each. */
  boolean equalWeights();

  /** How many requests endpoint {@code index} is serving for this proxy. */
  int activeRequests(int index);

  /**
   * How long endpoint {@code index} lately took to answer, its peaks not forgotten at once, in
   * nanoseconds; 0 if nothing is known.
   */
  long latencyNanos(int index);

  /** A number that stands for who endpoint {@code index} is, the same in every proxy. */
  long identity(int index);

  /** The hash of what decides where this request goes, the same in every proxy. */
  long requestHash();

  /**
   * A number that grows by one with every call, over all exchanges of the cluster; first and
   * further attempts count apart.
   */
  long turn();
}
