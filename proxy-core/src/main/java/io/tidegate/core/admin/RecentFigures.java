package io.tidegate.core.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Seconds that have passed, the oldest first; each list has one element for each second.
 *
 * @param seconds how many they are
 * @param requests exchanges that ended, by class of status: {@code 1xx} to {@code 5xx}, and {@code
 *     none} for those that got no response
 * @param failed exchanges that failed
 * @param lookups requests that a stored response could have answered
 * @param hits how many of them were answered with one, without asking anybody
 * @param requestOctets octets of content from clients
 * @param responseOctets octets of content to clients
 * @param p50Millis milliseconds within which half of the exchanges was over, tunnels left out; 0 if
 *     there was none
 * @param p90Millis the same of nine in ten
 * @param p99Millis the same of 99 in 100
 * @param errors how many exchanges failed since the proxy was made, by error type of RFC 9209
 */
public record RecentFigures(
    int seconds,
    Map<String, List<Long>> requests,
    List<Long> failed,
    List<Long> lookups,
    List<Long> hits,
    List<Long> requestOctets,
    List<Long> responseOctets,
    List<Double> p50Millis,
    List<Double> p90Millis,
    List<Double> p99Millis,
    Map<String, Long> errors) {
  static RecentFigures of(List<Tally.Sum> sums, Map<String, Long> errors) {
    Map<String, List<Long>> requests = new LinkedHashMap<>();
    for (int i = 0; i < Tally.CLASSES; i++) {
      int at = i;
      requests.put(i == 0 ? "none" : i + "xx", each(sums, sum -> sum.get(at)));
    }
    return new RecentFigures(
        sums.size(),
        requests,
        each(sums, sum -> sum.get(Tally.FAILED)),
        each(sums, sum -> sum.get(Tally.LOOKUPS)),
        each(sums, sum -> sum.get(Tally.HITS)),
        each(sums, sum -> sum.get(Tally.REQUEST_OCTETS)),
        each(sums, sum -> sum.get(Tally.RESPONSE_OCTETS)),
        percentiles(sums, 0.5),
        percentiles(sums, 0.9),
        percentiles(sums, 0.99),
        errors);
  }

  private static List<Long> each(List<Tally.Sum> sums, ToLongFunction<Tally.Sum> count) {
    return sums.stream().map(count::applyAsLong).toList();
  }

  private static List<Double> percentiles(List<Tally.Sum> sums, double part) {
    return sums.stream().map(sum -> sum.percentile(part)).toList();
  }
}
