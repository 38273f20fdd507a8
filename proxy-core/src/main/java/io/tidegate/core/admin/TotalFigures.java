package io.tidegate.core.admin;

/**
 * What was counted since the proxy was made.
 *
 * @param requests exchanges that have ended
 * @param failed how many of them failed: there is an error type of RFC 9209
 * @param serverErrors how many were answered with a status from 500 on
 * @param requestOctets octets of content from clients
 * @param responseOctets octets of content to clients
 * @param p50Millis milliseconds within which half of them was over, tunnels left out
 * @param p90Millis the same of nine in ten
 * @param p99Millis the same of 99 in 100
 */
public record TotalFigures(
    long requests,
    long failed,
    long serverErrors,
    long requestOctets,
    long responseOctets,
    double p50Millis,
    double p90Millis,
    double p99Millis) {
  /** Nothing so far. */
  public static final TotalFigures NONE = of(new Tally.Sum());

  static TotalFigures of(Tally.Sum sum) {
    return new TotalFigures(
        sum.exchanges(),
        sum.get(Tally.FAILED),
        sum.get(5),
        sum.get(Tally.REQUEST_OCTETS),
        sum.get(Tally.RESPONSE_OCTETS),
        sum.percentile(0.5),
        sum.percentile(0.9),
        sum.percentile(0.99));
  }
}
