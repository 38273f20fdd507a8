package io.tidegate.reverse.cluster;

import java.time.Duration;
import java.util.Locale;

/**
 * What a request would mean to one endpoint.
 *
 * @param status how the endpoint fares
 * @param zone where it is; empty if that is not said
 * @param backup whether it is used only when no other endpoint is available
 * @param tierShare the share of the requests that its zone gets now, 0 to 1; 0 if the endpoint may
 *     not be used
 * @param weight its weight beside those of the others as it is now, with slow start and reported
 *     load
 * @param latency how long it lately took to answer, its peaks not forgotten at once; zero if
 *     nothing is known
 * @param host the Host it would be sent
 * @param eligible whether the load balancer could choose it now, for a first attempt
 */
public record EndpointExplanation(
    EndpointStatus status,
    String zone,
    boolean backup,
    double tierShare,
    double weight,
    Duration latency,
    String host,
    boolean eligible) {
  /** One line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(eligible ? "* " : "- ").append(status.endpoint());
    text.append(' ').append(status.state().name().toLowerCase(Locale.ROOT));
    text.append(status.reason().isEmpty() ? "" : " (" + status.reason() + ")");
    text.append(zone.isEmpty() ? "" : ", zone " + zone).append(backup ? ", backup" : "");
    text.append(String.format(Locale.ROOT, ", share %.2f, weight %.2f", tierShare, weight));
    text.append(", active ").append(status.activeRequests());
    text.append(", latency ").append(latency.toMillis()).append(" ms, Host ").append(host);
    return text.toString();
  }
}
