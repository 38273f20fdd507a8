package io.tidegate.core.spi;

/**
 * How fast octets may pass in one exchange, and how many of them. Told of the content of the
 * request and of the response that the client gets, heads and framing not included, and of all
 * octets of a tunnel. For one thread; it does not block.
 *
 * <p>Octets are paid for after they have passed: whoever sent them is not read again before the
 * debt is paid.
 */
public interface Pace {
  /** What is answered when no more octets may pass: the exchange is cut. */
  long NO_MORE = -1;

  /**
   * So many octets have come from the client; 0 before the first.
   *
   * @return nanoseconds to wait before more is read from it, or {@link #NO_MORE}
   */
  long fromClient(int octets);

  /**
   * So many octets have come for the client, from the upstream or the store; 0 before the first.
   *
   * @return nanoseconds to wait before more is read, or {@link #NO_MORE}
   */
  long toClient(int octets);

  /** Why no more octets may pass. */
  Failure exhausted();
}
