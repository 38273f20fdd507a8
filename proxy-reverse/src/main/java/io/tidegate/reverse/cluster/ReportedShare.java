package io.tidegate.reverse.cluster;

import io.tidegate.reverse.balance.LoadReport;
import org.jspecify.annotations.Nullable;

/**
 * By what an endpoint's reports of its load change its weight: it holds as long as reports come,
 * and then goes back to nothing. Shared by all IO threads.
 */
final class ReportedShare {
  /** Reports that come sooner after the last one are not looked at. */
  static final long INTERVAL_NANOS = 100_000_000L;

  /** So long a report holds; in as long again, what it changed is gone. */
  static final long HOLDS_NANOS = 10_000_000_000L;

  private static final int LEAST_PERCENT = 10;
  private static final int MOST_PERCENT = 1000;

  private record Known(LoadReport report, long at) {}

  private volatile @Nullable Known known;
  private volatile int percent = 100;

  /** Whether a report that comes at {@code now} is worth a look. */
  boolean isDue(long now) {
    Known last = known;
    return last == null || now - last.at >= INTERVAL_NANOS;
  }

  /**
   * Takes a report of {@code reporter}, one of {@code endpoints}, and weighs them all anew: each by
   * its capacity for its weight, beside the mean of those that report in the same terms.
   */
  static void report(Endpoint reporter, LoadReport report, Endpoint[] endpoints, long now) {
    reporter.reportedShare().known = new Known(report, now);
    double mean = mean(endpoints, report.countsRequests(), now);
    for (Endpoint endpoint : endpoints) {
      ReportedShare share = endpoint.reportedShare();
      Known last = share.known;
      if (last != null && last.report.countsRequests() == report.countsRequests()) {
        double factor = capacity(last, endpoint) / mean;
        share.percent = (int) Math.max(LEAST_PERCENT, Math.min(MOST_PERCENT, 100 * factor));
      }
    }
  }

  private static double mean(Endpoint[] endpoints, boolean countsRequests, long now) {
    double sum = 0;
    int count = 0;
    for (Endpoint endpoint : endpoints) {
      Known last = endpoint.reportedShare().known;
      if (last != null
          && now - last.at <= HOLDS_NANOS
          && last.report.countsRequests() == countsRequests) {
        sum += capacity(last, endpoint);
        count++;
      }
    }
    return sum / Math.max(1, count);
  }

  /**
   * Of requests a second for each unit of weight; without those, only load tells endpoints apart.
   */
  private static double capacity(Known known, Endpoint endpoint) {
    double capacity = known.report.capacity();
    return known.report.countsRequests() ? capacity / endpoint.weight() : capacity;
  }

  /** What the weight is multiplied with at {@code now}, in percent. */
  int percent(long now) {
    Known last = known;
    if (last == null) {
      return 100;
    }
    long overdue = now - last.at - HOLDS_NANOS;
    if (overdue <= 0) {
      return percent;
    }
    return overdue >= HOLDS_NANOS ? 100 : (int) (percent + (100 - percent) * overdue / HOLDS_NANOS);
  }
}
