package io.tidegate.reverse.balance;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint says about its own load, in the field {@code endpoint-load-metrics} of a
 * response (Open Request Cost Aggregation).
 *
 * @param utilization the share of what it has that is in use, more than 0; above 1 when overloaded
 * @param requestsPerSecond how many requests it serves, from everyone; 0 if it does not say
 * @param errorsPerSecond how many of them fail
 */
public record LoadReport(double utilization, double requestsPerSecond, double errorsPerSecond) {
  /** The field with a report. */
  public static final FieldName FIELD = FieldName.of("endpoint-load-metrics");

  /** A field with a report in a binary form, which is not read. */
  public static final FieldName BINARY_FIELD = FieldName.of("endpoint-load-metrics-bin");

  /** The report in the fields of a response; null if there is none that can be used. */
  public static @Nullable LoadReport parse(Fields response) {
    String value = response.first(FIELD);
    return value == null || response.count(FIELD) > 1 ? null : LoadReportParser.parse(value);
  }

  /** The utilization with the share of requests that fail added: a failure is no relief. */
  public double load() {
    return utilization
        + (requestsPerSecond > 0 ? Math.min(1, errorsPerSecond / requestsPerSecond) : 0);
  }

  /**
   * How much the endpoint could do: requests per second at full utilization or, if it does not say
   * how many it serves, something that is only higher for one with less load.
   */
  public double capacity() {
    return (requestsPerSecond > 0 ? requestsPerSecond : 1) / load();
  }

  /** Whether {@link #capacity} is in requests per second. */
  public boolean countsRequests() {
    return requestsPerSecond > 0;
  }
}
